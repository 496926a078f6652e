import { isHiveUriOption, parseHiveUri } from '@hiveferry/contracts';
import type { HivePlace } from '@hiveferry/ports';

/** HiveServer2 of one side of hms-mirror's configuration. */
export interface HiveSide extends HivePlace {
  readonly user?: string;
  readonly password?: string;
}

type HiveSideReading =
  | { readonly kind: 'side'; readonly hive: HiveSide; /** Properties that only the uri can say. */ readonly unread: readonly string[] }
  | { readonly kind: 'wrong'; readonly problem: string };

type Properties = Readonly<Record<string, string>>;

const SETTING = 'hiveconf:';
const VARIABLE = 'hivevar:';

/**
 * The uri with what connectionProperties add to it: user and password where the uri has none, settings and variables of the session,
 * and auth. The others are of hms-mirror's pool of connections. Copied behaviour: Hive 4.0.1, Utils.parseURL.
 */
export function readHiveSide(uri: string, properties: Properties): HiveSideReading {
  const reading = parseHiveUri(uri);
  if (reading.kind === 'wrong') return reading;
  const { user = properties['user'], password = properties['password'], place } = reading;
  const settings = { ...place.sessionSettings, ...named(SETTING, properties) };
  const variables = { ...place.sessionVariables, ...named(VARIABLE, properties) };
  const hive: HiveSide = {
    ...place,
    ...(properties['auth']?.toLowerCase() === 'nosasl' ? { auth: 'nosasl' } : {}),
    ...(Object.keys(settings).length === 0 ? {} : { sessionSettings: settings }),
    ...(Object.keys(variables).length === 0 ? {} : { sessionVariables: variables }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
  const read = ['user', 'password', 'auth'];
  return { kind: 'side', hive, unread: Object.keys(properties).filter((name) => isHiveUriOption(name) && !read.includes(name)) };
}

function named(prefix: string, properties: Properties): Properties {
  const own = Object.entries(properties).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
