import { nearest } from '../../../../../libs/contracts/src/nearest.ts';

/** A `jdbc:hive2://` address as Hive's own driver reads it. */
export interface HiveAddress {
  readonly host: string;
  readonly port: number;
  readonly auth: 'nosasl' | 'plain';
  readonly user?: string;
  readonly password?: string;
  /** What follows `?`: settings of the session. */
  readonly settings: Readonly<Record<string, string>>;
}

export type HiveAddressReading =
  { readonly kind: 'address'; readonly address: HiveAddress } | { readonly kind: 'wrong'; readonly problem: string };

const FORM = /^jdbc:hive2:\/\/([^/;?#]+)(?:\/([^;?#]*))?((?:;[^?#]*)?)(?:\?([^#]*))?(?:#.*)?$/;
const DEFAULT_PORT = 10_000;

/** Options that change nothing here: of Hive's driver alone, or said in another way. */
const IDLE = ['initFile', 'fetchSize', 'fetchThreads', 'retries', 'wmPool', 'wmApp', 'cookieAuth', 'cookieName', 'socketTimeout'];

const WITHOUT_DISCOVERY = 'name one HiveServer2 by its host and port (beeline shows it when it connects)';
const WITHOUT_KERBEROS =
  'Kerberos is not spoken yet: name an endpoint that takes user and password, such as that of a Knox gateway with a binary port, ' +
  'or plan from a data set (-ltd)';
const BINARY = 'name the binary port of HiveServer2 (hive.server2.thrift.port, 10000 by default), or plan from a data set (-ltd)';

/** Options that need what is not spoken here, with what works instead. */
const REFUSED: Readonly<Record<string, (value: string) => string | undefined>> = {
  serviceDiscoveryMode: (mode) => (mode === 'none' ? undefined : `discovery by ZooKeeper is not done: ${WITHOUT_DISCOVERY}`),
  zooKeeperNamespace: () => `discovery by ZooKeeper is not done: ${WITHOUT_DISCOVERY}`,
  principal: () => WITHOUT_KERBEROS,
  kerberosAuthType: () => WITHOUT_KERBEROS,
  saslQop: (qop) => (qop === 'auth' ? undefined : WITHOUT_KERBEROS),
  delegationToken: () => WITHOUT_KERBEROS,
  transportMode: (mode) => (mode === 'binary' ? undefined : `HiveServer2 over HTTP is not spoken yet: ${BINARY}`),
  httpPath: () => `HiveServer2 over HTTP is not spoken yet: ${BINARY}`,
  ssl: (value) => (value === 'false' ? undefined : `HiveServer2 over TLS is not spoken yet: ${BINARY}`),
  sslTrustStore: () => undefined,
  trustStorePassword: () => undefined,
  auth: (kind) =>
    /^(?:nosasl|plain|none|ldap|custom)$/i.test(kind) ? undefined : `${kind} is not spoken: expected noSasl, or user and password`,
  user: () => undefined,
  password: () => undefined,
};

/** @param key where the address stands, for messages */
export function readHiveAddress(key: string, uri: string): HiveAddressReading {
  const wrong = (problem: string): HiveAddressReading => ({ kind: 'wrong', problem: `${key}: ${problem}` });
  const [, authority, , session = '', settings = ''] = FORM.exec(uri.trim()) ?? [];
  if (authority === undefined) return wrong(`expected jdbc:hive2://host:port/database;option=value, found ${withoutSecrets(uri)}`);
  const options = pairsOf(session, ';');
  const problem = Object.entries(options)
    .map(([name, value]) => optionProblem(name, value))
    .find((found) => found !== undefined);
  if (problem !== undefined) return wrong(problem);
  if (authority.includes(',')) return wrong(`${authority} names several servers: ${WITHOUT_DISCOVERY}`);
  const [, host, port = String(DEFAULT_PORT)] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(authority) ?? [];
  if (host === undefined || Number(port) > 65_535) return wrong(`expected host:port, found ${authority}`);
  const { auth = '', user, password } = options;
  return {
    kind: 'address',
    address: {
      host: host.replaceAll(/^\[|\]$/g, ''),
      port: Number(port),
      auth: auth.toLowerCase() === 'nosasl' ? 'nosasl' : 'plain',
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      settings: pairsOf(settings, ';'),
    },
  };
}

function pairsOf(text: string, separator: string): Readonly<Record<string, string>> {
  const pairs = text.split(separator).filter((pair) => pair.trim() !== '');
  return Object.fromEntries(pairs.map((pair) => [pair.split('=')[0]?.trim() ?? '', pair.slice(pair.indexOf('=') + 1).trim()]));
}

function optionProblem(name: string, value: string): string | undefined {
  const rule = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (rule !== undefined) {
    const refusal = rule(value);
    return refusal === undefined ? undefined : `${name}=${value}: ${refusal}`;
  }
  if (IDLE.includes(name) || /^http\.(?:header|cookie)\./.test(name)) return undefined;
  const near = nearest(name, [...Object.keys(REFUSED), ...IDLE]);
  return `${name}: no option of jdbc:hive2 addresses that is known here${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** An address as it may be shown. */
function withoutSecrets(uri: string): string {
  return uri.replaceAll(/((?:password|Password)=)[^;?#]*/g, '$1*****');
}
