import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedDatabase, RecordedTable } from '../model/data-set.ts';
import type { DatabaseScript } from '../model/script-plan.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { planScripts } from '../plan-scripts.ts';
import { SCRIPT_SETTINGS, aDatabase, aPair, aRecorded, aRecordedPartition, scriptSettings } from './script-builders.ts';
import type { SettingsOverrides } from './script-builders.ts';
import { rowsOf } from './model-files.ts';
import type { Side, TwoClusters } from './model-files.ts';
import { apply, clustersOf } from './two-clusters.ts';

const PLANS = { shop: { external: '/new/ext', managed: '/new/mng' } };
const ALIGNED = { translation: 'ALIGNED', plans: PLANS } as const;
const ONE_CLUSTER = { target: SCRIPT_SETTINGS.clusters.source };
const TO_OZONE = { ...ALIGNED, targetNamespace: 'ofs://NEW' } as const;

interface Expected {
  readonly title: string;
  readonly overrides: SettingsOverrides;
  readonly reader: Side;
  /** Tables that the strategy takes. */
  readonly takes: 'plain' | 'acid' | 'all';
  /** Partitions may lie outside their table's directory. */
  readonly strays: boolean;
}

const EXPECTED: readonly Expected[] = [
  { title: 'SCHEMA_ONLY, relative, copied', overrides: { movement: { by: 'DISTCP' } }, reader: 'target', takes: 'plain', strays: false },
  {
    title: 'SCHEMA_ONLY, aligned, copied',
    overrides: { locations: ALIGNED, movement: { by: 'DISTCP' } },
    reader: 'target',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'SCHEMA_ONLY, aligned, copied over intermediate storage',
    overrides: { locations: { ...ALIGNED, intermediateStorage: 's3a://between' }, movement: { by: 'DISTCP', flow: 'PUSH_PULL' } },
    reader: 'target',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'SCHEMA_ONLY, aligned, consolidated',
    overrides: { locations: ALIGNED, movement: { by: 'DISTCP', consolidateTables: true } },
    reader: 'target',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'SCHEMA_ONLY with a prefix',
    overrides: { names: { databasePrefix: 'dr_' }, movement: { by: 'DISTCP' } },
    reader: 'target',
    takes: 'plain',
    strays: false,
  },
  { title: 'LINKED', overrides: { strategy: 'LINKED' }, reader: 'target', takes: 'plain', strays: false },
  { title: 'COMMON', overrides: { strategy: 'COMMON' }, reader: 'target', takes: 'plain', strays: false },
  {
    title: 'SQL over linked clusters',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'SQL over intermediate storage',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' }, locations: { intermediateStorage: 's3a://between' } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'SQL with a downgrade',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' }, acid: { downgrade: true } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'SQL in place',
    overrides: { strategy: 'SQL', movement: { by: 'SQL' }, acid: { downgrade: true, inPlace: true } },
    reader: 'source',
    takes: 'acid',
    strays: false,
  },
  {
    title: 'EXPORT_IMPORT',
    overrides: { strategy: 'EXPORT_IMPORT', movement: { by: 'NONE' } },
    reader: 'target',
    takes: 'all',
    strays: true,
  },
  {
    title: 'HYBRID',
    overrides: { strategy: 'HYBRID', movement: { by: 'SQL' }, hybrid: { exportPartitionLimit: 1 } },
    reader: 'target',
    takes: 'all',
    strays: false,
  },
  {
    title: 'STORAGE_MIGRATION in place',
    overrides: { strategy: 'STORAGE_MIGRATION', clusters: ONE_CLUSTER, locations: TO_OZONE, movement: { by: 'DISTCP' } },
    reader: 'source',
    takes: 'all',
    strays: true,
  },
  {
    title: 'STORAGE_MIGRATION with an archive',
    overrides: {
      strategy: 'STORAGE_MIGRATION',
      clusters: ONE_CLUSTER,
      locations: TO_OZONE,
      movement: { by: 'DISTCP', createArchive: true },
    },
    reader: 'source',
    takes: 'plain',
    strays: true,
  },
  {
    title: 'STORAGE_MIGRATION by SQL',
    overrides: { strategy: 'STORAGE_MIGRATION', clusters: ONE_CLUSTER, locations: TO_OZONE, movement: { by: 'SQL' } },
    reader: 'source',
    takes: 'all',
    strays: true,
  },
];

/** A table of any kind, with partitions in their places or strayed, in the directory of the database or elsewhere. */
function tableArbitrary(takes: Expected['takes'], strays: boolean): fc.Arbitrary<RecordedTable> {
  const kinds = { plain: ['external', 'managed'], acid: ['acid'], all: ['external', 'managed', 'acid'] } as const;
  return fc
    .record({
      name: fc.constantFrom('a', 'b', 'ab', 'shop', 'shop_old', 'x.y'),
      kind: fc.constantFrom(...kinds[takes]),
      directory: fc.constantFrom('hdfs://SRC/data/shop.db', 'hdfs://SRC/shop', 'hdfs://SRC/data/other'),
      days: fc.uniqueArray(fc.constantFrom('1', '2', 'a b', 'x=y', "o'b", 'ä/ö', '%41', '__HIVE_DEFAULT_PARTITION__'), { maxLength: 4 }),
      isStrayed: fc.boolean(),
    })
    .map(({ name, kind, directory, days, isStrayed }) => {
      const own = aRecorded(
        name,
        kind === 'external' ? {} : { tableType: 'MANAGED_TABLE', parameters: kind === 'acid' ? { transactional: 'true' } : {} },
      );
      const location = `${directory}/${name}`;
      const at = strays && isStrayed ? `hdfs://SRC/stray/${name}` : location;
      const partitions = days
        .map((day) => `dt=${escaped(day)}`)
        .map((day, index) => aRecordedPartition(day, `${index === 0 ? at : location}/${day}`));
      const table = {
        ...own.table,
        storage: { ...own.table.storage, location },
        partitionKeys: days.length === 0 ? [] : [{ name: 'dt', type: 'string' }],
      };
      return { ...own, table, partitions };
    });
}

