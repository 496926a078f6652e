import { describe, expect, it } from 'vitest';
import { parseHiveUri } from './hive-uri.ts';

const placeOf = (uri: string) => {
  const reading = parseHiveUri(uri);
  return reading.kind === 'place' ? reading.place : expect.fail(reading.problem);
};
const problemOf = (uri: string): string => {
  const reading = parseHiveUri(uri);
  return reading.kind === 'wrong' ? reading.problem : 'no problem';
};

describe('a jdbc:hive2 URI', () => {
  it('says host, port, user, settings and variables of the session', () => {
    const uri = 'jdbc:hive2://hs2.example:10001/sales;user=etl;password=p=w;ssl=false?tez.queue.name=etl;hive.exec.parallel=true#day=1';
    expect(parseHiveUri(uri)).toEqual({
      kind: 'place',
      place: {
        host: 'hs2.example',
        port: 10001,
        auth: 'plain',
        sessionSettings: { 'tez.queue.name': 'etl', 'hive.exec.parallel': 'true' },
        sessionVariables: { day: '1' },
      },
      user: 'etl',
      password: 'p=w',
    });
  });

  it.each(['jdbc:hive2://hs2', 'jdbc:hive2://hs2/', ' jdbc:hive2://hs2:10000;fetchSize=9 '])(
    '%s needs neither port nor database',
    (uri) => {
      expect(placeOf(uri)).toEqual({ host: 'hs2', port: 10000, auth: 'plain' });
    },
  );

  it.each(['auth=noSasl', 'auth=NOSASL'])('speaks without SASL by %s', (option) => {
    expect(placeOf(`jdbc:hive2://hs2:1/;${option}`)).toMatchObject({ auth: 'nosasl' });
  });

  it('says that HTTP is spoken, with path, headers and cookies', () => {
    const uri =
      'jdbc:hive2://knox:8443/;transportMode=http;httpPath=/gateway/hive;http.header.X-Tenant=a;http.cookie.lb=7;cookieAuth=false';
    expect(placeOf(uri).http).toEqual({ path: 'gateway/hive', headers: { 'X-Tenant': 'a' }, cookies: { lb: '7' }, keepsCookies: false });
    expect(placeOf('jdbc:hive2://h:1/;transportMode=HTTP').http).toEqual({
      path: 'cliservice',
      headers: {},
      cookies: {},
      keepsCookies: true,
    });
  });

  it('says whose certificates are trusted', () => {
    expect(placeOf('jdbc:hive2://h:1/;ssl=true').tls).toEqual({});
    expect(placeOf('jdbc:hive2://h:1/;ssl=true;sslTrustStore=/etc/t.jks;trustStorePassword=changeit').tls).toEqual({
      trustStore: '/etc/t.jks',
      trustStorePassword: 'changeit',
    });
  });

  it('says where ZooKeeper knows the servers', () => {
    const uri = 'jdbc:hive2://zk1:2182,zk2/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=/hs2';
    expect(placeOf(uri)).toEqual({
      host: 'zk1',
      port: 2182,
      auth: 'plain',
      zooKeeper: {
        servers: [
          { host: 'zk1', port: 2182 },
          { host: 'zk2', port: 2181 },
        ],
        namespace: 'hs2',
      },
    });
    expect(placeOf('jdbc:hive2://zk1/;serviceDiscoveryMode=zooKeeper').zooKeeper?.namespace).toBe('hiveserver2');
  });

  it('takes an address of IPv6', () => {
    expect(placeOf('jdbc:hive2://[::1]:10001/')).toMatchObject({ host: '::1', port: 10001 });
  });

  it.each([
    ['jdbc:hive2://a:1,b:2/', /a:1,b:2 names several servers: name one HiveServer2/],
    ['jdbc:hive2://a:1,b:2/;zooKeeperNamespace=x', /: say serviceDiscoveryMode=zooKeeper/],
    ['jdbc:hive2://hs2/;principal=hive/_HOST@REALM', /^principal=hive\/_HOST@REALM: Kerberos is not spoken: .*Knox/],
    ['jdbc:hive2://hs2/;auth=kerberos', /Kerberos is not spoken/],
    ['jdbc:hive2://hs2/;auth=jwt', /expected noSasl, or user and password/],
    ['jdbc:hive2://hs2/;jwt=eyJhbGci', /^jwt: tokens are not sent/],
    ['jdbc:hive2://hs2/;twoWay=true', /certificates of clients are not sent/],
    ['jdbc:hive2://hs2/;transportMode=htpp', /transportMode=htpp: expected binary or http/],
    ['jdbc:hive2://hs2/;ssl=yes', /ssl=yes: expected true or false/],
    ['jdbc:hive2://zk/;serviceDiscoveryMode=zooKeeper;zooKeeperSSLEnable=true', /ZooKeeper is asked without TLS/],
    ['jdbc:hive2://hs2/;usr=x', /usr: no option .*did you mean user\?/],
    ['jdbc:hive2://hs2/;http.header.a b=x', /http\.header\.a b: no option/],
    ['jdbc:hive2://hs2/;http.header.Authorization=x', /made of user and password/],
    ['jdbc:hive2://hs2/;__proto__=x', /__proto__: no option/],
    ['jdbc:hive2://hs2/;=x', /no option/],
    ['jdbc:mysql://hs2/', /expected jdbc:hive2:\/\/host:port/],
    ['jdbc:hive2:///db', /expected jdbc:hive2:\/\/host:port/],
    ['jdbc:hive2://hs2:0/', /port from 1 to 65535, found hs2:0/],
    ['jdbc:hive2://hs2:65536/', /found hs2:65536/],
    ['jdbc:hive2://hs2:1:2/', /found hs2:1:2/],
    ['jdbc:hive2://user@hs2:1/', /user and password do not stand before the host/],
    ['jdbc:hive2://a,,b/;serviceDiscoveryMode=zooKeeper', /expected host:port/],
    ['jdbc:hive2://hs2/;http.header.X=a\r\nHost: evil', /control characters/],
    ['', /expected jdbc:hive2:\/\/host:port/],
  ])('%s is refused with what works instead', (uri, problem) => {
    expect(problemOf(uri)).toMatch(problem);
  });

  it.each([
    'hive2://hs2/;user=a;password=secret',
    'hive2://hs2/;trustStorePassword=secret',
    'jdbc:hive2://hs2/;delegationToken=secret',
    'jdbc:hive2://user:secret@hs2:1/',
    'http://user:secret@hs2:1/',
    'jdbc:hive2://hs2:1,password=secret',
    'jdbc:hive2://hs2/;keyStorePassword=secret',
    'hive2://hs2/;http.header.Authorization=secret',
  ])('%s: no secret is shown', (uri) => {
    expect(problemOf(uri)).not.toContain('secret');
  });

  it('ends soon with a long text that is no URI', () => {
    const started = performance.now();
    expect(problemOf(`jdbc:hive2://${'a'.repeat(100_000)}${';x'.repeat(100_000)}@`)).not.toBe('no problem');
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
