import { planTable, stepsOf } from '@hiveferry/core';
import type { Partition, StepKind, Table, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { aTable, fakeCluster } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { attachPartitions } from './attach-partitions.step.ts';
import { createTable } from './create-table.step.ts';
import { discoverPartitions } from './discover-partitions.step.ts';
import { preflight } from './preflight.step.ts';
import type { StepContext } from './step-handler.ts';

const NAME = { database: 'sales', table: 'days' };

let source: FakeCluster;
let target: FakeCluster;

beforeEach(() => {
  const databases = [{ name: 'sales', parameters: {} }];
  source = fakeCluster(connectionOf('left', 3), { databases });
  target = fakeCluster(connectionOf('right', 4), { databases });
});

const days = aTable('days', { partitionKeys: [{ name: 'd', type: 'string' }] });
const wider = { ...days, storage: { ...days.storage, columns: [...days.storage.columns, { name: 'price', type: 'double' }] } };
const partitionsOf = (...values: readonly string[]): readonly Partition[] =>
  values.map((day) => ({
    values: [day],
    storage: { ...days.storage, location: `${days.storage.location ?? ''}/d=${day}` },
    parameters: {},
  }));

interface Standing {
  readonly table: Table;
  readonly partitions: readonly Partition[];
}

function planOf(table: Table, partitions: readonly Partition[], standing?: Standing): TablePlan {
  return planTable({
    source: { table, partitions },
    ...(standing !== undefined && { target: standing.table, targetPartitions: standing.partitions }),
    neighbours: [],
    clusters: { source: source.facts, target: target.facts },
    settings: {
      strategy: 'SCHEMA_ONLY',
      proof: 'rows',
      locationMap: [],
      allowedHazards: [],
      databasePrefix: '',
      distcp: {},
      copiedBy: 'external',
      onExisting: 'sync',
      partitionDiscovery: { msckSync: true },
    },
  });
}

/** What a first run makes of the table; it stands on the target. */
function makeStanding(table: Table, partitions: readonly Partition[]): Standing {
  const plan = planOf(table, partitions);
  if (plan.expected === undefined) throw new Error('the first run is refused');
  const standing = {
    table: plan.expected,
    partitions: plan.partitions.map(({ values, storage }) => ({ values, storage, parameters: {} })),
  };
  target.metastore.putTable(standing);
  return standing;
}

function contextOf(plan: TablePlan, kind: StepKind, verdict = 'VERIFIED'): StepContext {
  const payload = stepsOf(plan).find((step) => step.kind === kind)?.payload;
  const spec: Partial<ClaimedStep['spec']> = { allowedHazards: [] };
  const step: Partial<ClaimedStep> = {
    stepId: 'one',
    fence: '1',
    kind,
    ...(payload && { payload }),
    spec: spec as ClaimedStep['spec'],
    ...NAME,
  };
  const store: Partial<StepStore> = {
    plan: () => Promise.resolve({ plan, tableHash: '' }),
    results: () => Promise.resolve(new Map([['verify-before-discovery', { verdict }]])),
  };
  // Only what the steps ask of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    source,
    target,
    store: store as StepStore,
    signal: new AbortController().signal,
    renew: () => Promise.resolve(),
  };
  return context as StepContext;
}

const drops = (): readonly string[] => target.statements.filter((sql) => sql.startsWith('DROP TABLE') && sql.includes('`sales`'));
const there = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const batch of target.metastore.partitions('sales', 'days')) found.push(...batch.flatMap(({ values }) => values));
  return found;
};
const withPurge = (table: Table): Table => ({ ...table, parameters: { ...table.parameters, 'external.table.purge': 'true' } });

describe('create-table in a sync', () => {
  const replace = (standing: Standing): TablePlan => planOf(wider, partitionsOf('1'), standing);

  it('drops what differs and creates it, once', async () => {
    const plan = replace(makeStanding(days, partitionsOf('1')));
    target.onStatement = async (sql) => {
      if (sql.startsWith('DROP TABLE')) target.metastore.dropTable(NAME);
      if (sql.startsWith('CREATE') && plan.expected !== undefined) target.metastore.putTable({ table: plan.expected, partitions: [] });
    };
    await createTable(contextOf(plan, 'create-table'));
    await createTable(contextOf(plan, 'create-table'));
    expect(drops()).toEqual(['DROP TABLE IF EXISTS `sales`.`days`']);
  });

  it.each(['create-table', 'preflight'] as const)('drops nothing in %s that came to own its files since the plan', async (kind) => {
    const standing = makeStanding(days, partitionsOf('1'));
    const plan = replace(standing);
    target.metastore.putTable({ ...standing, table: withPurge(standing.table) });
    const run = kind === 'preflight' ? preflight : createTable;
    await expect(run(contextOf(plan, kind))).rejects.toMatchObject({ code: 'TARGET_CHANGED', retry: 'operator' });
    expect(target.statements).toEqual([]);
  });
});

