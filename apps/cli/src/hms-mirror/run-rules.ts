import { isMetadataLoaded } from './adjust.ts';
import { isLegacy, platformOf } from './cluster-schema.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

/** A configuration that is to be run, on these databases. */
export interface PlannedRun {
  /** After adjustment. */
  readonly configuration: HmsMirrorConfiguration;
  /** As it was asked for. */
  readonly asked: HmsMirrorConfiguration;
  readonly databases: readonly string[];
}

/** When a whole run is refused, and what to do about it. Codes are hms-mirror's where it has one for the same. */
export interface RunRule {
  readonly code: string;
  readonly applies: (run: PlannedRun) => boolean;
  readonly text: (run: PlannedRun) => string;
}

type Strategy = HmsMirrorConfiguration['dataStrategy'];

const SYNC_STRATEGIES: readonly Strategy[] = ['SCHEMA_ONLY', 'LINKED', 'SQL', 'EXPORT_IMPORT', 'HYBRID'];
const ACID_STRATEGIES: readonly Strategy[] = ['SCHEMA_ONLY', 'DUMP', 'SQL', 'EXPORT_IMPORT', 'HYBRID', 'STORAGE_MIGRATION'];
/** Strategies that work on LEFT alone. */
const LEFT_ONLY: readonly Strategy[] = ['DUMP', 'STORAGE_MIGRATION', 'ICEBERG_CONVERSION'];

/** Every configuration that is refused, in the order of the message. */
export const RUN_RULES: readonly RunRule[] = [
  {
    code: 'ACID_NOT_TOP_LEVEL_STRATEGY',
    applies: ({ configuration: { dataStrategy } }) => dataStrategy === 'ACID' || dataStrategy === 'INTERMEDIATE',
    text: ({ configuration }) =>
      `dataStrategy ${configuration.dataStrategy} is chosen per table, not asked for; use SQL or HYBRID with migrateACID.on (-ma)`,
  },
  {
    code: 'CLUSTER_NOT_DEFINED_OR_CONFIGURED',
    applies: ({ configuration }) => missingSide(configuration) !== undefined,
    text: ({ configuration }) =>
      `clusters.${missingSide(configuration) ?? ''}: missing, and ${configuration.dataStrategy} needs it; give it with at least hcfsNamespace and platformType`,
  },
  {
    code: 'NO_DATABASES',
    applies: ({ databases }) => databases.length === 0,
    text: () => 'no database of the data set is asked for; check databases (-db), filter.dbRegEx (-dbRegEx) and the warehouse plans (-wps)',
  },
  {
    code: 'CONFLICTING_PROPERTIES',
    applies: ({ configuration: { dbPrefix = '', dbRename = '' } }) => dbPrefix !== '' && dbRename !== '',
    text: () => 'dbPrefix (-dbp) and dbRename (-dbr) exclude each other; keep one of them',
  },
  {
    code: 'DB_RENAME_ONLY_WITH_SINGLE_DB_OPTION',
    applies: ({ configuration: { dbRename = '' }, databases }) => dbRename !== '' && databases.length > 1,
    text: ({ databases }) =>
      `dbRename (-dbr) is for one database, found ${databases.length}: ${databases.join(', ')}; name one by -db, or use dbPrefix (-dbp)`,
  },
  {
    code: 'STORAGE_MIGRATION_ACID_ARCHIVE_DISTCP',
    applies: ({ asked: { dataStrategy, migrateACID, transfer } }) =>
      dataStrategy === 'STORAGE_MIGRATION' &&
      migrateACID.on &&
      transfer.storageMigration.createArchive &&
      transfer.storageMigration.dataMovementStrategy === 'DISTCP',
    text: () =>
      'STORAGE_MIGRATION by DISTCP with createArchive makes a new table, which does not know the writes of a transactional one; ' +
      'turn createArchive or migrateACID.on (-ma) off, or move the data by SQL (-dms SQL)',
  },
  {
    code: 'STORAGE_MIGRATION_NOT_AVAILABLE_FOR_LEGACY',
    applies: ({ configuration: { dataStrategy, clusters } }) =>
      dataStrategy === 'STORAGE_MIGRATION' && clusters.LEFT !== undefined && isLegacy(clusters.LEFT),
    text: () => 'STORAGE_MIGRATION needs Hive 3 or newer on LEFT; check clusters.LEFT.platformType',
  },
  {
    code: 'METASTORE_DIRECT_NOT_DEFINED_OR_CONFIGURED',
    applies: ({ configuration: { dataStrategy, clusters } }) =>
      dataStrategy === 'STORAGE_MIGRATION' && clusters.LEFT?.metastore_direct === undefined,
    text: () => 'STORAGE_MIGRATION needs the locations of all partitions; say clusters.LEFT.metastore_direct, where they are read from',
  },
  {
    code: 'HIVE3_ON_HDP_ACID_TRANSFERS',
    applies: ({ configuration: { dataStrategy, clusters, migrateACID, transfer } }) =>
      dataStrategy === 'STORAGE_MIGRATION' &&
      clusters.LEFT !== undefined &&
      platformOf(clusters.LEFT) === 'HDP3' &&
      migrateACID.on &&
      transfer.storageMigration.dataMovementStrategy !== 'DISTCP',
    text: () => 'STORAGE_MIGRATION of transactional tables on HDP 3 needs DistCp; use -dc, or turn migrateACID.on off',
  },
  {
    code: 'ACID_DOWNGRADE_SCHEMA_ONLY',
    applies: ({ configuration: { dataStrategy, migrateACID } }) =>
      dataStrategy === 'SCHEMA_ONLY' && migrateACID.on && migrateACID.downgrade,
    text: () => 'migrateACID.downgrade (-da) rewrites data, which SCHEMA_ONLY does not; use SQL, EXPORT_IMPORT or HYBRID',
  },
  {
    code: 'NON_LEGACY_TO_LEGACY',
    applies: ({ configuration: { dataStrategy, clusters, migrateACID, dumpTestData } }) =>
      !LEFT_ONLY.includes(dataStrategy) &&
      !migrateACID.inplace &&
      !dumpTestData &&
      clusters.LEFT !== undefined &&
      clusters.RIGHT !== undefined &&
      !isLegacy(clusters.LEFT) &&
      isLegacy(clusters.RIGHT),
    text: () => 'from Hive 3 or 4 (LEFT) to Hive 1 or 2 (RIGHT) is not done; check platformType of both clusters, and flip (-f)',
  },
  {
    code: 'LEGACY_HIVE_RIGHT_CLUSTER',
    applies: ({ configuration: { dataStrategy, clusters } }) =>
      dataStrategy === 'CONVERT_LINKED' && clusters.RIGHT !== undefined && isLegacy(clusters.RIGHT),
    text: () => 'CONVERT_LINKED needs Hive 3 or newer on RIGHT; check clusters.RIGHT.platformType',
  },
  {
    code: 'OZONE_VOLUME_NAME_TOO_SHORT',
    applies: ({ configuration }) => shortVolumes(configuration).length > 0,
    text: ({ configuration }) =>
      `Ozone wants volume names of 3 letters or more; warehouse plans begin with ${shortVolumes(configuration).join(', ')}: name other directories (-wps)`,
  },
  {
    code: 'ALIGN_LOCATIONS_WITHOUT_WAREHOUSE_PLANS',
    applies: ({ configuration }) =>
      isMetadataLoaded(configuration) &&
      configuration.transfer.storageMigration.dataMovementStrategy === 'DISTCP' &&
      !hasWarehouse(configuration),
    text: () => 'ALIGNED locations by DISTCP need to know the warehouse; give -wps, or both -wd and -ewd',
  },
  {
    code: 'LINKED_NO_ACID_SUPPORT',
    applies: ({ configuration: { dataStrategy, migrateACID } }) => dataStrategy === 'LINKED' && migrateACID.on,
    text: () => 'LINKED cannot share transactional tables; turn migrateACID.on (-ma, -mao) off, or use SQL, EXPORT_IMPORT or HYBRID',
  },
  {
    code: 'VALID_SYNC_STRATEGIES',
    applies: ({ configuration: { dataStrategy, sync } }) => sync && !SYNC_STRATEGIES.includes(dataStrategy),
    text: ({ configuration }) => `sync (-s) does not go with ${configuration.dataStrategy}; it goes with ${SYNC_STRATEGIES.join(', ')}`,
  },
  {
    code: 'VALID_ACID_STRATEGIES',
    applies: ({ configuration: { dataStrategy, migrateACID } }) => migrateACID.on && !ACID_STRATEGIES.includes(dataStrategy),
    text: ({ configuration }) =>
      `migrateACID.on (-ma, -mao) does not go with ${configuration.dataStrategy}; it goes with ${ACID_STRATEGIES.join(', ')}`,
  },
  {
    code: 'VALID_ACID_DA_IP_STRATEGIES',
    applies: ({ configuration: { dataStrategy, migrateACID } }) => migrateACID.inplace && dataStrategy !== 'SQL',
    text: ({ configuration }) => `migrateACID.inplace (-ip) goes with SQL only, found ${configuration.dataStrategy}`,
  },
];

