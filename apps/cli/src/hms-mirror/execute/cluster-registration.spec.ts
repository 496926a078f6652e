import { describe, expect, it } from 'vitest';
import { ClusterSpec } from '@hiveferry/contracts';
import type { HiveSide } from '../live/hive-side.ts';
import { registrationOf } from './cluster-registration.ts';

const settings = new Map([
  ['fs.defaultFS', 'hdfs://ns1'],
  ['dfs.namenode.http-address', 'ns1:9870'],
  ['hive.metastore.uris', 'thrift://ns1:9083'],
]);

const registered = (hive: HiveSide) =>
  registrationOf({
    place: { side: 'LEFT', hive },
    facts: { version: '4.0.1', settings },
    buckets: [],
    hadoopCommand: 'hadoop',
    hasAwsKeys: false,
  });

const KNOX: HiveSide = {
  host: 'knox',
  port: 8443,
  auth: 'plain',
  user: 'etl',
  password: 'geheim',
  tls: { trustStore: '/etc/ca.pem' },
  http: { path: 'gateway/hive', headers: {}, cookies: {}, keepsCookies: true },
};

describe('the registration of a side', () => {
  it('keeps how HiveServer2 is spoken to, and no secret', () => {
    const reading = registered(KNOX);
    const { cluster, secrets } = reading.kind === 'registration' ? reading.registration : expect.fail(reading.reason);
    expect(ClusterSpec.parse(cluster).hiveServer2).toMatchObject({
      uri: 'jdbc:hive2://knox:8443/;ssl=true;sslTrustStore=/etc/ca.pem;transportMode=http;httpPath=gateway/hive',
      user: 'etl',
      passwordRef: 'env:HIVEFERRY_LEFT_PASSWORD',
    });
    expect(JSON.stringify(cluster)).not.toContain('geheim');
    expect(secrets).toEqual({ HIVEFERRY_LEFT_PASSWORD: 'geheim' });
  });

  it.each([
    [{ ...KNOX, initFile: '/x.sql' }, 'initFile of its uri is not run here'],
    [{ ...KNOX, sessionSettings: { a: 'b;c' } }, 'does not fit into a uri'],
  ])('is refused for what cannot be kept', (hive, reason) => {
    expect(registered(hive)).toMatchObject({ kind: 'impossible', reason: expect.stringContaining(reason) as string });
  });
});

const SETTINGS = {
  'fs.defaultFS': 'hdfs://ns1',
  'dfs.ha.namenodes.ns1': 'a,b',
  'dfs.namenode.http-address.ns1.a': 'one:9870',
  'dfs.namenode.http-address.ns1.b': 'two:9870',
  'hive.metastore.uris': 'thrift://meta:9083,thrift://meta2:9083',
  'hive.metastore.warehouse.dir': 'hdfs://ns1/warehouse',
  'fs.s3a.bucket.lake.endpoint': 'http://store:9000',
  'fs.s3a.access.key': 'key',
  'fs.s3a.secret.key': 'hidden',
};

function given(all: Readonly<Record<string, string>> = SETTINGS, buckets: readonly string[] = []): ReturnType<typeof registrationOf> {
  const hive: HiveSide = { host: 'hs2', port: 10_000, auth: 'nosasl', user: 'etl', password: 'secret' };
  const facts = { settings: new Map(Object.entries(all)), version: '3.1.3' };
  return registrationOf({ place: { side: 'RIGHT', hive }, facts, buckets, hadoopCommand: 'hadoop', hasAwsKeys: false });
}

function read(reading: ReturnType<typeof registrationOf>): {
  readonly cluster: ClusterSpec;
  readonly secrets: Readonly<Record<string, string>>;
} {
  if (reading.kind === 'impossible') throw new Error(reading.reason);
  return { cluster: ClusterSpec.parse(reading.registration.cluster), secrets: reading.registration.secrets };
}

const reasonOf = (reading: ReturnType<typeof registrationOf>): string => (reading.kind === 'impossible' ? reading.reason : '');

describe('a side of hms-mirror as a cluster of the service', () => {
  it('is what HiveServer2 says of itself', () => {
    const { cluster } = read(given());
    expect(cluster).toMatchObject({
      name: 'right',
      hive: { version: '3.1.3', managedWarehouse: 'hdfs://ns1/warehouse', externalWarehouse: 'hdfs://ns1/warehouse' },
      metastore: { uri: 'thrift://meta:9083' },
      hdfs: { namespace: 'hdfs://ns1', webHdfsUri: 'http://one:9870,http://two:9870' },
    });
  });

  it('holds no secret, only where it stands', () => {
    const { cluster, secrets } = read(given(SETTINGS, ['s3a://lake']));
    expect(JSON.stringify(cluster)).not.toMatch(/secret"|hidden/);
    expect(secrets).toEqual({
      HIVEFERRY_RIGHT_PASSWORD: 'secret',
      HIVEFERRY_RIGHT_ACCESS_KEY: 'key',
      HIVEFERRY_RIGHT_SECRET_KEY: 'hidden',
    });
    expect(cluster.objectStores?.[0]).toMatchObject({ endpoint: 'http://store:9000', secretKeyRef: 'env:HIVEFERRY_RIGHT_SECRET_KEY' });
  });

  it('is impossible without HDFS, WebHDFS or, on RIGHT, a metastore', () => {
    expect(reasonOf(given({ ...SETTINGS, 'fs.defaultFS': 's3a://x' }))).toContain('clusters.RIGHT: its default file system is s3a://x');
    expect(reasonOf(given({ 'fs.defaultFS': 'hdfs://ns1' }))).toContain('dfs.namenode.http-address');
    expect(reasonOf(given({ ...SETTINGS, 'hive.metastore.uris': '' }))).toContain('hive.metastore.uris');
  });
});
