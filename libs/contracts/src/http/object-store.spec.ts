import { describe, expect, it } from 'vitest';
import { ClusterSpec } from './cluster.ts';
import { clusterConnectionOf } from './cluster-connection.ts';

const lake = (changes: object = {}) => ({ kind: 's3', namespace: 's3a://lake', ...changes });
const cluster = (objectStores: readonly object[], externalWarehouse = 's3a://lake/warehouse') => ({
  name: 'right',
  hive: { version: '4.0.1', managedWarehouse: '/warehouse/managed', externalWarehouse },
  metastore: { uri: 'thrift://right:9083' },
  hiveServer2: { host: 'right', port: 10000 },
  hdfs: { namespace: 'hdfs://right:8020', webHdfsUri: 'http://right:9870' },
  objectStores,
  hadoop: { command: 'hadoop' },
});

describe('object stores of a cluster', () => {
  it.each([
    [lake({ namespace: 's3://lake' }), 'objectStores.0.namespace', /s3a:\/\/bucket/],
    [lake({ namespace: 's3a://lake/data' }), 'objectStores.0.namespace', /s3a:\/\/bucket/],
    [lake({ endpoint: 'http://key:secret@minio:9000' }), 'objectStores.0.endpoint', /without user and password/],
    [lake({ accessKeyRef: 'AKIA123', secretKeyRef: 'env:S' }), 'objectStores.0.accessKeyRef', /expected a reference/],
    [lake({ accessKeyRef: 'env:A' }), 'objectStores.0.secretKeyRef', /or neither/],
    [lake({ kind: 'azure' }), 'objectStores.0.kind', /./],
  ])('names what is wrong with %j', (store, path, text) => {
    const [problem] = ClusterSpec.safeParse(cluster([store])).error?.issues ?? [];
    expect(problem?.path.join('.')).toBe(path);
    expect(problem?.message).toMatch(text);
  });

  it('are named once each, and a warehouse lies in one of them', () => {
    const problems = ClusterSpec.safeParse(cluster([lake(), lake()], 's3a://other/warehouse')).error?.issues ?? [];
    expect(problems.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['objectStores.1.namespace', 'expected each bucket once'],
      ['hive.externalWarehouse', 'expected s3a://other among objectStores'],
    ]);
  });

  it('become part of the connection, secrets as references', () => {
    const refs = { accessKeyRef: 'env:LAKE_KEY', secretKeyRef: 'file:/run/secrets/lake' };
    const connection = clusterConnectionOf(ClusterSpec.parse(cluster([lake({ endpoint: 'http://minio:9000', pathStyle: true, ...refs })])));
    expect(connection.facts.externalWarehouse).toBe('s3a://lake/warehouse');
    expect(connection.objectStores).toEqual([
      { kind: 's3', namespace: 's3a://lake', region: 'us-east-1', endpoint: 'http://minio:9000', pathStyle: true, ...refs },
    ]);
  });

  it('need not be said', () => {
    const { objectStores: _, ...without } = cluster([], '/warehouse/external');
    expect(clusterConnectionOf(ClusterSpec.parse(without))).not.toHaveProperty('objectStores');
  });
});
