import { expect, it } from 'vitest';
import { parseHiveUri } from './hive-uri.ts';
import { printHiveUri } from './print-hive-uri.ts';

const placeOf = (uri: string) => {
  const reading = parseHiveUri(uri);
  return reading.kind === 'place' ? reading.place : expect.fail(reading.problem);
};

it.each([
  'jdbc:hive2://h',
  'jdbc:hive2://[::1]:10001/db;auth=noSasl',
  'jdbc:hive2://knox:8443/;ssl=true;sslTrustStore=/etc/ca.pem;transportMode=http;httpPath=gateway/hive;http.header.X=1;http.cookie.lb=7;cookieAuth=false?a=b=c;d=#v=1',
  'jdbc:hive2://zk1,zk2:2182/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=hs2;transportMode=http;initFile=/x.sql',
])('a place is printed so that it is read as the same: %s', (uri) => {
  const place = placeOf(uri);
  expect(placeOf(printHiveUri(place) ?? '')).toEqual(place);
});

it('is not printed with a value that separates, nor with a secret', () => {
  expect(printHiveUri({ host: 'h', port: 1, auth: 'plain', sessionSettings: { a: 'b;c=d' } })).toBeUndefined();
  expect(printHiveUri({ host: 'h', port: 1, auth: 'plain', tls: { trustStore: '/t', trustStorePassword: 'geheim' } })).toBe(
    'jdbc:hive2://h:1/;ssl=true;sslTrustStore=/t',
  );
});
