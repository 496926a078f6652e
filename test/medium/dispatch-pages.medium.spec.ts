/** A target of any size is dispatched in pages: what one transaction locks and holds does not grow with the run. */
import { databaseStepOf, stepsOf } from '@hiveferry/core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aPlan, aPlannedRun, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const TABLES = 12_000;
const A_PAGE = 5_000;
/** Those of the suite need nothing, so that all begin at once. */
const STEPS_A_TABLE = 3;
const location = (name: string) => `hdfs://right:8020/d/${name}`;

let stores: TestStores;
let runId: string;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  ({ runId } = await aLargeRun());
  for (const [table, event] of WATCHED) await watch(table, event);
});
afterAll(() => stores.drop());

const WATCHED = [
  ['run_table', 'update'],
  ['step', 'update'],
  ['step_dependency', 'insert'],
  ['table_claim', 'insert'],
  ['location_claim', 'insert'],
  ['outbox', 'insert'],
] as const;

/** A view and so many tables beside it, all of which are free to begin. */
async function aLargeRun(): Promise<{ readonly runId: string }> {
  const job = `{"id": "copy-1", "kind": "pair", "source": "hdfs://left:8020/s", "target": "${location('t')}", "excluded": []}`;
  const plans = [aPlan('t_1'), aPlan('v_1', { object: 'view', dependsOn: [{ database: 'sales', table: 't_5999' }] })];
  const run = await aPlannedRun(stores, plans);
  await stores.runs.executeRun({ runId: run.runId, approvals: [{ planHash: 'hash-right' }] });
  const lease = await stores.plans.claimRun('maker', 30_000);
  if (lease === undefined) throw new Error('nothing to dispatch');
  const groups = plans.map((plan) => ({ database: 'sales', table: plan.source.table, steps: stepsOf(plan) }));
  await stores.plans.addSteps(lease, 'right', [
    { database: 'sales', steps: [databaseStepOf({ source: 'sales', target: 'sales', statements: [], issues: [] })] },
    ...groups,
  ]);
  for (const letter of ['t', 'v'])
    await stores.rows(
      `insert into run_table (run_id, target, database, table_name, target_database, target_table, object, decision, state, plan, table_hash, issues, hazards)
       select run_id, target, database, name, target_database, name, object, decision, state,
         plan || jsonb_build_object('copyJobs', jsonb_build_array($2::jsonb || jsonb_build_object('target', $3::text || n))), table_hash, issues, hazards
       from run_table, generate_series(2, $4::integer) n, lateral (select $5 || '_' || n as name) x where run_id = $1 and table_name = $5 || '_1'`,
      [run.runId, job, location(letter), TABLES / 2, letter],
    );
  for (const letter of ['t', 'v'])
    await stores.rows(
      `insert into step (id, run_id, target, database, table_name, key, kind, side, cluster, state, payload, position)
       select gen_random_uuid(), run_id, target, database, $3 || '_' || n, key, kind, side, cluster, 'BLOCKED', payload, position
       from step, generate_series(2, $2::integer) n where run_id = $1 and table_name = $3 || '_1'`,
      [run.runId, TABLES / 2, letter],
    );
  await stores.plans.giveBackRun(lease);
  return run;
}

/** Notes how many rows each statement writes, and in which transaction. */
async function watch(table: string, event: string): Promise<void> {
  await stores.rows(`create table if not exists written (name text, tx xid8, rows bigint)`);
  await stores.rows(`create function note_${table}() returns trigger language plpgsql as $$
    begin insert into written select tg_table_name, pg_current_xact_id(), count(*) from changed; return null; end $$`);
  await stores.rows(`create trigger note after ${event} on ${table} referencing new table as changed
    for each statement execute function note_${table}()`);
}

it('writes at most a page of tables in a transaction, and all of them in the end', { timeout: 120_000 }, async () => {
  const lease = await stores.plans.claimRun('dispatcher', 30_000);
  if (lease === undefined) throw new Error('nothing to dispatch');
  await stores.plans.activateTarget(lease, 'right');
  const written = await stores.rows<{ name: string; most: number; all: number }>(
    `select name, max(rows)::integer as most, sum(rows)::integer as all
     from (select name, tx, sum(rows) as rows from written group by name, tx) each group by name order by name`,
  );
  const all = Object.fromEntries(written.map(({ name, all: rows }) => [name, rows]));
  expect(all).toMatchObject({ run_table: TABLES, table_claim: TABLES, location_claim: TABLES - 2, step_dependency: TABLES / 2 });
  for (const { name, most } of written) expect([name, most <= A_PAGE * STEPS_A_TABLE]).toEqual([name, true]);
  expect(await stores.rows(`select count(*)::integer as n from run_table where run_id = $1 and state = 'QUEUED'`, [runId])).toEqual([
    { n: TABLES },
  ]);
});
