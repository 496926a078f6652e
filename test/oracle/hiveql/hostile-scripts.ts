import { DEFAULT_PARTITION, partitionName, planScripts } from '@hiveferry/core';
import type { Column, RecordedDatabase, RecordedTable, ScriptSettings, Table, TablePair } from '@hiveferry/core';
import { ORC_FORMAT, aDescriptor, aTable } from '../../../libs/core/src/testing/builders.ts';
import { OLD_HIVE, scriptSettings } from '../../../libs/core/src/testing/script-builders.ts';
import type { SettingsOverrides } from '../../../libs/core/src/testing/script-builders.ts';

/** One statement of a script, and where it comes from. */
export interface HostileStatement {
  readonly variant: string;
  readonly table: string;
  readonly side: 'source' | 'target';
  readonly sql: string;
}

const both = { source: true, target: true } as const;

interface Variant {
  readonly settings: SettingsOverrides;
  /** Which sides have the tables. @default the source */
  readonly on?: { readonly source?: boolean; readonly target?: boolean };
}

const ALIGNED = { locations: { translation: 'ALIGNED' }, movement: { by: 'DISTCP' } } as const satisfies SettingsOverrides;
const OWNED = { ownership: { database: true, table: true } } as const satisfies SettingsOverrides;

/** The ten strategies, each in the forms that print other statements. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  SCHEMA_ONLY: { settings: { strategy: 'SCHEMA_ONLY', ...OWNED } },
  'SCHEMA_ONLY from an old Hive': { settings: { strategy: 'SCHEMA_ONLY', clusters: { source: OLD_HIVE } } },
  'SCHEMA_ONLY, aligned, by DistCp': { settings: { strategy: 'SCHEMA_ONLY', ...ALIGNED, databases: { consolidateCreate: true } } },
  'SCHEMA_ONLY, sync of both sides': { settings: { strategy: 'SCHEMA_ONLY', sync: true, ...ALIGNED }, on: both },
  'SCHEMA_ONLY, sync of what is gone': { settings: { strategy: 'SCHEMA_ONLY', sync: true }, on: { target: true } },
  'SCHEMA_ONLY of views': { settings: { strategy: 'SCHEMA_ONLY', selection: { views: true } } },
  LINKED: { settings: { strategy: 'LINKED', ...OWNED } },
  COMMON: { settings: { strategy: 'COMMON' } },
  SQL: { settings: { strategy: 'SQL', movement: { by: 'SQL' } } },
  'SQL by intermediate storage': {
    settings: { strategy: 'SQL', movement: { by: 'SQL' }, locations: { intermediateStorage: 's3a://between' } },
  },
  'SQL, downgrade': { settings: { strategy: 'SQL', movement: { by: 'SQL' }, acid: { downgrade: true } } },
  'SQL, downgrade in place': { settings: { strategy: 'SQL', movement: { by: 'SQL' }, acid: { downgrade: true, inPlace: true } } },
  EXPORT_IMPORT: { settings: { strategy: 'EXPORT_IMPORT', movement: { by: 'NONE' }, ...OWNED } },
  HYBRID: { settings: { strategy: 'HYBRID', movement: { by: 'SQL' } } },
  'STORAGE_MIGRATION by DistCp': { settings: { strategy: 'STORAGE_MIGRATION', ...ALIGNED } },
  'STORAGE_MIGRATION with archive': {
    settings: { strategy: 'STORAGE_MIGRATION', ...ALIGNED, movement: { by: 'DISTCP', createArchive: true } },
  },
  'STORAGE_MIGRATION by SQL': { settings: { strategy: 'STORAGE_MIGRATION', ...ALIGNED, movement: { by: 'SQL' } } },
  DUMP: { settings: { strategy: 'DUMP' } },
  CONVERT_LINKED: { settings: { strategy: 'CONVERT_LINKED' }, on: both },
  ICEBERG_CONVERSION: { settings: { strategy: 'ICEBERG_CONVERSION', iceberg: { convert: true, inPlace: true } } },
};

type Statement = ReturnType<typeof planScripts>['statements'][number];

/** All statements of all strategies for tables whose every name and value is the text. */
export function hostileScripts(text: string): readonly HostileStatement[] {
  return Object.entries(VARIANTS).flatMap(([variant, { settings, on = { source: true } }]) => {
    const script = planScripts(hostileDatabase(text, on), withOwnerKinds(scriptSettings(settings)));
    const ofDatabase = script.statements.flatMap(withUndo).map(({ side, sql }) => ({ variant, table: '', side, sql }));
    const ofTables = script.tables.flatMap(({ name, statements }) =>
      statements.flatMap(withUndo).map(({ side, sql }) => ({ variant, table: name.replace(text, 'TEXT'), side, sql })),
    );
    return [...ofDatabase, ...ofTables].filter(({ sql }) => !sql.startsWith('SET '));
  });
}

