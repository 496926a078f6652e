import type { ClusterProfile, DataMovement, LocationMapEntry, ScriptSettings, WarehouseDirectories } from '@hiveferry/core';
import { DATA_STRATEGIES } from '@hiveferry/core';
import { transferOf } from './transfer-settings.ts';
import { PLATFORMS, platformOf } from './cluster-schema.ts';
import type { PeerCluster } from './cluster-schema.ts';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

/** Names its directory on intermediate storage; a constant, so that the same input gives the same bytes. */
const RUN_MARKER = 'hiveferry';

/** What hms-mirror renames when its configuration says nothing. */
const SERDE_RENAMES: Readonly<Record<string, string>> = {
  'org.apache.hadoop.hive.contrib.serde2.RegexSerDe': 'org.apache.hadoop.hive.serde2.RegexSerDe',
  'org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe': 'org.apache.hadoop.hive.serde2.MultiDelimitSerDe',
  'org.apache.hadoop.hive.contrib.serde2.TypedBytesSerDe': 'org.apache.hadoop.hive.serde2.TypedBytesSerDe',
};

/** The core's settings of an adjusted configuration. */
export function scriptSettingsOf(configuration: HmsMirrorConfiguration): ScriptSettings {
  const { dbPrefix = '', dbRename = '' } = configuration;
  return {
    strategy: strategyOf(configuration),
    clusters: clustersOf(configuration),
    names: { databasePrefix: dbPrefix, ...(dbRename === '' ? {} : { databaseRename: dbRename }) },
    locations: locationsOf(configuration),
    movement: movementOf(configuration),
    selection: selectionOf(configuration),
    acid: {
      bucketThreshold: configuration.migrateACID.artificialBucketThreshold,
      partitionLimit: configuration.migrateACID.partitionLimit,
      downgrade: configuration.migrateACID.downgrade,
      inPlace: configuration.migrateACID.inplace,
    },
    hybrid: {
      exportPartitionLimit: configuration.hybrid.exportImportPartitionLimit,
      sqlPartitionLimit: configuration.hybrid.sqlPartitionLimit,
      sqlSizeLimitBytes: configuration.hybrid.sqlSizeLimit,
    },
    inserts: insertsOf(configuration),
    iceberg: icebergOf(configuration),
    working: workingOf(configuration),
    databases: {
      only: configuration.databaseOnly,
      consolidateCreate: configuration.consolidateDBCreateStatements,
      skipProperties: configuration.filter.dbPropertySkipList,
    },
    ...switchesOf(configuration),
  };
}

function strategyOf({ dataStrategy }: HmsMirrorConfiguration): ScriptSettings['strategy'] {
  // ACID and INTERMEDIATE are refused as strategies of a run before this.
  return DATA_STRATEGIES.find((name) => name === dataStrategy) ?? 'SQL';
}

function switchesOf(configuration: HmsMirrorConfiguration) {
  const { sync, readOnly, noPurge, ownershipTransfer, saveWorkingTables, skipFeatures } = configuration;
  return {
    ownership: ownershipTransfer,
    sync,
    readOnly,
    noPurge,
    keepWorkingTables: saveWorkingTables,
    repairDefinitions: !skipFeatures,
    serdeRenames: serdeRenamesOf(configuration),
  };
}

