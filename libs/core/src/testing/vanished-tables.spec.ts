/** What a sync drops of what its source lost, applied to the model of two clusters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../issues.ts';
import type { ClusterFacts } from '../model/cluster.ts';
import type { TablePlan } from '../model/plan.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import type { Table } from '../model/table.ts';
import { isMarked, planVanishedTable, refuseTooMany } from '../plan/vanished-tables.ts';
import { SOURCE_MARK, sourceMark } from '../translate/source-mark.ts';
import { SETTINGS, SOURCE, TARGET } from './builders.ts';
import { execute } from './model-statements.ts';
import type { TwoClusters } from './model-files.ts';
import { aDatabase, aPair, aRecorded } from './script-builders.ts';
import { clustersOf } from './two-clusters.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const CLUSTERS = { source: SOURCE, target: TARGET };

interface Standing {
  readonly name: string;
  readonly madeBy: 'this-source' | 'other-source' | 'same-name' | 'hms-mirror' | 'nobody';
  readonly kind: 'external' | 'purged' | 'managed' | 'handler';
}

const standing: fc.Arbitrary<Standing> = fc.record({
  name: fc.constantFrom(...NAMES),
  madeBy: oftenFirst<Standing['madeBy']>('this-source', 'other-source', 'same-name', 'hms-mirror', 'nobody'),
  kind: oftenFirst<Standing['kind']>('external', 'purged', 'managed', 'handler'),
});

function oftenFirst<T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

interface World {
  readonly atSource: readonly string[];
  readonly unselected: readonly string[];
  readonly onTarget: readonly Standing[];
  readonly limits: NonNullable<PlanSettings['vanished']>;
}

const world: fc.Arbitrary<World> = fc.record({
  atSource: fc.uniqueArray(fc.constantFrom(...NAMES)),
  unselected: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
  onTarget: fc.uniqueArray(standing, { selector: ({ name }) => name }),
  limits: fc.record({ atMost: fc.integer({ min: 1, max: 6 }), atMostPercent: fc.integer({ min: 20, max: 100 }) }),
});

function tableOf({ name, madeBy, kind }: Standing): Table {
  const { table } = aRecorded(name);
  const mirrored = { 'hms-mirror_Metadata_Stage1': '2024-01-01 00:00:00' };
  const markOf = (cluster: ClusterFacts) => ({ [SOURCE_MARK]: sourceMark(cluster, { database: 'shop', table: name }) });
  const mark = {
    'this-source': markOf(SOURCE),
    'other-source': { ...markOf({ ...SOURCE, name: 'elsewhere' }), ...mirrored },
    'same-name': markOf({ ...SOURCE, namespace: TARGET.namespace }),
    'hms-mirror': mirrored,
    nobody: {},
  }[madeBy];
  const own = { external: {}, managed: {}, purged: { 'external.table.purge': 'TRUE' }, handler: { storage_handler: 'x.Handler' } }[kind];
  return { ...table, tableType: kind === 'managed' ? 'MANAGED_TABLE' : 'EXTERNAL_TABLE', parameters: { ...mark, ...own } };
}

function clustersIn({ onTarget }: World): TwoClusters {
  return clustersOf(aDatabase(onTarget.map((one) => aPair({ target: { table: tableOf(one), partitions: [], definition: [] } }))));
}

const isSelected = ({ unselected }: World, name: string): boolean => !unselected.includes(name);
const isMissing = (state: World, name: string): boolean => isSelected(state, name) && !state.atSource.includes(name);

/** As the planner does it: what is selected, stands on the target and is not among the names of the source. */
function plansOf(state: World, { target }: TwoClusters): readonly TablePlan[] {
  const settings: PlanSettings = { ...SETTINGS, onExisting: 'sync', vanished: state.limits };
  const there = [...target.tables.values()].map(({ table }) => table);
  const asked = there
    .filter(({ name }) => isMissing(state, name))
    .map((table) => ({ source: { database: 'shop', table: table.name }, target: table, clusters: CLUSTERS }));
  const plans = asked.filter(isMarked).map((one) => planVanishedTable({ ...one, settings }));
  const standing = there.filter(({ name }) => isSelected(state, name)).length;
  const tablesAtSource = new Map([['shop', state.atSource.length]]);
  return refuseTooMany({ plans, missing: asked.length, standing }, { settings, tablesAtSource });
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
        const missing = state.onTarget.filter(({ name }) => isMissing(state, name));
        const ours = missing.filter(({ madeBy, kind }) => madeBy === 'this-source' && kind === 'external');
        const selected = state.onTarget.filter(({ name }) => isSelected(state, name));
        const { atMost, atMostPercent = 100 } = state.limits;
        const isFew = missing.length <= atMost && missing.length * 100 <= atMostPercent * selected.length;
        const isAllowed = state.atSource.length > 0 && isFew;
        expect(gone.toSorted()).toEqual(isAllowed ? ours.map(({ name }) => name).toSorted() : []);
        expect(clusters.files).toEqual(files);
      }),
      { numRuns: 2_000 },
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
    const state = { atSource: [], unselected: [], onTarget, limits: { atMost: 1_000 } };
    const clusters = clustersIn(state);
    expect(sync(state, clusters)).toEqual([]);
    const codes = plansOf(state, clusters).map(({ issues }) => issues.filter(isRefusal).map(({ code, detail }) => [code, detail['count']]));
    expect(codes).toEqual(NAMES.map(() => [['SOURCE_DATABASE_EMPTY', NAMES.length]]));
    const most = plansOf({ ...state, atSource: ['a'], limits: { atMost: 4 } }, clusters);
    expect(most.map(({ issues }) => issues[0]?.detail)).toEqual(
      NAMES.slice(1).map(() => ({ count: 5, standing: 6, atMost: 4, atMostPercent: 100 })),
    );
  });

  it('counts what is missing, whoever made it: a source that is half there loses none', () => {
    const [ours = '', ...others] = NAMES.slice(1);
    const onTarget: readonly Standing[] = [
      { name: 'a', madeBy: 'this-source', kind: 'external' },
      { name: ours, madeBy: 'this-source', kind: 'external' },
      ...others.map((name, at): Standing => ({ name, madeBy: at === 0 ? 'this-source' : 'nobody', kind: 'managed' })),
    ];
    const droppedBy = (limits: World['limits'], unselected: readonly string[] = []): readonly string[] => {
      const state = { atSource: ['a'], unselected, onTarget, limits };
      return sync(state, clustersIn(state));
    };
    expect(droppedBy({ atMost: 4 })).toEqual([]);
    expect(droppedBy({ atMost: 5 })).toEqual([ours]);
    expect(droppedBy({ atMost: 1, atMostPercent: 49 }, others)).toEqual([]);
    expect(droppedBy({ atMost: 1, atMostPercent: 50 }, others)).toEqual([ours]);
  });
});