function escaped(value: string): string {
  return value.replaceAll(/[%='/]/g, (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase()}`);
}

function databaseArbitrary({ takes, strays }: Pick<Expected, 'takes' | 'strays'>): fc.Arbitrary<RecordedDatabase> {
  return fc
    .uniqueArray(tableArbitrary(takes, strays), { maxLength: 4, selector: ({ table }) => table.name })
    .map((tables) => aDatabase(tables.map((source) => aPair({ source }))));
}

function expectPromise(
  clusters: TwoClusters,
  script: DatabaseScript,
  { before, reader }: { before: ReadonlyMap<string, readonly string[]>; reader: Side },
): void {
  const database = reader === 'source' ? 'shop' : script.target;
  for (const { name, decision } of script.tables) {
    if (decision !== 'MIGRATE') continue;
    expect(rowsOf(clusters, reader, `${database}.${name}`), `${name} on the ${reader}`).toEqual(before.get(name));
  }
}

describe('a plan that is applied to a model of two clusters', () => {
  it.each(EXPECTED)('keeps what $title promises', (promise) => {
    let moved = 0;
    fc.assert(
      fc.property(databaseArbitrary(promise), (database) => {
        const clusters = clustersOf(database);
        const before = new Map(database.tables.map(({ name }) => [name, rowsOf(clusters, 'source', `shop.${name}`)]));
        const script = planScripts(database, scriptSettings(promise.overrides));
        moved += script.tables.filter(({ decision }) => decision === 'MIGRATE').length;
        apply(clusters, script, 'execute');
        expectPromise(clusters, script, { before, reader: promise.reader });
        apply(clusters, script, 'clean-up');
        expectPromise(clusters, script, { before, reader: promise.reader });
        const names = [...clusters.source.tables.keys(), ...clusters.target.tables.keys()];
        expect(
          names.filter((name) => /transfer_|shadow_|_archive$|_storage_migration$/.test(name)),
          'left over',
        ).toEqual([]);
        if (promise.reader === 'target') expectSourceAsBefore(clusters, before);
      }),
      { numRuns: 150 },
    );
    expect(moved, 'tables that were not refused').toBeGreaterThan(75);
  });

  it('refuses or leaves out every transactional table that would be copied or shared', () => {
    fc.assert(
      fc.property(databaseArbitrary({ takes: 'acid', strays: false }), (database) => {
        for (const strategy of ['LINKED', 'COMMON'] as const) {
          const { tables } = planScripts(database, scriptSettings({ strategy }));
          expect(tables.every(({ decision }) => decision === 'REFUSED')).toBe(true);
        }
        expect(database.tables.every(({ source }) => source !== undefined && isTransactional(source.table))).toBe(true);
      }),
    );
  });
});

function expectSourceAsBefore(clusters: TwoClusters, before: ReadonlyMap<string, readonly string[]>): void {
  for (const [name, rows] of before) expect(rowsOf(clusters, 'source', `shop.${name}`), `${name} on the source`).toEqual(rows);
}

describe('scripts', () => {
  it.each(EXPECTED)('of $title are the same whatever the order of the input', (promise) => {
    fc.assert(
      fc.property(databaseArbitrary(promise), fc.integer(), (database, seed) => {
        const settings = scriptSettings(promise.overrides);
        expect(planScripts(shuffled(database, seed), settings)).toEqual(planScripts(database, settings));
      }),
      { numRuns: 50 },
    );
  });

  it('of a sync that was done before do nothing', () => {
    const promise = EXPECTED[1];
    if (promise === undefined) throw new Error('no promise');
    fc.assert(
      fc.property(databaseArbitrary(promise), (database) => {
        const clusters = clustersOf(database);
        apply(clusters, planScripts(database, scriptSettings(promise.overrides)), 'execute');
        const synced = { ...database, tables: database.tables.map((pair) => ({ ...pair, ...recordedOnTarget(clusters, pair.name) })) };
        const { tables } = planScripts(synced, scriptSettings({ ...promise.overrides, sync: true }));
        expect(tables.flatMap(({ statements }) => statements)).toEqual([]);
      }),
    );
  });
});

/** The table of the target as a data set would record it. */
function recordedOnTarget({ target }: TwoClusters, name: string): { readonly target?: RecordedTable } {
  const found = target.tables.get(`shop.${name}`);
  if (found === undefined) return {};
  const partitions = [...found.partitions].map(([partition, location]) => aRecordedPartition(partition, location));
  return { target: { table: found.table, partitions, definition: [] } };
}

function shuffled(database: RecordedDatabase, seed: number): RecordedDatabase {
  const rank = (text: string): number => Array.from(text).reduce((sum, unit) => (sum * 31 + unit.charCodeAt(0)) | 0, seed);
  const mix = <T>(items: readonly T[], key: (item: T) => string): readonly T[] => [...items].sort((a, b) => rank(key(a)) - rank(key(b)));
  const tables = database.tables.map((pair) =>
    pair.source === undefined ? pair : { ...pair, source: { ...pair.source, partitions: mix(pair.source.partitions, ({ name }) => name) } },
  );
  return { ...database, tables: mix(tables, ({ name }) => name) };
}
