import { z } from 'zod';
import { PlainText, Switch, Text, TextWith, Whole, Word } from './schema-parts.ts';

interface Platform {
  readonly hiveMajor: 1 | 2 | 3 | 4;
  /** ALTER DATABASE ... SET OWNER takes the word USER. */
  readonly ownerTakesKind: boolean;
}

/** The platforms that hms-mirror knows, and the Hive that each has. */
export const PLATFORMS = {
  CDH5: { hiveMajor: 1, ownerTakesKind: false },
  CDH6: { hiveMajor: 2, ownerTakesKind: false },
  CDP7_0: { hiveMajor: 3, ownerTakesKind: false },
  CDP7_1: { hiveMajor: 3, ownerTakesKind: false },
  CDP7_1_9_SP1: { hiveMajor: 3, ownerTakesKind: true },
  CDP7_2: { hiveMajor: 3, ownerTakesKind: true },
  CDP7_3: { hiveMajor: 4, ownerTakesKind: true },
  HDP2: { hiveMajor: 1, ownerTakesKind: false },
  HDP3: { hiveMajor: 3, ownerTakesKind: false },
  MAPR: { hiveMajor: 1, ownerTakesKind: false },
  EMR: { hiveMajor: 1, ownerTakesKind: false },
  APACHE_HIVE1: { hiveMajor: 1, ownerTakesKind: false },
  APACHE_HIVE2: { hiveMajor: 2, ownerTakesKind: false },
  APACHE_HIVE3: { hiveMajor: 3, ownerTakesKind: false },
  APACHE_HIVE4: { hiveMajor: 4, ownerTakesKind: true },
} as const satisfies Readonly<Record<string, Platform>>;

type PlatformName = keyof typeof PLATFORMS;

const PLATFORM_NAMES = [
  'CDH5',
  'CDH6',
  'CDP7_0',
  'CDP7_1',
  'CDP7_1_9_SP1',
  'CDP7_2',
  'CDP7_3',
  'HDP2',
  'HDP3',
  'MAPR',
  'EMR',
  'APACHE_HIVE1',
  'APACHE_HIVE2',
  'APACHE_HIVE3',
  'APACHE_HIVE4',
] as const satisfies readonly PlatformName[];

const ConnectionProperties = z.record(z.string(), PlainText).default({}).meta({ expected: 'names with texts' });

const HiveServer2 = z.strictObject({
  uri: Text('JDBC address of HiveServer2.'),
  disconnected: Switch(false, 'This side is not connected; nothing is taken to be there.'),
  driverClassName: TextWith('org.apache.hive.jdbc.HiveDriver', 'Class of the JDBC driver; no driver is needed here.'),
  jarFile: Text('Jars of the JDBC driver; none are needed here.'),
  version: Text('Version of the driver; not needed here.'),
  connectionProperties: ConnectionProperties.describe('User, password and settings of the connection pool.'),
});

const MetastoreDirect = z.strictObject({
  uri: Text('JDBC address of the metastore database.'),
  type: Word(['MYSQL', 'POSTGRES', 'ORACLE']).default('MYSQL').describe('Kind of the metastore database.'),
  initSql: Text('Statement for each new connection.'),
  resource: Text('Jar of the driver; none is needed here.'),
  version: Text('Version of the driver; not needed here.'),
  connectionProperties: ConnectionProperties.describe('User and password.'),
  connectionPool: z
    .strictObject({
      min: Whole(3, 'Least connections.'),
      max: Whole(5, 'Most connections.'),
      timeout: Whole(120, 'Seconds to wait for a connection.'),
    })
    .prefault({})
    .describe('Size of the connection pool.'),
});

const PartitionDiscovery = z.strictObject({
  auto: Switch(true, 'Partitioned external tables get discover.partitions.'),
  initMSCK: Switch(true, 'Partitions are found by MSCK after CREATE, where they are not listed one by one.'),
});

/** One side of hms-mirror's configuration. */
export const ClusterSchema = z.strictObject({
  environment: Word(['LEFT', 'RIGHT']).exactOptional().describe('Which side this is.'),
  platformType: Word(PLATFORM_NAMES).exactOptional().describe('Platform of the cluster: says its Hive version.'),
  legacyHive: Switch(true, 'Hive 1 or 2; older form of platformType.'),
  hdpHive3: Switch(false, 'Hive 3 of HDP; older form of platformType.'),
  createIfNotExists: Switch(false, 'CREATE ... IF NOT EXISTS.'),
  hcfsNamespace: Text('File system of the cluster; of RIGHT also the target namespace, where none is given.'),
  hiveServer2: HiveServer2.exactOptional().describe('How to reach HiveServer2.'),
  metastore_direct: MetastoreDirect.exactOptional().describe('How to reach the metastore database.'),
  partitionDiscovery: PartitionDiscovery.prefault({}).describe('How partitions are found.'),
  enableAutoTableStats: Switch(false, 'SET hive.stats.autogather on this side.'),
  enableAutoColumnStats: Switch(false, 'SET hive.stats.column.autogather on this side.'),
});

export type PeerCluster = z.infer<typeof ClusterSchema>;

/**
 * The platform as named, else as the older switches say it. Copied behaviour: hms-mirror 3.2.0.1, Cluster.getPlatformType, which
 * looks at hdpHive3 only beside legacyHive.
 */
export function platformOf(cluster: PeerCluster): PlatformName {
  if (cluster.platformType !== undefined) return cluster.platformType;
  if (!cluster.legacyHive) return 'CDP7_1';
  return cluster.hdpHive3 ? 'HDP3' : 'HDP2';
}

/** True where somebody meant HDP 3 and `platformOf` does not take it so. */
export function isHdp3Overlooked({ platformType, legacyHive, hdpHive3 }: PeerCluster): boolean {
  return platformType === undefined && hdpHive3 && !legacyHive;
}

/** Hive 1 or 2. */
export function isLegacy(cluster: PeerCluster): boolean {
  return PLATFORMS[platformOf(cluster)].hiveMajor < 3;
}
