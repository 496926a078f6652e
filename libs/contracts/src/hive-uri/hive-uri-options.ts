import { nearest } from '../nearest.ts';

/** Options of a URI by name, as they stand after the database. */
export type HiveUriOptions = Readonly<Record<string, string>>;

/** Of Hive's own driver alone: they change nothing here. */
const IDLE = [
  'fetchSize',
  'fetchThreads',
  'retries',
  'retryInterval',
  'socketTimeout',
  'wmPool',
  'wmApp',
  'applicationName',
  'requestTrack',
  'cookieName',
  'trustStoreType',
  'trustManagerFactoryAlgorithm',
];

const WITHOUT_KERBEROS =
  'Kerberos is not spoken: name an address that takes user and password, such as that of a Knox gateway ' +
  '(jdbc:hive2://knox:8443/;ssl=true;transportMode=http;httpPath=gateway/cdp-proxy-api/hive), or plan from a data set or a snapshot';
const WITHOUT_CLIENT_CERTIFICATE = 'certificates of clients are not sent: name an address that takes user and password';
const WITHOUT_TOKEN = 'tokens are not sent: name an address that takes user and password';
const WITHOUT_ZOOKEEPER_TLS =
  'ZooKeeper is asked without TLS: name one HiveServer2 itself; bin/zkCli.sh shows them by "ls /NAMESPACE", as serverUri=host:port';

type Rule = (value: string) => string | undefined;

const oneOf =
  (...words: readonly string[]): Rule =>
  (value) =>
    words.includes(value.toLowerCase()) ? undefined : `expected ${words.join(' or ')}`;
const refused =
  (reason: string): Rule =>
  () =>
    reason;
const any: Rule = () => undefined;
const switchThatIsOff =
  (reason: string): Rule =>
  (value) =>
    value.toLowerCase() === 'false' ? undefined : reason;

/** What is understood, and what is refused with what works instead. */
const RULES: Readonly<Record<string, Rule>> = {
  user: any,
  password: any,
  auth: (kind) => {
    if (/^(?:nosasl|plain|none|ldap|custom|pam)$/i.test(kind)) return undefined;
    return /^(?:kerberos|delegationToken)$/i.test(kind) ? WITHOUT_KERBEROS : 'expected noSasl, or user and password without auth';
  },
  transportMode: oneOf('binary', 'http'),
  httpPath: any,
  ssl: oneOf('true', 'false'),
  sslTrustStore: any,
  trustStorePassword: any,
  cookieAuth: oneOf('true', 'false'),
  initFile: any,
  serviceDiscoveryMode: oneOf('none', 'zookeeper'),
  zooKeeperNamespace: any,
  zooKeeperSSLEnable: switchThatIsOff(WITHOUT_ZOOKEEPER_TLS),
  principal: refused(WITHOUT_KERBEROS),
  kerberosAuthType: refused(WITHOUT_KERBEROS),
  kerberosEnableCanonicalHostnameCheck: any,
  saslQop: (qop) => (qop === 'auth' ? undefined : WITHOUT_KERBEROS),
  delegationToken: refused(WITHOUT_KERBEROS),
  twoWay: switchThatIsOff(WITHOUT_CLIENT_CERTIFICATE),
  sslKeyStore: refused(WITHOUT_CLIENT_CERTIFICATE),
  keyStorePassword: refused(WITHOUT_CLIENT_CERTIFICATE),
  jwt: refused(WITHOUT_TOKEN),
};

/** What keeps an address with these options from being used, the first of it. */
export function problemOfOptions(options: HiveUriOptions): string | undefined {
  return Object.entries(options)
    .map(([name, value]) => problemOf(name, value))
    .find((problem) => problem !== undefined);
}

function problemOf(name: string, value: string): string | undefined {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule !== undefined) {
    const problem = rule(value);
    return problem === undefined ? undefined : `${shown(name, value)}: ${problem}`;
  }
  if (/^http\.header\.authorization$/i.test(name)) return `${name}: it is made of user and password: say these`;
  if (IDLE.includes(name) || /^http\.(?:header|cookie)\.[\w-]+$/.test(name)) return undefined;
  const near = nearest(name, [...Object.keys(RULES), ...IDLE]);
  return `${name}: no option of jdbc:hive2 addresses that is known here${near === undefined ? '' : `; did you mean ${near}?`}`;
}

const isSecret = (name: string): boolean => /password|token|jwt|^http\./i.test(name);

const shown = (name: string, value: string): string => (isSecret(name) || value === '' ? name : `${name}=${value}`);

/** A URI as it may be shown. */
export function withoutSecrets(uri: string): string {
  return uri
    .replace(/\/\/.*@/s, '//*****@')
    .replaceAll(/([^;?#=]*)=([^;?#]*)/g, (pair, name: string) => (isSecret(name) ? `${name}=*****` : pair));
}

/** True for what a URI may say and is more than a detail of Hive's driver. */
export const isHiveUriOption = (name: string): boolean => Object.hasOwn(RULES, name);
