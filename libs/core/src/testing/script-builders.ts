import type { RecordedDatabase, RecordedPartition, RecordedTable, TablePair } from '../model/data-set.ts';
import type { DatabaseScript, ScriptStatement, TableScript } from '../model/script-plan.ts';
import type { ClusterProfile, ScriptSettings } from '../model/script-settings.ts';
import type { Table } from '../model/table.ts';
import { planScripts } from '../plan-scripts.ts';
import { ORC_FORMAT, aColumn, aTable } from './builders.ts';

/** Builders of what scripts are planned from: everything uninteresting has a value. */

const PROFILE: ClusterProfile = {
  hiveMajor: 3,
  isHdp3: false,
  ownerTakesKind: false,
  createIfNotExists: false,
  partitionDiscovery: false,
  repairPartitions: true,
  autoTableStats: false,
  autoColumnStats: false,
};

export const OLD_HIVE: ClusterProfile = { ...PROFILE, hiveMajor: 1, namespace: 'hdfs://SRC' };

export const SCRIPT_SETTINGS: ScriptSettings = {
  strategy: 'SCHEMA_ONLY',
  clusters: { source: { ...PROFILE, namespace: 'hdfs://SRC' }, target: { ...PROFILE, hiveMajor: 4, namespace: 'hdfs://TGT' } },
  names: { databasePrefix: '' },
  locations: {
    translation: 'RELATIVE',
    map: [],
    plans: {},
    warehouse: { external: '/wh/ext', managed: '/wh/mng' },
    forceExternalLocation: false,
  },
  movement: {
    by: 'MANUAL',
    flow: 'PULL',
    consolidateTables: false,
    createArchive: false,
    strict: false,
    keepDatabaseLocation: false,
  },
  selection: { acid: 'also', views: false, nonNative: false },
  acid: { bucketThreshold: 2, partitionLimit: 500, downgrade: false, inPlace: false },
  hybrid: { exportPartitionLimit: 100, sqlPartitionLimit: 500 },
  inserts: { sortDynamicPartitions: false, plain: true, autoTune: false, compressText: false, skipStatistics: true, overrides: [] },
  iceberg: { convert: false, formatVersion: 2, tableProperties: {}, inPlace: false },
  working: {
    transferPrefix: 'hms_mirror_transfer_',
    shadowPrefix: 'hms_mirror_shadow_',
    archiveSuffix: '_storage_migration',
    exportDirectoryPrefix: '/apps/hive/warehouse/export_',
    workingDirectory: 'hms_mirror_working',
    runMarker: 'run',
  },
  databases: { only: false, consolidateCreate: false, skipProperties: [] },
  ownership: { database: false, table: false },
  sync: false,
  readOnly: false,
  noPurge: false,
  keepWorkingTables: false,
  repairDefinitions: true,
  serdeRenames: {},
};

type Group =
  'clusters' | 'names' | 'locations' | 'movement' | 'selection' | 'acid' | 'hybrid' | 'inserts' | 'iceberg' | 'databases' | 'ownership';

/** Groups of settings are merged one level deep. */
export type SettingsOverrides = Partial<Omit<ScriptSettings, Group>> & { readonly [K in Group]?: Partial<ScriptSettings[K]> };

export function scriptSettings(overrides: SettingsOverrides = {}): ScriptSettings {
  return {
    ...SCRIPT_SETTINGS,
    ...overrides,
    clusters: { ...SCRIPT_SETTINGS.clusters, ...overrides.clusters },
    names: { ...SCRIPT_SETTINGS.names, ...overrides.names },
    locations: { ...SCRIPT_SETTINGS.locations, ...overrides.locations },
    movement: { ...SCRIPT_SETTINGS.movement, ...overrides.movement },
    selection: { ...SCRIPT_SETTINGS.selection, ...overrides.selection },
    acid: { ...SCRIPT_SETTINGS.acid, ...overrides.acid },
    hybrid: { ...SCRIPT_SETTINGS.hybrid, ...overrides.hybrid },
    inserts: { ...SCRIPT_SETTINGS.inserts, ...overrides.inserts },
    iceberg: { ...SCRIPT_SETTINGS.iceberg, ...overrides.iceberg },
    databases: { ...SCRIPT_SETTINGS.databases, ...overrides.databases },
    ownership: { ...SCRIPT_SETTINGS.ownership, ...overrides.ownership },
  };
}

/** An external ORC table `shop.NAME` in its own directory, with the given partitions of a column `dt` in their standard places. */
export function aRecorded(name = 'orders', overrides: Partial<Table> = {}, days: readonly string[] = []): RecordedTable {
  const location = `hdfs://SRC/data/shop.db/${name}`;
  const partitionKeys = days.length === 0 ? [] : [aColumn('dt string')];
  const { storage, ...others } = overrides;
  const table = aTable({
    name,
    partitionKeys,
    parameters: {},
    ...others,
    storage: { columns: [aColumn('id int')], ...ORC_FORMAT, location, ...storage },
  });
  return { table, partitions: days.map((day) => aRecordedPartition(`dt=${day}`, `${location}/dt=${day}`)), definition: [] };
}

export function anAcidTable(name = 'orders', days: readonly string[] = []): RecordedTable {
  return aRecorded(name, { tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } }, days);
}

export function anInsertOnlyTable(name = 'orders'): RecordedTable {
  const parameters = { transactional: 'true', transactional_properties: 'insert_only' };
  return aRecorded(name, { tableType: 'MANAGED_TABLE', parameters });
}

export function aRecordedPartition(name: string, location?: string): RecordedPartition {
  return location === undefined ? { name } : { name, location };
}

export function aPair(sides: { readonly source?: RecordedTable; readonly target?: RecordedTable }): TablePair {
  return { name: sides.source?.table.name ?? sides.target?.table.name ?? 'orders', ...sides };
}

export function aDatabase(tables: readonly TablePair[], overrides: Partial<RecordedDatabase> = {}): RecordedDatabase {
  return { name: 'shop', source: { name: 'shop', locationUri: 'hdfs://SRC/data/shop.db', parameters: {} }, tables, ...overrides };
}

export function scriptsOf(tables: readonly TablePair[], overrides: SettingsOverrides = {}): DatabaseScript {
  return planScripts(aDatabase(tables), scriptSettings(overrides));
}

/** The scripts of one table that is on the source only. */
export function scriptOf(source: RecordedTable, overrides: SettingsOverrides = {}): TableScript {
  const [table] = scriptsOf([aPair({ source })], overrides).tables;
  if (table === undefined) throw new Error('the table was left out');
  return table;
}

/** What would be run, each statement on one line: `source|target`, then the text. Clean-up statements are marked. */
export function linesOf(statements: readonly ScriptStatement[]): readonly string[] {
  return statements.map(({ side, phase, sql }) => `${phase === 'clean-up' ? 'clean-up ' : ''}${side}: ${sql.replaceAll(/\s+/g, ' ')}`);
}