/** Without the word USER no Hive of the lab parses SET OWNER of a database. */
function withOwnerKinds(settings: ScriptSettings): ScriptSettings {
  const target = { ...(settings.clusters.target ?? settings.clusters.source), ownerTakesKind: true };
  return { ...settings, clusters: { source: { ...settings.clusters.source, ownerTakesKind: true }, target } };
}

function hostileDatabase(text: string, on: NonNullable<Variant['on']>): RecordedDatabase {
  const database = {
    name: text,
    description: text,
    locationUri: `hdfs://SRC/data/${text}`,
    managedLocationUri: `hdfs://SRC/managed/${text}`,
    parameters: { [`k${text}`]: text },
    owner: { name: text, type: 'USER' },
  } as const;
  const sides = { ...(on.source === true ? { source: database } : {}), ...(on.target === true ? { target: database } : {}) };
  return { name: text, ...sides, tables: tablesOf(text).map((table) => pairOf(table, on)) };
}

function pairOf(table: RecordedTable, on: NonNullable<Variant['on']>): TablePair {
  // What the target has of it is less, so that there is something to amend.
  const target = { ...table, partitions: table.partitions.slice(1) };
  return { name: table.table.name, ...(on.source === true ? { source: table } : {}), ...(on.target === true ? { target } : {}) };
}

/** A statement, and what takes it back. */
function withUndo({ side, sql, undo }: Statement): readonly Pick<Statement, 'side' | 'sql'>[] {
  return [{ side, sql }, ...(undo.kind === 'statements' ? undo.sql.map((text) => ({ side, sql: text })) : [])];
}

function tablesOf(text: string): readonly RecordedTable[] {
  const managed = { tableType: 'MANAGED_TABLE' } as const;
  return [
    hostileTable(`${text}_external`, text, {}),
    hostileTable(`${text}_managed`, text, managed),
    hostileTable(`${text}_acid`, text, { ...managed, parameters: { transactional: 'true', [`k${text}`]: text } }),
    hostileTable(`${text}_flat`, text, { partitionKeys: [] }),
    hostileTable(`${text}_view`, text, {
      tableType: 'VIRTUAL_VIEW',
      partitionKeys: [],
      viewOriginalText: "SELECT 'it\\'s'",
      viewExpandedText: "SELECT 'it\\'s'",
    }),
  ];
}

function hostileTable(name: string, text: string, overrides: Partial<Table>): RecordedTable {
  const location = `hdfs://SRC/data/${text}/${name}`;
  const partitionKeys: readonly Column[] = [{ name: `p${text}`, type: 'string', comment: text }];
  const table = aTable({
    database: text,
    name,
    partitionKeys,
    owner: { name: text, type: 'USER' },
    parameters: { comment: text, [`k${text}`]: text },
    ...overrides,
    storage: aDescriptor({
      ...ORC_FORMAT,
      columns: [{ name: text, type: 'struct<date:int>', comment: text }],
      location,
      serde: { ...ORC_FORMAT.serde, parameters: { [`k${text}`]: text } },
      ...(isBucketed(name) ? { numBuckets: 4, bucketColumns: [text] } : {}),
    }),
  });
  const names = [text, 'x', DEFAULT_PARTITION].map((value) => partitionName(partitionKeys, [value]));
  const partitions =
    table.partitionKeys.length === 0 ? [] : names.map((partition) => ({ name: partition, location: `${location}/${partition}` }));
  return { table, partitions, definition: [] };
}

const isBucketed = (name: string): boolean => name.endsWith('_acid');
