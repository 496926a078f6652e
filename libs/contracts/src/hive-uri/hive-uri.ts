import type { HivePlace } from '@hiveferry/ports';
import { problemOfOptions, withoutSecrets } from './hive-uri-options.ts';
import type { HiveUriOptions } from './hive-uri-options.ts';

export type HiveUriReading =
  | { readonly kind: 'place'; readonly place: HivePlace; readonly user?: string; readonly password?: string }
  | { readonly kind: 'wrong'; readonly problem: string };

const FORM = /^jdbc:hive2:\/\/([^/;?#]+)(?:\/([^;?#]*))?((?:;[^?#]*)?)(?:\?([^#]*))?(?:#(.*))?$/;
const PORT = 10_000;
const ZOOKEEPER_PORT = 2181;
const HTTP_PATH = 'cliservice';
const NAMESPACE = 'hiveserver2';

/**
 * Reads a `jdbc:hive2://` URI as Hive's own driver does: host and port, database, options after `;`, settings of the session after `?`,
 * variables after `#`. The database is let go: every name that is sent names its own.
 */
export function parseHiveUri(uri: string): HiveUriReading {
  if (/[\u0000-\u001f\u007f]/.test(uri.trim())) return wrong('it has control characters, such as a line break: write it on one line');
  const [, authority, , session = '', settings = '', variables = ''] = FORM.exec(uri.trim()) ?? [];
  if (authority === undefined) return wrong(`expected jdbc:hive2://host:port/database;option=value, found ${withoutSecrets(uri)}`);
  const options = pairsOf(session);
  const problem = problemOfOptions(options);
  if (problem !== undefined) return wrong(problem);
  if (authority.includes('@')) return wrong('user and password do not stand before the host: say ;user=NAME;password=...');
  const servers = authority.split(',').map((text) => serverOf(text, isDiscovery(options) ? ZOOKEEPER_PORT : PORT));
  const unreadable = authority.split(',').find((_, index) => servers[index] === undefined);
  if (unreadable !== undefined) return wrong(`expected host:port with a port from 1 to 65535, found ${withoutSecrets(unreadable)}`);
  const known = servers.flatMap((server) => server ?? []);
  if (known.length > 1 && !isDiscovery(options)) return wrong(severalServers(authority, options));
  return placeOf({ servers: known, options, settings: pairsOf(settings), variables: pairsOf(variables) });
}

const wrong = (problem: string): HiveUriReading => ({ kind: 'wrong', problem });

const isDiscovery = ({ serviceDiscoveryMode: mode }: HiveUriOptions): boolean => mode?.toLowerCase() === 'zookeeper';

function severalServers(authority: string, options: HiveUriOptions): string {
  const asZooKeeper = 'say serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=hiveserver2';
  const hint =
    options['zooKeeperNamespace'] === undefined ? `name one HiveServer2; where they are servers of ZooKeeper, ${asZooKeeper}` : asZooKeeper;
  return `${authority} names several servers: ${hint}`;
}

interface Server {
  readonly host: string;
  readonly port: number;
}

function serverOf(text: string, defaultPort: number): Server | undefined {
  const [, host, port = String(defaultPort)] = /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host: host.replaceAll(/^\[|\]$/g, ''), port: Number(port) };
}

interface Parts {
  readonly servers: readonly Server[];
  readonly options: HiveUriOptions;
  readonly settings: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
}

function placeOf({ servers, options, settings, variables }: Parts): HiveUriReading {
  const [server] = servers;
  if (server === undefined) return wrong('expected host:port');
  const { user, password, initFile, zooKeeperNamespace: namespace = NAMESPACE } = options;
  return {
    kind: 'place',
    place: {
      ...server,
      auth: options['auth']?.toLowerCase() === 'nosasl' ? 'nosasl' : 'plain',
      ...(options['transportMode']?.toLowerCase() === 'http' ? { http: httpOf(options) } : {}),
      ...(options['ssl']?.toLowerCase() === 'true' ? { tls: tlsOf(options) } : {}),
      ...(isDiscovery(options) ? { zooKeeper: { servers, namespace: namespace.replaceAll(/^\/+|\/+$/g, '') } } : {}),
      ...(Object.keys(settings).length === 0 ? {} : { sessionSettings: settings }),
      ...(Object.keys(variables).length === 0 ? {} : { sessionVariables: variables }),
      ...(initFile === undefined ? {} : { initFile }),
    },
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}

function httpOf(options: HiveUriOptions): NonNullable<HivePlace['http']> {
  return {
    path: (options['httpPath'] ?? HTTP_PATH).replace(/^\/+/, ''),
    headers: startingWith('http.header.', options),
    cookies: startingWith('http.cookie.', options),
    keepsCookies: options['cookieAuth']?.toLowerCase() !== 'false',
  };
}

function tlsOf({ sslTrustStore, trustStorePassword }: HiveUriOptions): NonNullable<HivePlace['tls']> {
  return {
    ...(sslTrustStore === undefined ? {} : { trustStore: sslTrustStore }),
    ...(trustStorePassword === undefined ? {} : { trustStorePassword }),
  };
}

function startingWith(prefix: string, options: HiveUriOptions): Readonly<Record<string, string>> {
  const own = Object.entries(options).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** Of a name that is said twice the last counts. A value may hold `=`. */
function pairsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(';').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0]?.trim() ?? '', valueOf(pair)]));
}

function valueOf(pair: string): string {
  const equals = pair.indexOf('=');
  return equals < 0 ? '' : pair.slice(equals + 1).trim();
}
