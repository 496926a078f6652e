import type { HivePlace } from '@hiveferry/ports';

type Texts = Readonly<Record<string, string>>;

/**
 * A place as a URI that `parseHiveUri` reads as the same place, but for `trustStorePassword`: no secret is printed.
 *
 * @returns undefined when a value holds what separates in a URI, which only `connectionProperties` can say
 */
export function printHiveUri(place: HivePlace): string | undefined {
  const { sessionSettings = {}, sessionVariables = {} } = place;
  const options = optionsOf(place);
  const values = [options, sessionSettings, sessionVariables].flatMap((texts) => Object.entries(texts).flat());
  if (values.some((text) => /[;?#]|[\u0000-\u001f]/.test(text) || text.trim() !== text)) return undefined;
  const servers = place.zooKeeper?.servers ?? [place];
  const hosts = servers.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  const session = Object.entries(options).map(([name, value]) => `;${name}=${value}`);
  return `jdbc:hive2://${hosts}/${session.join('')}${listOf('?', sessionSettings)}${listOf('#', sessionVariables)}`;
}

function optionsOf({ auth, http, tls, zooKeeper, initFile }: HivePlace): Texts {
  return {
    ...(auth === 'nosasl' ? { auth: 'noSasl' } : {}),
    ...(tls === undefined ? {} : { ssl: 'true' }),
    ...(tls?.trustStore === undefined ? {} : { sslTrustStore: tls.trustStore }),
    ...(http === undefined ? {} : { transportMode: 'http', httpPath: http.path, ...named('http.header.', http.headers) }),
    ...(http === undefined ? {} : named('http.cookie.', http.cookies)),
    ...(http?.keepsCookies === false ? { cookieAuth: 'false' } : {}),
    ...(zooKeeper === undefined ? {} : { serviceDiscoveryMode: 'zooKeeper', zooKeeperNamespace: zooKeeper.namespace }),
    ...(initFile === undefined ? {} : { initFile }),
  };
}

const named = (prefix: string, texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [`${prefix}${name}`, value]));

function listOf(mark: string, texts: Texts): string {
  const pairs = Object.entries(texts).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? '' : `${mark}${pairs.join(';')}`;
}
