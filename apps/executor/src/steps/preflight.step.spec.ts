import { planTable, stepsOf } from '@hiveferry/core';
import type { TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, expect, it } from 'vitest';
import { aTable, fakeCluster, refusedByHive } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { preflight } from './preflight.step.ts';
import type { StepContext } from './step-handler.ts';

const PLACE = location('hdfs://right:8020/tmp/hiveferry/preflight/p5_sales__orders');

let source: FakeCluster;
let target: FakeCluster;
let plan: TablePlan;

beforeEach(async () => {
  source = fakeCluster(connectionOf('left', 3), { databases: [] });
  target = fakeCluster(connectionOf('right', 4), { databases: [] });
  const orders = aTable('orders');
  await source.files.makeDirectory(location(orders.storage.location ?? ''));
  plan = planTable({
    source: { table: orders, partitions: [] },
    neighbours: [],
    clusters: { source: source.facts, target: target.facts },
    settings: { strategy: 'SCHEMA_ONLY', proof: 'rows', locationMap: [], allowedHazards: [], databasePrefix: '', distcp: {} },
  });
  // As Hive does for an external table that says where it lies.
  target.onStatement = async (sql) => {
    if (sql.startsWith('CREATE')) await target.files.makeDirectory(PLACE);
  };
});

function context(asked: Partial<ClaimedStep['spec']> = {}): StepContext {
  const payload = stepsOf(plan).find(({ kind }) => kind === 'preflight')?.payload;
  const step: Partial<ClaimedStep> = { kind: 'preflight', database: 'sales', table: 'orders', ...(payload && { payload }) };
  const spec: Partial<ClaimedStep['spec']> = { allowedHazards: [], ...asked };
  const store: Partial<StepStore> = { plan: () => Promise.resolve({ plan, tableHash: '' }) };
  // Only what the step asks of it.
  const given: Partial<StepContext> = {
    step: { ...step, spec: spec as ClaimedStep['spec'] } as ClaimedStep,
    source,
    target,
    store: store as StepStore,
    signal: new AbortController().signal,
    renew: () => Promise.resolve(),
  };
  return given as StepContext;
}

it('leaves no directory behind', async () => {
  await preflight(context());
  expect([target.statements.some((sql) => sql.startsWith('CREATE')), await target.files.status(PLACE)]).toEqual([true, undefined]);
});

it('leaves none when Hive refuses the table after it made the directory', async () => {
  target.onStatement = async (sql) => {
    if (!sql.startsWith('CREATE')) return;
    await target.files.makeDirectory(PLACE);
    throw refusedByHive(sql);
  };
  await expect(preflight(context())).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
  expect(await target.files.status(PLACE)).toBeUndefined();
});

it('removes the one that an executor left which died', async () => {
  await target.files.makeDirectory(PLACE);
  target.onStatement = () => Promise.resolve();
  await preflight(context());
  expect(await target.files.status(PLACE)).toBeUndefined();
});

it('leaves a directory alone that holds a file', async () => {
  target.files.putFile(location(`${PLACE}/somebody`), 1, 1);
  await preflight(context());
  expect((await target.files.status(location(`${PLACE}/somebody`)))?.sizeBytes).toBe(1);
});

it('looks whether the directory of a new table is empty in a sync that may refresh, since only tables that stand are refreshed', async () => {
  target.files.putFile(location('hdfs://right:8020/warehouse/external/sales.db/orders/000000_0'), 7, 1);
  const copied = { allowedHazards: ['IN_PLACE_REFRESH'] };
  await expect(preflight(context({ ...copied, onExisting: 'sync' }))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY' });
  await expect(preflight(context(copied))).resolves.toBeDefined();
});