/** Directories of the warehouse by plan, or for all databases. */
function hasWarehouse({ transfer: { warehouse }, translator }: HmsMirrorConfiguration): boolean {
  if (Object.keys(translator.warehouseMapBuilder.warehousePlans).length > 0) return true;
  return warehouse?.externalDirectory !== undefined && warehouse.managedDirectory !== undefined;
}

function missingSide({ dataStrategy, clusters, migrateACID }: HmsMirrorConfiguration): 'LEFT' | 'RIGHT' | undefined {
  if (clusters.LEFT === undefined) return 'LEFT';
  const isAlone = LEFT_ONLY.includes(dataStrategy) || (dataStrategy === 'SQL' && migrateACID.inplace);
  return clusters.RIGHT === undefined && !isAlone ? 'RIGHT' : undefined;
}

function shortVolumes({ transfer, translator }: HmsMirrorConfiguration): readonly string[] {
  if (transfer.targetNamespace?.startsWith('ofs://') !== true) return [];
  const plans = Object.values(translator.warehouseMapBuilder.warehousePlans);
  const directories = plans.flatMap(({ externalDirectory, managedDirectory }) => [externalDirectory, managedDirectory]);
  const volumes = directories.filter((path) => path !== undefined).map((path) => path.split('/')[1] ?? '');
  return [...new Set(volumes.filter((volume) => volume.length < 3).map((volume) => `/${volume}`))];
}
