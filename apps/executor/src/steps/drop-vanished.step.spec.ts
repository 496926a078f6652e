import { planTable, planVanishedTable, stepsOf } from '@hiveferry/core';
import type { PlanSettings, Table, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { aTable, fakeCluster } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf } from '../../../../test/support/stores.ts';
import { dropVanished } from './drop-vanished.step.ts';
import type { StepContext } from './step-handler.ts';

const NAME = { database: 'sales', table: 'old' };
const DROP = 'DROP TABLE IF EXISTS `sales`.`old`';

let source: FakeCluster;
let target: FakeCluster;
let copy: Table;
let plan: TablePlan;

beforeEach(() => {
  const databases = [{ name: 'sales', parameters: {} }];
  source = fakeCluster(connectionOf('left', 3), { databases, tables: [{ table: aTable('kept'), partitions: [] }] });
  target = fakeCluster(connectionOf('right', 4), { databases });
  const settings: PlanSettings = {
    strategy: 'LINKED',
    proof: 'rows',
    locationMap: [],
    allowedHazards: [],
    databasePrefix: '',
    distcp: {},
    onExisting: 'sync',
    vanished: { atMost: 1 },
  };
  const clusters = { source: source.facts, target: target.facts };
  const { expected } = planTable({ source: { table: aTable('old'), partitions: [] }, neighbours: [], clusters, settings });
  if (expected === undefined) throw new Error('the copy is refused');
  copy = expected;
  plan = planVanishedTable({ source: NAME, target: copy, clusters, settings });
  target.metastore.putTable({ table: copy, partitions: [] });
  target.onStatement = async (sql) => {
    if (sql === DROP) target.metastore.dropTable(NAME);
  };
});

function context(renew: () => Promise<void> = () => Promise.resolve()): StepContext {
  const payload = stepsOf(plan).find((step) => step.kind === 'drop-vanished')?.payload;
  const step: Partial<ClaimedStep> = { stepId: 'one', fence: '1', kind: 'drop-vanished', ...(payload && { payload }), ...NAME };
  const store: Partial<StepStore> = { plan: () => Promise.resolve({ plan, tableHash: '' }) };
  // Only what the step asks of it.
  const partial: Partial<StepContext> = {
    step: step as ClaimedStep,
    source,
    target,
    store: store as StepStore,
    signal: new AbortController().signal,
    renew,
  };
  return partial as StepContext;
}

describe('drop-vanished', () => {
  it('drops the table, and finds it done the second time', async () => {
    expect(await dropVanished(context())).toEqual({ result: { dropped: true } });
    expect(await dropVanished(context())).toEqual({ result: { dropped: false } });
    expect(target.statements).toEqual([DROP]);
  });

  it.each<[string, string, () => void]>([
    ['stands at the source again', 'SOURCE_HAS_TABLE', () => source.metastore.putTable({ table: aTable('old'), partitions: [] })],
    [
      'cannot be read at the source',
      'SOURCE_HAS_TABLE',
      () => {
        source.metastore.putTable({ table: aTable('old'), partitions: [] });
        source.metastore.damageTable(NAME, 'torn');
      },
    ],
    ['is one of all that the source lost', 'SOURCE_DATABASE_EMPTY', () => source.metastore.dropTable({ database: 'sales', table: 'kept' })],
    ['lies elsewhere now', 'TARGET_CHANGED', () => standing({ storage: { ...copy.storage, location: 'hdfs://right:8020/x' } })],
    ['has purge now', 'TARGET_CHANGED', () => standing({ parameters: { ...copy.parameters, 'external.table.purge': 'true' } })],
    ['is managed now', 'TARGET_CHANGED', () => standing({ tableType: 'MANAGED_TABLE' })],
    ['is unmarked now', 'TARGET_CHANGED', () => standing({ parameters: {} })],
  ])('leaves a table alone that %s', async (_title, code, change) => {
    change();
    await expect(dropVanished(context())).rejects.toMatchObject({ code, retry: 'operator' });
    expect(target.statements).toEqual([]);
  });

  it('says it when the table stands after its DROP', async () => {
    target.onStatement = () => Promise.resolve();
    await expect(dropVanished(context())).rejects.toMatchObject({ code: 'READ_BACK_DIFFERS' });
  });

  it('drops nothing once the claim is lost', async () => {
    const lost = context(() => Promise.reject(new Error('lease lost')));
    await expect(dropVanished(lost)).rejects.toThrow('lease lost');
    expect(target.statements).toEqual([]);
  });
});

function standing(changes: Partial<Table>): void {
  target.metastore.putTable({ table: { ...copy, ...changes }, partitions: [] });
}