/** The file holds class names in quotes of their own. */
function serdeRenamesOf({
  skipLegacyTranslation,
  legacyTranslations: { rowSerde },
}: HmsMirrorConfiguration): Readonly<Record<string, string>> {
  if (skipLegacyTranslation) return {};
  if (Object.keys(rowSerde).length === 0) return SERDE_RENAMES;
  const bare = (text: string) => text.replaceAll(/^['"]|['"]$/g, '');
  return Object.fromEntries(Object.entries(rowSerde).map(([from, to]) => [bare(from), bare(to)]));
}

function clustersOf({ clusters, migrateACID, dataStrategy }: HmsMirrorConfiguration): ScriptSettings['clusters'] {
  const source = profileOf(clusters.LEFT);
  const isAlone = migrateACID.inplace && dataStrategy === 'SQL';
  return clusters.RIGHT === undefined || isAlone ? { source } : { source, target: profileOf(clusters.RIGHT) };
}

/** Defaults stand where LEFT is missing; such a run is refused. */
function profileOf(cluster: PeerCluster | undefined): ClusterProfile {
  const platform = cluster === undefined ? 'CDP7_1' : platformOf(cluster);
  return {
    hiveMajor: PLATFORMS[platform].hiveMajor,
    isHdp3: platform === 'HDP3',
    ownerTakesKind: PLATFORMS[platform].ownerTakesKind,
    ...(cluster?.hcfsNamespace === undefined ? {} : { namespace: cluster.hcfsNamespace.trim().replace(/\/+$/, '') }),
    createIfNotExists: cluster?.createIfNotExists ?? false,
    partitionDiscovery: cluster?.partitionDiscovery.auto ?? true,
    repairPartitions: cluster?.partitionDiscovery.initMSCK ?? true,
    autoTableStats: cluster?.enableAutoTableStats ?? false,
    autoColumnStats: cluster?.enableAutoColumnStats ?? false,
  };
}

function locationsOf({ transfer, translator }: HmsMirrorConfiguration): ScriptSettings['locations'] {
  const { targetNamespace = '', intermediateStorage = '', warehouse, storageMigration } = transfer;
  return {
    translation: storageMigration.translationType,
    ...(targetNamespace.trim() === '' ? {} : { targetNamespace }),
    ...(intermediateStorage.trim() === '' ? {} : { intermediateStorage: intermediateStorage.trim().replace(/\/+$/, '') }),
    map: Object.entries(translator.userGlobalLocationMap).map(mapEntry),
    plans: Object.fromEntries(
      Object.entries(translator.warehouseMapBuilder.warehousePlans).map(([database, plan]) => [database, directoriesOf(plan)]),
    ),
    ...(warehouse === undefined ? {} : { warehouse: directoriesOf(warehouse) }),
    forceExternalLocation: translator.forceExternalLocation,
  };
}

type PeerMap = HmsMirrorConfiguration['translator']['userGlobalLocationMap'];

function mapEntry([from, kinds]: readonly [string, PeerMap[string]]): LocationMapEntry {
  const { EXTERNAL_TABLE: external, MANAGED_TABLE: managed } = kinds;
  return {
    from: from.replace(/^[a-z0-9]+:\/\/[^/]*/i, ''),
    ...(external === undefined ? {} : { external }),
    ...(managed === undefined ? {} : { managed }),
  };
}

function directoriesOf({
  externalDirectory,
  managedDirectory,
}: {
  readonly externalDirectory?: string;
  readonly managedDirectory?: string;
}): WarehouseDirectories {
  return {
    ...(externalDirectory === undefined ? {} : { external: externalDirectory }),
    ...(managedDirectory === undefined ? {} : { managed: managedDirectory }),
  };
}

const MOVEMENTS = {
  SQL: 'SQL',
  DISTCP: 'DISTCP',
  MANUAL: 'MANUAL',
  EXPORT_IMPORT: 'NONE',
  HYBRID: 'NONE',
  NA: 'NONE',
} as const satisfies Readonly<Record<HmsMirrorConfiguration['transfer']['storageMigration']['dataMovementStrategy'], DataMovement>>;

function movementOf({ transfer: { storageMigration, distcp } }: HmsMirrorConfiguration): ScriptSettings['movement'] {
  return {
    by: MOVEMENTS[storageMigration.dataMovementStrategy],
    flow: storageMigration.dataFlow,
    consolidateTables: storageMigration.consolidateTablesForDistcp,
    createArchive: storageMigration.createArchive,
    strict: storageMigration.strict,
    keepDatabaseLocation: storageMigration.skipDatabaseLocationAdjustments,
    transfer: transferOf(distcp),
  };
}

function selectionOf({ filter, migrateACID, migrateVIEW, migrateNonNative }: HmsMirrorConfiguration): ScriptSettings['selection'] {
  const alsoAcid = migrateACID.on ? 'also' : 'no';
  return {
    ...(filter.tblRegEx === undefined ? {} : { include: filter.tblRegEx }),
    ...(filter.tblExcludeRegEx === undefined ? {} : { exclude: filter.tblExcludeRegEx }),
    ...(filter.tblSizeLimit > 0 ? { maxSizeMb: filter.tblSizeLimit } : {}),
    ...(filter.tblPartitionLimit > 0 ? { maxPartitions: filter.tblPartitionLimit } : {}),
    acid: migrateACID.only ? 'only' : alsoAcid,
    views: migrateVIEW.on,
    nonNative: migrateNonNative,
  };
}

function insertsOf({ optimization }: HmsMirrorConfiguration): ScriptSettings['inserts'] {
  const sides = { LEFT: 'source', RIGHT: 'target', BOTH: 'both' } as const;
  return {
    sortDynamicPartitions: optimization.sortDynamicPartitionInserts,
    plain: optimization.skip,
    autoTune: optimization.autoTune,
    compressText: optimization.compressTextOutput,
    skipStatistics: optimization.skipStatsCollection,
    overrides: Object.entries(optimization.overrides.properties).flatMap(([key, values]) =>
      (['LEFT', 'RIGHT', 'BOTH'] as const).flatMap((side) => {
        const value = values[side];
        if (value === undefined) return [];
        return [{ key, ...(value === '' ? {} : { value }), side: sides[side] }];
      }),
    ),
  };
}

function icebergOf({ icebergConversion }: HmsMirrorConfiguration): ScriptSettings['iceberg'] {
  const { enable, version, tableProperties, inplace } = icebergConversion;
  return { convert: enable, formatVersion: version, tableProperties, inPlace: inplace };
}

function workingOf({ transfer }: HmsMirrorConfiguration): ScriptSettings['working'] {
  return {
    transferPrefix: transfer.transferPrefix,
    shadowPrefix: transfer.shadowPrefix,
    archiveSuffix: transfer.storageMigrationPostfix,
    exportDirectoryPrefix: transfer.exportBaseDirPrefix,
    workingDirectory: transfer.remoteWorkingDirectory,
    runMarker: RUN_MARKER,
  };
}
