/** What a sync drops of what its source lost, applied to the model of two clusters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../issues.ts';
import type { PlanSettings, TablePlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { isMarked, planVanishedTable, refuseTooMany } from '../plan/vanished-tables.ts';
import { MIRROR_MARK, SOURCE_MARK, sourceMark } from '../translate/source-mark.ts';
import { SETTINGS, SOURCE, TARGET } from './builders.ts';
import { execute } from './model-statements.ts';
import type { TwoClusters } from './model-files.ts';
import { aDatabase, aPair, aRecorded } from './script-builders.ts';
import { clustersOf } from './two-clusters.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const CLUSTERS = { source: SOURCE, target: TARGET };

interface Standing {
  readonly name: string;
  readonly madeBy: 'this-source' | 'other-source' | 'hms-mirror' | 'nobody';
  readonly kind: 'external' | 'purged' | 'managed' | 'handler';
}

const standing = fc.record({
  name: fc.constantFrom(...NAMES),
  madeBy: fc.constantFrom('this-source', 'other-source', 'hms-mirror', 'nobody'),
  kind: fc.constantFrom('external', 'external', 'purged', 'managed', 'handler'),
}) as fc.Arbitrary<Standing>;

interface World {
  readonly atSource: readonly string[];
  readonly onTarget: readonly Standing[];
  readonly limits: NonNullable<PlanSettings['vanished']>;
}

const world: fc.Arbitrary<World> = fc.record({
  atSource: fc.uniqueArray(fc.constantFrom(...NAMES)),
  onTarget: fc.uniqueArray(standing, { selector: ({ name }) => name }),
  limits: fc.record({ atMost: fc.integer({ min: 1, max: 4 }), atMostPercent: fc.integer({ min: 1, max: 100 }) }),
});

function tableOf({ name, madeBy, kind }: Standing): Table {
  const { table } = aRecorded(name);
  const mark = {
    'this-source': { [SOURCE_MARK]: sourceMark(SOURCE.name, { database: 'shop', table: name }) },
    'other-source': { [SOURCE_MARK]: sourceMark('elsewhere', { database: 'shop', table: name }), [MIRROR_MARK]: '2024' },
    'hms-mirror': { 'hms-mirror_Metadata_Stage1': '2024-01-01 00:00:00' },
    nobody: {},
  }[madeBy];
  const own = { external: {}, managed: {}, purged: { 'external.table.purge': 'TRUE' }, handler: { storage_handler: 'x.Handler' } }[kind];
  return { ...table, tableType: kind === 'managed' ? 'MANAGED_TABLE' : 'EXTERNAL_TABLE', parameters: { ...mark, ...own } };
}

function clustersIn({ onTarget }: World): TwoClusters {
  return clustersOf(aDatabase(onTarget.map((one) => aPair({ target: { table: tableOf(one), partitions: [], definition: [] } }))));
}

/** As the planner does it: what stands on the target and is not among the names of the source. */
function plansOf({ atSource, limits }: World, { target }: TwoClusters): readonly TablePlan[] {
  const settings: PlanSettings = { ...SETTINGS, onExisting: 'sync', vanished: limits };
  const there = [...target.tables.values()].map(({ table }) => table);
  const asked = there
    .filter(({ name }) => !atSource.includes(name))
    .map((table) => ({ source: { database: 'shop', table: table.name }, target: table, clusters: CLUSTERS }));
  const plans = asked.filter(isMarked).map((one) => planVanishedTable({ ...one, settings }));
  return refuseTooMany({ plans, standing: there.length }, { settings, tablesAtSource: new Map([['shop', atSource.length]]) });
}

function sync(state: World, clusters: TwoClusters): readonly string[] {
  const before = new Set(clusters.target.tables.keys());
  for (const { decision, statements } of plansOf(state, clusters))
    if (decision === 'MIGRATE') for (const { side, sql } of statements) execute(clusters, side, sql);
  return [...before].filter((key) => !clusters.target.tables.has(key)).map((key) => key.slice('shop.'.length));
}

describe('a sync that drops what vanished', () => {
  it('drops exactly what is its own and harmless, within its limits, and no file', () => {
    let dropped = 0;
    fc.assert(
      fc.property(world, (state) => {
        const clusters = clustersIn(state);
        const files = new Map(clusters.files);
        const gone = sync(state, clusters);
        dropped += gone.length;
        const ours = state.onTarget.filter(
          ({ name, madeBy, kind }) =>
            !state.atSource.includes(name) && (madeBy === 'this-source' || madeBy === 'hms-mirror') && kind === 'external',
        );
        const { atMost, atMostPercent = 100 } = state.limits;
        const isAllowed = state.atSource.length > 0 && ours.length <= atMost && ours.length * 100 <= atMostPercent * state.onTarget.length;
        expect(gone.toSorted()).toEqual(isAllowed ? ours.map(({ name }) => name).toSorted() : []);
        expect(clusters.files).toEqual(files);
      }),
      { numRuns: 1_000 },
    );
    expect(dropped, 'tables that were dropped').toBeGreaterThan(50);
  });

  it('has nothing to drop when it is repeated', () => {
    fc.assert(
      fc.property(world, (state) => {
        const clusters = clustersIn(state);
        sync(state, clusters);
        expect(sync(state, clusters)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('never empties a target, and says the numbers', () => {
    const onTarget = NAMES.map((name) => ({ name, madeBy: 'this-source', kind: 'external' }) as const);
    const state = { atSource: [], onTarget, limits: { atMost: 1_000 } };
    const clusters = clustersIn(state);
    expect(sync(state, clusters)).toEqual([]);
    const codes = plansOf(state, clusters).map(({ issues }) => issues.filter(isRefusal).map(({ code, detail }) => [code, detail['count']]));
    expect(codes).toEqual(NAMES.map(() => [['SOURCE_DATABASE_EMPTY', NAMES.length]]));
    const most = plansOf({ ...state, atSource: ['a'], limits: { atMost: 4 } }, clusters);
    expect(most.map(({ issues }) => issues[0]?.detail)).toEqual(
      NAMES.slice(1).map(() => ({ count: 5, standing: 6, atMost: 4, atMostPercent: 100 })),
    );
  });
});
