import { databaseStepOf } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());

const FEW = 1_250;
const MANY = 40_000;

/** The step of a database that has so many tables behind it, RUNNING. */
async function aLargeDatabase(tables: number): Promise<ClaimedStep> {
  const { runId } = await anExecutingRun(stores, [aPlan(`one_of_${String(tables)}`)]);
  const [step] = (
    await claim(stores, { kinds: [databaseStepOf({ source: 'sales', target: 'sales', statements: [], issues: [] }).kind] })
  ).filter((claimed) => claimed.runId === runId);
  if (step === undefined) throw new Error('there is no step of the database');
  await stores.rows(
    `insert into run_table (run_id, target, database, table_name, target_database, target_table, object, decision, state, table_hash, issues, hazards)
     select run_id, target, database, 'large_' || n, target_database, 'large_' || n, object, decision, state, table_hash, issues, hazards
     from run_table, generate_series(1, $2::integer) n where run_id = $1`,
    [runId, tables - 1],
  );
  await stores.rows(
    `insert into step (id, run_id, target, database, table_name, key, kind, side, cluster, state, payload, beginning)
     select gen_random_uuid(), s.run_id, s.target, s.database, 'large_' || n, s.key, s.kind, s.side, s.cluster, 'BLOCKED', s.payload, s.beginning
     from step s, generate_series(1, $2::integer) n where s.run_id = $1 and s.kind = 'preflight'`,
    [runId, tables - 1],
  );
  await stores.rows(
    `insert into step_dependency (needs_step_id, step_id) select $2::uuid, id from step where run_id = $1 and table_name like 'large%'`,
    [runId, step.stepId],
  );
  return step;
}

async function secondsToReady(tables: number): Promise<number> {
  const step = await aLargeDatabase(tables);
  await stores.rows('analyze');
  const from = performance.now();
  await stores.steps.complete(step, { result: {} });
  const seconds = (performance.now() - from) / 1_000;
  expect(await stores.rows(`select count(*)::integer as ready from step where run_id = $1 and state = 'READY'`, [step.runId])).toEqual([
    { ready: tables },
  ]);
  return seconds;
}

it('makes 32 times the tables of a database ready in about 32 times the time', { timeout: 240_000 }, async () => {
  const few = await secondsToReady(FEW);
  const many = await secondsToReady(MANY);
  console.log(`${String(FEW)} tables ready in ${few.toFixed(1)} s, ${String(MANY)} in ${many.toFixed(1)} s`);
  // Quadratic would be 1,024 times; what else the machine does may make it some times longer.
  expect(many / few).toBeLessThan(256);
});

/** With what Postgres knows of the tables, or before it knows anything of them. */
async function secondsToFail(tables: number): Promise<number> {
  const step = await aLargeDatabase(tables);
  const from = performance.now();
  await stores.steps.fail(step, { code: 'BROKEN', message: 'the database cannot be made', retry: 'operator' });
  const seconds = (performance.now() - from) / 1_000;
  const failed = `select count(*)::integer as failed from run_table where run_id = $1 and state = 'FAILED'`;
  expect(await stores.rows(failed, [step.runId])).toEqual([{ failed: tables }]);
  return seconds;
}

it('fails 32 times the tables of a database in about 32 times the time', { timeout: 240_000 }, async () => {
  const few = await secondsToFail(FEW);
  const many = await secondsToFail(MANY);
  console.log(`${String(FEW)} tables failed in ${few.toFixed(1)} s, ${String(MANY)} in ${many.toFixed(1)} s`);
  expect(many / few).toBeLessThan(256);
});
