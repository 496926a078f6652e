/** The lab's target as a second registered cluster, `lake`, whose tables go to the lab's bucket. */
import { parseLocation } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import type { Lab } from '../../lab/src/index.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import type { LabBucket } from './lab-bucket.ts';

const KEY_REFERENCES = { accessKeyRef: 'env:LAKE_ACCESS_KEY', secretKeyRef: 'env:LAKE_SECRET_KEY' };

/** What the service must have in its environment. */
export function lakeKeys({ keys }: LabBucket): Readonly<Record<string, string>> {
  return { LAKE_ACCESS_KEY: keys.accessKeyId, LAKE_SECRET_KEY: keys.secretAccessKey };
}

/** Body for `POST /v1/clusters`; managed tables go below `root`. */
export function lakeCluster(lab: Lab, bucket: LabBucket, root: Location) {
  const target = labClusters(lab).find(({ name }) => name === 'target');
  const hive = { version: '4.0.1', managedWarehouse: lab.clusters.target.warehouse.managed, externalWarehouse: `${root}/warehouse` };
  const store = { kind: 's3', namespace: bucket.namespace, endpoint: bucket.endpoint, pathStyle: true, ...KEY_REFERENCES };
  return { ...target, name: 'lake', hive, objectStores: [store] };
}

export function locationIn({ namespace }: LabBucket, path: string): Location {
  const location = parseLocation(`${namespace}/${path}`);
  if (location === undefined) throw new Error(`not a location: ${path}`);
  return location;
}

/** Sends what lies in a database's folder on the source to a place in the bucket. */
export function mapToLake(lab: Lab, database: string, to: Location): object {
  return { map: [{ from: `${lab.clusters.source.hdfs.namespace}/data/${database}`, to }] };
}
