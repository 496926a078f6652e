import type { INestApplicationContext } from '@nestjs/common';
import type { RunRecord } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { runUntil, until } from '../support/until.ts';

const TABLES = 60;
const TABLES_A_SHARD = 5;
const sales = { name: 'sales', parameters: {} };
const names = Array.from({ length: TABLES }, (_, index) => `t${String(index).padStart(3, '0')}`);

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
const planners: INestApplicationContext[] = [];

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  left = fakeCluster(connectionOf('left', 3), {
    databases: [sales],
    tables: names.map((name) => ({ table: aTable(name), partitions: [] })),
  });
  right = fakeCluster(connectionOf('right', 4), { databases: [sales], copiesFrom: left });
  for (const name of ['left', 'right']) await stores.runs.putCluster(name, connectionOf(name), {});
});
afterEach(async () => {
  for (const planner of planners.splice(0)) await planner.close();
  await stores.drop();
});

async function startPlanner(owner: string): Promise<INestApplicationContext> {
  const planner = { owner, tablesAShard: TABLES_A_SHARD, tickMs: 100 };
  // Only planning is looked at: this executor has no places.
  const app = await startFerry(stores, fakeGateway([left, right]), { planner, owner: `executor-of-${owner}`, limits: [] });
  planners.push(app);
  return app;
}

async function reached(runId: string, state: RunRecord['state']): Promise<RunRecord> {
  const run = await runUntil(stores, runId, (each) => each.state === state || each.state === 'FAILED');
  if (run.state !== state) throw new Error(run.failure?.message);
  return run;
}

const ownersOf = async (work: string): Promise<ReadonlyMap<string, number>> => {
  const rows = await stores.rows<{ owner: string; tables: number }>(
    `select lease_owner as owner, sum(tables)::integer as tables from run_shard where work = $1 and state = 'DONE' group by 1`,
    [work],
  );
  return new Map(rows.map(({ owner, tables }) => [owner, tables]));
};

/** So that a planner cannot have done all of the latest run before another one has a part of it. */
function holdUntilShared(cluster: FakeCluster): void {
  const tables = cluster.metastore.tables.bind(cluster.metastore);
  let wasShared = false;
  const isShared = async (): Promise<boolean> => {
    const latest = 'select id from run order by created_at desc limit 1';
    const rows = await stores.rows<{ owner: string | null }>(
      `select distinct lease_owner as owner from run_shard where run_id = (${latest})`,
    );
    wasShared ||= rows.filter(({ owner }) => owner !== null).length > 1;
    // Without any part it is its inventory that is read, by one of them.
    return wasShared || rows.length === 0;
  };
  cluster.metastore.tables = async (...asked) => {
    await until(isShared);
    return tables(...asked);
  };
}

it('is shared by two planners, with the hash that one alone gives', async () => {
  await startPlanner('planner-1');
  const alone = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  const first = await reached(alone.runId, 'PLANNED');
  await startPlanner('planner-2');
  holdUntilShared(left);
  const shared = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  const second = await reached(shared.runId, 'PLANNED');
  const owners = await stores.rows<{ owner: string }>(`select distinct lease_owner as owner from run_shard where run_id = $1 order by 1`, [
    shared.runId,
  ]);
  expect(owners.map(({ owner }) => owner)).toEqual(['planner-1', 'planner-2']);
  expect(second.targets[0]?.planHash).toBe(first.targets[0]?.planHash);
  expect(second.targets[0]?.tables.total).toBe(TABLES);
});

it('shares the making of steps too: each step is made once', async () => {
  await startPlanner('planner-1');
  await startPlanner('planner-2');
  const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: true });
  await reached(runId, 'EXECUTING');
  let dispatched: readonly object[] = [];
  while (dispatched.length === 0) dispatched = await stores.rows(`select target from run_target where dispatched_at is not null`);
  const [steps] = await stores.rows<{ tables: number; databases: number; doubles: number }>(
    `select count(distinct table_name) filter (where table_name <> '')::integer as tables, count(*) filter (where table_name = '')::integer as databases,
       (count(*) - count(distinct (table_name, key)))::integer as doubles from step`,
  );
  expect(steps).toEqual({ tables: TABLES, databases: 1, doubles: 0 });
  expect([...(await ownersOf('dispatch')).values()].reduce((sum, tables) => sum + tables, 0)).toBe(TABLES);
});

it('goes on when a planner that does parts of it dies', async () => {
  await startPlanner('planner-1');
  holdUntilShared(left);
  const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  // A planner that takes a part and is never heard of again.
  await until(() => stores.plans.shards.claimShard({ owner: 'dead', leaseMs: 300 }));
  const run = await reached(runId, 'PLANNED');
  expect(run.targets[0]?.tables.byState).toEqual({ PLANNED: TABLES });
  expect([...(await ownersOf('plan')).keys()]).toEqual(['planner-1']);
});
