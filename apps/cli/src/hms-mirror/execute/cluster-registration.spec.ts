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