describe('attach-partitions in a sync', () => {
  const amend = (standing: Standing): TablePlan => {
    const moved = partitionsOf('2').map((each) => ({
      ...each,
      storage: { ...each.storage, location: `${days.storage.location ?? ''}/moved` },
    }));
    return planOf(days, [...moved, ...partitionsOf('3', '4')], standing);
  };

  it('adds, puts right and drops what the plan names, and finds it done the second time', async () => {
    const plan = amend(makeStanding(days, partitionsOf('1', '2', '3')));
    expect(await attachPartitions(contextOf(plan, 'attach-partitions'))).toEqual({ result: { partitions: 2, dropped: 2 } });
    expect(await attachPartitions(contextOf(plan, 'attach-partitions'))).toEqual({ result: { partitions: 2, dropped: 0 } });
    expect(await there()).toEqual(['2', '3', '4']);
  });

  it('leaves a partition that came since the plan, and says so', async () => {
    const standing = makeStanding(days, partitionsOf('1', '2', '3'));
    const plan = amend(standing);
    target.metastore.putTable({ ...standing, partitions: [...standing.partitions, ...partitionsOf('9')] });
    await expect(attachPartitions(contextOf(plan, 'attach-partitions'))).rejects.toMatchObject({ code: 'READ_BACK_DIFFERS' });
    expect(await there()).toContain('9');
  });

  it('drops nothing of a table that came to own its files since the plan', async () => {
    const standing = makeStanding(days, partitionsOf('1', '2', '3'));
    const plan = amend(standing);
    target.metastore.putTable({ ...standing, table: withPurge(standing.table) });
    await expect(attachPartitions(contextOf(plan, 'attach-partitions'))).rejects.toMatchObject({ code: 'TARGET_CHANGED' });
    expect(await there()).toEqual(['1', '2', '3']);
  });
});

describe('discover-partitions', () => {
  const proved = async (): Promise<{ readonly plan: TablePlan; readonly standing: Standing }> => {
    const standing = makeStanding(days, partitionsOf('1', '2'));
    for (const { storage } of standing.partitions) await target.files.makeDirectory(location(storage.location ?? ''));
    return { plan: planOf(days, partitionsOf('1', '2'), standing), standing };
  };

  it('does not begin before the table is proved', async () => {
    const { plan } = await proved();
    const outcome = await discoverPartitions(contextOf(plan, 'discover-partitions', 'NOT_VERIFIED'));
    expect([outcome, target.statements]).toEqual([{ result: { statements: 0, skipped: 'the table is not proved' } }, []]);
  });

  it('tells what it attached', async () => {
    const { plan, standing } = await proved();
    target.onStatement = async () => target.metastore.putTable({ ...standing, partitions: [...standing.partitions, ...partitionsOf('9')] });
    expect(await discoverPartitions(contextOf(plan, 'discover-partitions'))).toEqual({
      result: { statements: 1, attached: 1, examples: ['d=9'] },
    });
    expect(target.statements).toEqual(['MSCK REPAIR TABLE `sales`.`days` SYNC PARTITIONS']);
  });

  it('does not begin while a partition has no directory', async () => {
    const { plan, standing } = await proved();
    await target.files.remove(location(standing.partitions[1]?.storage.location ?? ''));
    await expect(discoverPartitions(contextOf(plan, 'discover-partitions'))).rejects.toMatchObject({
      code: 'PARTITIONS_WITHOUT_DIRECTORY',
      detail: { count: 1, examples: ['d=2'] },
    });
    expect(target.statements).toEqual([]);
  });

  it('attaches again what went all the same, and says so', async () => {
    const { plan, standing } = await proved();
    target.onStatement = async () => target.metastore.putTable({ ...standing, partitions: standing.partitions.slice(1) });
    await expect(discoverPartitions(contextOf(plan, 'discover-partitions'))).rejects.toMatchObject({ code: 'PARTITIONS_LOST' });
    expect(await there()).toEqual(['1', '2']);
  });
});
