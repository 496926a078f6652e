import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedDatabase, RecordedTable } from '../model/data-set.ts';
import type { DatabaseScript } from '../model/script-plan.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { planScripts } from '../plan-scripts.ts';
import { PROMISES } from './promises.ts';
import type { Promised } from './promises.ts';
import { aDatabase, aPair, aRecorded, aRecordedPartition, scriptSettings } from './script-builders.ts';
import { rowsOf } from './model-files.ts';
import type { Side, TwoClusters } from './model-files.ts';
import { apply, clustersOf, rollBack } from './two-clusters.ts';

type Takes = Promised['takes'] | 'external';

/** A table of any kind, with partitions in their places or strayed, in the directory of the database or elsewhere. */
function tableArbitrary(takes: Takes, strays: boolean): fc.Arbitrary<RecordedTable> {
  const kinds = { external: ['external'], plain: ['external', 'managed'], acid: ['acid'], all: ['external', 'managed', 'acid'] } as const;
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

function databaseArbitrary({ takes, strays }: { readonly takes: Takes; readonly strays: boolean }): fc.Arbitrary<RecordedDatabase> {
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
  it.each(PROMISES)('keeps what $title promises', (promise) => {
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

/** Everything that both metastores hold, for comparison. */
function metastoresOf({ source, target }: TwoClusters) {
  return [source, target].map(({ databases, tables }) => ({
    databases: Object.fromEntries(databases),
    tables: Object.fromEntries(
      [...tables].map(([key, { partitions, ...held }]) => [key, { ...held, partitions: Object.fromEntries(partitions) }]),
    ),
  }));
}

function rowsAtSource(clusters: TwoClusters, database: RecordedDatabase): readonly (readonly string[])[] {
  return database.tables.map(({ name }) => rowsOf(clusters, 'source', `shop.${name}`));
}

function hasNoWayBack({ tables, statements }: DatabaseScript): boolean {
  const all = [...statements, ...tables.flatMap((table) => table.statements)];
  return all.some(({ phase, undo }) => phase === 'execute' && undo.kind === 'none');
}

describe('a plan and its roll-back', () => {
  it.each(PROMISES)('leave both metastores as they were, by $title', (promise) => {
    fc.assert(
      fc.property(databaseArbitrary(promise), (plain) => {
        const database = withManagedDirectory(plain);
        const clusters = clustersOf(database);
        const [before, rows] = [metastoresOf(clusters), rowsAtSource(clusters, database)];
        const script = planScripts(database, scriptSettings(promise.overrides));
        expect(hasNoWayBack(script)).toBe(false);
        apply(clusters, script, 'execute');
        rollBack(clusters, script);
        expect(metastoresOf(clusters)).toEqual(before);
        expect(rowsAtSource(clusters, database)).toEqual(rows);
      }),
    );
  });

  it.each(PROMISES.filter(({ title }) => /^SCHEMA_ONLY, aligned, copied$|^LINKED/.test(title)))(
    'leave both metastores as they were after a sync that creates, replaces, drops and amends, by $title',
    (promise) => {
      const purposes = new Set<string>();
      // A managed table takes its files along when it is dropped: the plan says that there is no way back.
      const external = databaseArbitrary({ ...promise, takes: 'external' });
      fc.assert(
        fc.property(external, external, (earlier, later) => {
          const clusters = clustersOf(earlier);
          apply(clusters, planScripts(earlier, scriptSettings({ ...promise.overrides, readOnly: true })), 'execute');
          const database = syncing(clusters, later);
          const script = planScripts(database, scriptSettings({ ...promise.overrides, sync: true, readOnly: true }));
          const before = metastoresOf(clusters);
          apply(clusters, script, 'execute');
          for (const { purpose } of script.tables.flatMap(({ statements }) => statements)) purposes.add(purpose);
          rollBack(clusters, script);
          expect(hasNoWayBack(script)).toBe(false);
          expect(metastoresOf(clusters)).toEqual(before);
        }),
      );
      const amends = promise.strays ? ['add-partitions', 'drop-partitions'] : [];
      expect([...purposes]).toEqual(expect.arrayContaining(['create-table', 'drop', ...amends]));
    },
  );
});

/** What a data set would hold of a source that has changed since the target was made. */
function syncing(clusters: TwoClusters, later: RecordedDatabase): RecordedDatabase {
  const { source } = clustersOf(later);
  clusters.source.tables.clear();
  for (const [key, table] of source.tables) clusters.source.tables.set(key, table);
  const there = [...clusters.target.tables.keys()].map((key) => key.slice('shop.'.length));
  const names = [...new Set([...later.tables.map(({ name }) => name), ...there])];
  const pairs = names.map((name) => ({
    ...(later.tables.find((pair) => pair.name === name) ?? { name }),
    ...recordedOnTarget(clusters, name),
  }));
  const held = clusters.target.databases.get('shop');
  const target =
    held === undefined
      ? {}
      : { target: { name: 'shop', locationUri: held.location, managedLocationUri: held.managedLocation, parameters: {} } };
  return { ...later, ...target, tables: pairs };
}

function withManagedDirectory(database: RecordedDatabase): RecordedDatabase {
  const source = { name: 'shop', locationUri: 'hdfs://SRC/default', managedLocationUri: 'hdfs://SRC/default-managed', parameters: {} };
  return { ...database, source };
}

describe('scripts', () => {
  it.each(PROMISES)('of $title are the same whatever the order of the input', (promise) => {
    fc.assert(
      fc.property(databaseArbitrary(promise), fc.integer(), (database, seed) => {
        const settings = scriptSettings(promise.overrides);
        expect(planScripts(shuffled(database, seed), settings)).toEqual(planScripts(database, settings));
      }),
      { numRuns: 50 },
    );
  });

  it('of a sync that was done before do nothing', () => {
    const promise = PROMISES[1];
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
