import { describe, expect, it } from 'vitest';
import { readHiveAddress } from './jdbc-address.ts';

const KEY = 'clusters.LEFT.hiveServer2.uri';
const problemOf = (uri: string): string => {
  const reading = readHiveAddress(KEY, uri);
  return reading.kind === 'wrong' ? reading.problem : 'no problem';
};

describe('an address of HiveServer2', () => {
  it('says host, port, user and settings of the session', () => {
    const uri = 'jdbc:hive2://hs2.example:10001/sales;user=etl;password=p=w;ssl=false?tez.queue.name=etl;hive.exec.parallel=true#day=1';
    expect(readHiveAddress(KEY, uri)).toEqual({
      kind: 'address',
      address: {
        host: 'hs2.example',
        port: 10001,
        auth: 'plain',
        user: 'etl',
        password: 'p=w',
        settings: { 'tez.queue.name': 'etl', 'hive.exec.parallel': 'true' },
      },
    });
  });

  it('needs neither port nor database', () => {
    expect(readHiveAddress(KEY, 'jdbc:hive2://hs2')).toEqual({
      kind: 'address',
      address: { host: 'hs2', port: 10000, auth: 'plain', settings: {} },
    });
  });

  it.each(['auth=noSasl', 'auth=NOSASL'])('speaks without SASL by %s', (option) => {
    expect(readHiveAddress(KEY, `jdbc:hive2://hs2:1/;${option}`)).toMatchObject({ address: { auth: 'nosasl' } });
  });

  it.each([
    [
      'jdbc:hive2://zk1:2181,zk2:2181/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=hiveserver2',
      /serviceDiscoveryMode=zooKeeper: discovery by ZooKeeper is not done: name one HiveServer2/,
    ],
    ['jdbc:hive2://a:1,b:2/', /a:1,b:2 names several servers: name one HiveServer2/],
    ['jdbc:hive2://hs2/;principal=hive/_HOST@REALM', /Kerberos is not spoken yet.*-ltd/],
    ['jdbc:hive2://hs2/;transportMode=http;httpPath=cliservice', /over HTTP is not spoken yet: name the binary port/],
    ['jdbc:hive2://hs2/;ssl=true', /over TLS is not spoken yet/],
    ['jdbc:hive2://hs2/;usr=x', /usr: no option .*did you mean user\?/],
    ['jdbc:mysql://hs2/', /expected jdbc:hive2:\/\/host:port/],
  ])('%s is refused with what works instead', (uri, problem) => {
    expect(problemOf(uri)).toMatch(problem);
    expect(problemOf(uri).startsWith(KEY)).toBe(true);
  });

  it('shows no password in a message', () => {
    expect(problemOf('hive2://hs2/;user=a;password=secret')).not.toContain('secret');
  });
});
