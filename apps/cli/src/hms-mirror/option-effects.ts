import type { PeerPropertyName } from './option-table.ts';

/** A value to be set in the configuration, or what is wrong with the text that was given. */
export type Edit = { readonly path: readonly string[]; readonly value: unknown } | { readonly problem: string };

type Effect = (value: string) => readonly Edit[];

const set =
  (path: string): Effect =>
  (value) => [{ path: path.split('.'), value }];

/** `true` and `false`, as the option or its property say them. */
const flag =
  (...paths: readonly string[]): Effect =>
  (value) =>
    value === 'true' || value === 'false'
      ? paths.map((path) => ({ path: path.split('.'), value: value === 'true' }))
      : [{ problem: `expected true or false, found ${value}` }];

const list =
  (path: string): Effect =>
  (value) => [{ path: path.split('.'), value: entriesOf(value) }];

/** `key=value,...` below a path; what stands between a key and its value may hold further `=`. */
const pairs =
  (path: string, suffix: readonly string[] = []): Effect =>
  (value) =>
    entriesOf(value).map((entry) => {
      const [, key = entry, text = ''] = /^([^=]*)=(.*)$/s.exec(entry) ?? [];
      return { path: [...path.split('.'), key, ...suffix], value: text };
    });

/** Accepted, and right as it is: there is nothing to be changed. */
const nothing: Effect = () => [];

const refused =
  (problem: string): Effect =>
  () => [{ problem }];

const acid =
  (only: boolean): Effect =>
  (value) => {
    if (value === 'false') return [];
    const mode = [
      { path: ['migrateACID', 'on'], value: true },
      { path: ['migrateACID', 'only'], value: only },
    ];
    if (value === 'true' || value === '') return mode;
    return [...mode, { path: ['migrateACID', 'artificialBucketThreshold'], value }];
  };

const distcp: Effect = (value) => [
  { path: ['transfer', 'storageMigration', 'dataMovementStrategy'], value: 'DISTCP' },
  ...(value === 'true' || value === '' ? [] : [{ path: ['transfer', 'storageMigration', 'dataFlow'], value }]),
];

const intermediateStorage: Effect = (value) => [
  { path: ['transfer', 'intermediateStorage'], value },
  { path: ['transfer', 'storageMigration', 'dataFlow'], value: 'PUSH_PULL' },
];

/** `db=external:managed,...` */
const warehousePlans: Effect = (value) =>
  entriesOf(value).flatMap((entry): readonly Edit[] => {
    const [, database, external, managed] = /^([^=]+)=([^:]+):([^:]+)$/.exec(entry) ?? [];
    if (database === undefined) return [{ problem: `${entry}: expected db=external-directory:managed-directory` }];
    return [
      {
        path: ['translator', 'warehouseMapBuilder', 'warehousePlans', database],
        value: { externalDirectory: external, managedDirectory: managed },
      },
    ];
  });

const alignLocations: Effect = (value) =>
  value === 'false' ? [] : [{ path: ['transfer', 'storageMigration', 'translationType'], value: 'ALIGNED' }];

const PASSWORDS = 'ferry keeps no passwords in files; scripts need none';

