import { resolve } from 'node:path';
import { DATABASE_ADDRESSES, readDatabaseAddress } from '../../database-address.ts';
import type { AddressTls } from '../../database-address.ts';
import { shownAddress } from '../../shown-address.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import type { PeerCluster } from '../cluster-schema.ts';
import { readHiveSide } from './hive-side.ts';
import type { HiveSide } from './hive-side.ts';

export type SideName = 'LEFT' | 'RIGHT';

/** Where one side of hms-mirror's configuration is read. */
export interface MirrorSide {
  readonly side: SideName;
  readonly hive: HiveSide;
  /** The metastore's database: locations of partitions come from there, where it is given. */
  readonly metastore?: MetastorePlace;
}

export interface MetastorePlace {
  readonly product: 'postgres' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  readonly tls?: { readonly verify: boolean; readonly caRef?: string };
}

export interface MirrorSides {
  readonly sides: readonly MirrorSide[];
  /** Why the run cannot be done, a line each. */
  readonly problems: readonly string[];
  /** What is said once and changes nothing. */
  readonly notices: readonly string[];
}

/** The sides that a run reads: LEFT, and RIGHT where what stands there counts. */
export function mirrorSides(configuration: HmsMirrorConfiguration): MirrorSides {
  const readings = sidesToRead(configuration).map((side) => readSide(side, configuration));
  return {
    sides: readings.flatMap(({ side }) => side ?? []),
    problems: readings.flatMap(({ problems }) => problems),
    notices: readings.flatMap(({ notices }) => notices),
  };
}

function sidesToRead({ dataStrategy, dumpSource, migrateACID, clusters }: HmsMirrorConfiguration): readonly SideName[] {
  if (dataStrategy === 'DUMP') return [dumpSource];
  const isAlone =
    dataStrategy === 'STORAGE_MIGRATION' || dataStrategy === 'ICEBERG_CONVERSION' || (dataStrategy === 'SQL' && migrateACID.inplace);
  return isAlone || clusters.RIGHT?.hiveServer2?.disconnected === true ? ['LEFT'] : ['LEFT', 'RIGHT'];
}

interface SideReading {
  readonly side?: MirrorSide;
  readonly problems: readonly string[];
  readonly notices: readonly string[];
}

const refused = (problem: string): SideReading => ({ problems: [problem], notices: [] });

function readSide(side: SideName, { clusters, encryptedPasswords }: HmsMirrorConfiguration): SideReading {
  const cluster = clusters[side];
  const key = `clusters.${side}.hiveServer2.uri`;
  const uri = cluster?.hiveServer2?.uri;
  if (cluster?.hiveServer2 === undefined || uri === undefined) {
    return refused(`HS2_NOT_DEFINED_OR_CONFIGURED: ${key}: missing; give jdbc:hive2://host:port, or plan from a data set by -ltd FILE`);
  }
  const reading = readHiveSide(uri, cluster.hiveServer2.connectionProperties);
  if (reading.kind === 'wrong') return refused(`${side}_HS2_URI_INVALID: ${key}: ${reading.problem}`);
  const { hive, unread } = reading;
  if (encryptedPasswords && hive.password !== undefined) {
    return refused(
      `ENCRYPTED_PASSWORD: clusters.${side}.hiveServer2: passwords of hms-mirror are not decrypted here; say encryptedPasswords: false and the password itself`,
    );
  }
  const metastore = metastoreOf(side, cluster);
  return {
    side: { side, hive, ...(metastore.place === undefined ? {} : { metastore: metastore.place }) },
    problems: metastore.problems,
    notices: [...driverNotice(side, cluster), ...propertyNotices(side, unread), ...metastore.notices],
  };
}

function driverNotice(side: SideName, { hiveServer2 }: PeerCluster): readonly string[] {
  return hiveServer2?.jarFile === undefined ? [] : [`clusters.${side}.hiveServer2.jarFile: not needed here: no driver of Java is loaded`];
}

function propertyNotices(side: SideName, unread: readonly string[]): readonly string[] {
  return unread.map(
    (name) =>
      `clusters.${side}.hiveServer2.connectionProperties.${name}: Hive's driver does not read it there, and neither is it read here: say it in the uri`,
  );
}

interface MetastoreReading {
  readonly place?: MetastorePlace;
  readonly problems: readonly string[];
  readonly notices: readonly string[];
}

function metastoreOf(side: SideName, { metastore_direct: direct }: PeerCluster): MetastoreReading {
  const nothing = { problems: [], notices: [] };
  if (direct?.uri === undefined) return nothing;
  const key = `clusters.${side}.metastore_direct`;
  if (direct.type === 'ORACLE') {
    return {
      problems: [],
      notices: [`${key}: a metastore on ${direct.type} is not read directly; partitions are read through HiveServer2`],
    };
  }
  const reading = readDatabaseAddress(direct.uri);
  if (reading === undefined || reading.address.product !== PRODUCTS[direct.type]) {
    return {
      problems: [`${key}.uri: expected ${DATABASE_ADDRESSES} of type ${direct.type}, found ${shownAddress(direct.uri)}`],
      notices: [],
    };
  }
  const { tls, ...address } = reading.address;
  const { user = address.user, password } = direct.connectionProperties;
  if (user === undefined)
    return { problems: [`${key}.connectionProperties.user: missing; name one who may read the metastore`], notices: [] };
  const secret = password === undefined ? {} : { password };
  return { ...nothing, place: { ...address, user, ...secret, ...(tls === undefined ? {} : { tls: tlsOf(tls) }) } };
}

const PRODUCTS = { POSTGRES: 'postgres', MYSQL: 'mysql' } as const;

function tlsOf({ verify, caFile }: AddressTls): NonNullable<MetastorePlace['tls']> {
  return { verify, ...(caFile === undefined ? {} : { caRef: `file:${resolve(caFile)}` }) };
}
