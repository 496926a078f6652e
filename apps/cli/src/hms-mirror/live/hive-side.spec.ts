import { describe, expect, it } from 'vitest';
import { readHiveSide } from './hive-side.ts';

const URI = 'jdbc:hive2://knox:8443/;ssl=true;transportMode=http;httpPath=gateway/hive;user=etl?tez.queue.name=night';

describe('HiveServer2 of a side', () => {
  it('takes from connectionProperties what the uri does not say', () => {
    const properties = {
      user: 'other',
      password: 'pw',
      'hiveconf:hive.exec.parallel': 'true',
      'hivevar:day': '7',
      initialSize: '3',
    };
    expect(readHiveSide(URI, properties)).toMatchObject({
      kind: 'side',
      hive: {
        host: 'knox',
        port: 8443,
        auth: 'plain',
        user: 'etl',
        password: 'pw',
        tls: {},
        http: { path: 'gateway/hive' },
        sessionSettings: { 'tez.queue.name': 'night', 'hive.exec.parallel': 'true' },
        sessionVariables: { day: '7' },
      },
      unread: [],
    });
  });

  it('speaks without SASL where connectionProperties say so', () => {
    expect(readHiveSide('jdbc:hive2://h/', { auth: 'noSasl' })).toMatchObject({ hive: { auth: 'nosasl' } });
  });

  it("names what Hive's driver reads in the uri only", () => {
    expect(readHiveSide('jdbc:hive2://h/', { ssl: 'true', maxWaitMillis: '5' })).toMatchObject({ unread: ['ssl'] });
  });

  it('says what is wrong with the uri', () => {
    expect(readHiveSide('jdbc:hive2://h/;principal=x', {})).toMatchObject({ kind: 'wrong' });
  });
});
