import { describe, expect, it } from 'vitest';
import { HiveServer2, hiveConnectionOf, problemsOfHiveServer2 } from './hive-server2.ts';

const problemOf = (hiveServer2: object): string => {
  const [problem] = problemsOfHiveServer2({ hiveServer2: HiveServer2.parse(hiveServer2) });
  return problem === undefined ? 'no problem' : `${problem.path.join('.')}: ${problem.message}`;
};

describe('HiveServer2 of a cluster', () => {
  it('is spoken to as its uri says', () => {
    const uri = 'jdbc:hive2://knox:8443/;ssl=true;sslTrustStore=/etc/ca.pem;transportMode=http;httpPath=gateway/hive?tez.queue.name=q';
    const spec = HiveServer2.parse({ uri, user: 'etl', passwordRef: 'env:HIVE_PASSWORD' });
    expect(problemsOfHiveServer2({ hiveServer2: spec })).toEqual([]);
    expect(hiveConnectionOf(spec)).toEqual({
      host: 'knox',
      port: 8443,
      auth: 'plain',
      http: { path: 'gateway/hive', headers: {}, cookies: {}, keepsCookies: true },
      tls: { trustStore: '/etc/ca.pem' },
      sessionSettings: { 'tez.queue.name': 'q' },
      user: 'etl',
      passwordRef: 'env:HIVE_PASSWORD',
      maxSessions: 4,
    });
  });

  it('takes the user of the uri first, and auth of either', () => {
    expect(hiveConnectionOf(HiveServer2.parse({ uri: 'jdbc:hive2://h/;user=etl', user: 'hive', auth: 'nosasl' }))).toMatchObject({
      user: 'etl',
      auth: 'nosasl',
    });
  });

  it('may have headers that log nobody in', () => {
    expect(problemOf({ uri: 'jdbc:hive2://h/;transportMode=http;http.header.X-Route=x' })).toBe('no problem');
  });

  it.each([
    [{}, 'hiveServer2.host: expected host and port, or a uri'],
    [{ host: 'h' }, 'hiveServer2.port: expected a port'],
    [{ uri: 'jdbc:hive2://h/', host: 'h', port: 1 }, 'hiveServer2.uri: expected either uri, or host and port'],
    [{ uri: 'jdbc:hive2://h/;password=x' }, 'hiveServer2.uri: a password is not said in it: say passwordRef'],
    [{ uri: 'jdbc:hive2://h/;ssl=true;trustStorePassword=x' }, 'hiveServer2.uri: trustStorePassword is not said in it'],
    [
      { uri: 'jdbc:hive2://h/;transportMode=http;http.header.X-Auth-Token=x' },
      'hiveServer2.uri: http.header.X-Auth-Token is not said in it',
    ],
    [{ uri: 'jdbc:hive2://h/;transportMode=http;http.cookie.session=x' }, 'hiveServer2.uri: http.cookie.session is not said in it'],
    [{ uri: 'jdbc:hive2://h/;initFile=/etc/passwd' }, 'hiveServer2.uri: initFile is not read here'],
    [{ uri: 'jdbc:hive2://h/;principal=hive/_HOST@R' }, 'hiveServer2.uri: principal=hive/_HOST@R: Kerberos is not spoken'],
    [{ uri: 'http://h/' }, 'hiveServer2.uri: expected jdbc:hive2://host:port'],
  ])('%j is refused', (spec, problem) => {
    expect(problemOf(spec)).toContain(problem);
  });
});
