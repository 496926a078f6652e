import { parseLocation, parseNamespace } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { ClusterConnection, MetastoreReading, ObjectStoreConnection } from '@hiveferry/ports';
import type { ClusterSpec } from './cluster.ts';
import { hiveConnectionOf } from './hive-server2.ts';

type ObjectStoreSpec = NonNullable<ClusterSpec['objectStores']>[number];

const HIVE_MAJORS = [1, 2, 3, 4] as const;

/** A registered cluster as the adapters take it. Paths without a scheme lie in the cluster's own file system. */
export function clusterConnectionOf(spec: ClusterSpec): ClusterConnection {
  const namespace = parseNamespace(spec.hdfs.namespace);
  if (namespace === undefined) throw invalid(spec.name, '/hdfs/namespace');
  const locationOf = (text: string, pointer: string): Location => {
    const location = parseLocation(text, namespace);
    if (location === undefined) throw invalid(spec.name, pointer);
    return location;
  };
  const { blockSizeBytes, webHdfsUri, user } = spec.hdfs;
  return {
    facts: {
      name: spec.name,
      hiveMajor: hiveMajorOf(spec),
      namespace,
      managedWarehouse: locationOf(spec.hive.managedWarehouse, '/hive/managedWarehouse'),
      externalWarehouse: locationOf(spec.hive.externalWarehouse, '/hive/externalWarehouse'),
      ...(blockSizeBytes === undefined ? {} : { blockSizeBytes }),
    },
    ...metastoreOf(spec.metastore),
    hiveServer2: hiveServer2Of(spec),
    hdfs: { webHdfsUri, user },
    hadoop: spec.hadoop,
    ...(spec.objectStores === undefined
      ? {}
      : { objectStores: spec.objectStores.map((store, index) => objectStoreOf(spec, store, index)) }),
  };
}

function objectStoreOf(spec: ClusterSpec, store: ObjectStoreSpec, index: number): ObjectStoreConnection {
  const namespace = parseNamespace(store.namespace);
  if (namespace === undefined) throw invalid(spec.name, `/objectStores/${index}/namespace`);
  return { ...store, namespace };
}

function hiveMajorOf(spec: ClusterSpec): 1 | 2 | 3 | 4 {
  const major = HIVE_MAJORS.find((each) => String(each) === spec.hive.version[0]);
  if (major === undefined) throw invalid(spec.name, '/hive/version');
  return major;
}

function hiveServer2Of({ name, hiveServer2 }: ClusterSpec): ClusterConnection['hiveServer2'] {
  const connection = hiveConnectionOf(hiveServer2);
  if (connection === undefined) throw invalid(name, '/hiveServer2/uri');
  return connection;
}

function metastoreOf({ uri, reader, database }: ClusterSpec['metastore']): Pick<ClusterConnection, 'metastore' | 'reader'> {
  return {
    ...(uri === undefined ? {} : { metastore: addressOf(uri) }),
    ...(reader === 'hiveserver2' ? { reader: { kind: reader } } : {}),
    ...(reader === 'database' && database !== undefined ? { reader: readingOf(database) } : {}),
  };
}

const DATABASE_PORTS = { postgres: 5432, mysql: 3306 } as const;

function readingOf({ kind, ...place }: NonNullable<ClusterSpec['metastore']['database']>): MetastoreReading {
  return { kind: 'database', product: kind, port: DATABASE_PORTS[kind], ...place };
}

function addressOf(uri: string): { readonly host: string; readonly port: number } {
  const authority = uri.slice('thrift://'.length);
  const colon = authority.lastIndexOf(':');
  return { host: authority.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(authority.slice(colon + 1)) };
}

const invalid = (name: string, pointer: string): MigrationError =>
  new MigrationError('CLUSTER_INVALID', `Cluster ${name}: ${pointer} cannot be understood; register the cluster again.`, {
    category: 'request',
    retry: 'never',
    subject: pointer,
  });