/** What each option changes in the configuration. Those that need the whole of it are in `late-options.ts` and change nothing here. */
export const OPTION_EFFECTS: Readonly<Record<PeerPropertyName, Effect>> = {
  quiet: flag('quiet'),
  comment: set('comment'),
  concurrency: nothing,
  'reset-right': flag('resetRight'),
  'reset-to-default-location': nothing,
  'save-working-tables': flag('saveWorkingTables'),
  'skip-legacy-translation': flag('skipLegacyTranslation'),
  'suppress-cli-warnings': flag('suppressCliWarnings'),
  flip: nothing,
  'consolidate-db-create-statements': flag('consolidateDBCreateStatements'),
  distcp,
  'data-strategy': set('dataStrategy'),
  'data-movement-strategy': set('transfer.storageMigration.dataMovementStrategy'),
  'dump-source': set('dumpSource'),
  'property-overrides': pairs('optimization.overrides.properties', ['BOTH']),
  'property-overrides-left': pairs('optimization.overrides.properties', ['LEFT']),
  'property-overrides-right': pairs('optimization.overrides.properties', ['RIGHT']),
  'skip-stats-collection': flag('optimization.skipStatsCollection'),
  'skip-optimizations': flag('optimization.skip'),
  'sort-dynamic-partition-inserts': flag('optimization.sortDynamicPartitionInserts'),
  'auto-tune': flag('optimization.autoTune'),
  'compress-text-output': flag('optimization.compressTextOutput'),
  'iceberg-version': set('icebergConversion.version'),
  'iceberg-table-property-overrides': pairs('icebergConversion.tableProperties'),
  'create-if-not-exist': nothing,
  'dump-test-data': flag('dumpTestData'),
  'load-test-data': set('loadTestDataFile'),
  'force-external-location': flag('translator.forceExternalLocation'),
  'global-location-map': nothing,
  'intermediate-storage': intermediateStorage,
  'common-storage': set('transfer.targetNamespace'),
  'database-skip-properties': list('filter.dbPropertySkipList'),
  'pass-through': nothing,
  'external-warehouse-directory': set('transfer.warehouse.externalDirectory'),
  'warehouse-directory': set('transfer.warehouse.managedDirectory'),
  'warehouse-plans': warehousePlans,
  'database-only': flag('databaseOnly'),
  'migrate-acid-only': acid(true),
  'migrate-non-native-only': flag('migrateNonNative'),
  'views-only': flag('migrateVIEW.on'),
  'migrate-acid': acid(false),
  'downgrade-acid': flag('migrateACID.downgrade', 'migrateACID.on'),
  'evaluate-partition-location': nothing,
  'right-is-disconnected': nothing,
  'in-place': flag('migrateACID.inplace', 'migrateACID.on', 'migrateACID.only'),
  'skip-link-check': flag('skipLinkCheck'),
  'migrate-non-native': flag('migrateNonNative'),
  sync: flag('sync'),
  'read-only': flag('readOnly'),
  'no-purge': flag('noPurge'),
  accept: nothing,
  'output-dir': nothing,
  'skip-features': flag('skipFeatures'),
  execute: flag('execute'),
  'avro-schema-migration': flag('copyAvroSchemaUrls'),
  'transfer-ownership': flag('ownershipTransfer.database', 'ownershipTransfer.table'),
  'transfer-ownership-database': flag('ownershipTransfer.database'),
  'transfer-ownership-table': flag('ownershipTransfer.table'),
  'db-prefix': set('dbPrefix'),
  'db-rename': set('dbRename'),
  'storage-migration-namespace': set('transfer.targetNamespace'),
  'storage-migration-strict': flag('transfer.storageMigration.strict'),
  database: list('databases'),
  'database-regex': set('filter.dbRegEx'),
  help: nothing,
  password: refused(PASSWORDS),
  'decrypt-password': refused(PASSWORDS),
  replay: refused('hms-mirror never had it; run the same command again, the same input gives the same files'),
  setup: refused('write the configuration file by hand; docs/how-to/from-hms-mirror.md shows one'),
  'password-key': nothing,
  'sql-output': nothing,
  'acid-partition-count': set('migrateACID.partitionLimit'),
  'sql-partition-count': set('hybrid.sqlPartitionLimit'),
  'export-partition-count': set('hybrid.exportImportPartitionLimit'),
  'table-filter': set('filter.tblRegEx'),
  'table-exclude-filter': set('filter.tblExcludeRegEx'),
  'table-filter-size-limit': set('filter.tblSizeLimit'),
  'table-filter-partition-count-limit': set('filter.tblPartitionLimit'),
  'translation-type': set('transfer.storageMigration.translationType'),
  config: nothing,
  'align-locations': alignLocations,
  'target-namespace': set('transfer.targetNamespace'),
  'consolidate-tables-for-distcp': flag('transfer.storageMigration.consolidateTablesForDistcp'),
  beta: flag('beta'),
};

/** Of two options that set the same key the later one here wins, as in hms-mirror: it applies them by name, whatever their order. */
const APPLIED_FIRST: readonly PeerPropertyName[] = [
  'common-storage',
  'distcp',
  'migrate-acid-only',
  'target-namespace',
  'transfer-ownership',
];

/** Sorts options into the order in which they take effect. */
export function inOrderOfEffect<T extends { readonly name: PeerPropertyName }>(options: readonly T[]): readonly T[] {
  const rank = (name: PeerPropertyName) => (APPLIED_FIRST.includes(name) ? `0${name}` : `1${name}`);
  return options
    .map((option, index) => ({ option, index, rank: rank(option.name) }))
    .sort((a, b) => (a.rank === b.rank ? a.index - b.index : a.rank < b.rank ? -1 : 1))
    .map(({ option }) => option);
}

function entriesOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
