import { databaseStepOf, stepsOf } from '@hiveferry/core';
import type { RunLease } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { aPlan, aPlannedRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

/** One table, whose steps are made. */
async function aRunToActivate(): Promise<{ readonly runId: string; readonly lease: RunLease }> {
  const plan = aPlan('a');
  const { runId } = await aPlannedRun(stores, [plan]);
  await stores.runs.executeRun({ runId, approvals: [{ planHash: 'hash-right' }] });
  const lease = await claimTarget();
  const database = { source: 'sales', target: 'sales', statements: [], issues: [] };
  await stores.plans.addSteps(lease, 'right', [
    { database: 'sales', steps: [databaseStepOf(database)] },
    { database: 'sales', table: 'a', steps: stepsOf(plan) },
  ]);
  return { runId, lease };
}

async function claimTarget(): Promise<RunLease> {
  const lease = await stores.plans.claimRun('test-planner', 30_000);
  if (lease === undefined) throw new Error('no target is due');
  return lease;
}

const FAILURE = { code: 'PLANNER_DIED', message: 'three planners died of it', retry: 'operator' } as const;

it('gives up a target that is activated in part: the run ends, and its tables go on when it is resumed', async () => {
  const { runId, lease } = await aRunToActivate();
  // What its first page left.
  await stores.rows(`update run_table set state = 'QUEUED'`);
  await stores.plans.failDispatch(lease, { target: 'right', failure: FAILURE });
  expect(await stores.runs.run(runId)).toMatchObject({ state: 'INCOMPLETE' });
  await stores.runs.resumeRun(runId);
  const again = await claimTarget();
  await stores.plans.activateTarget(again, 'right');
  await stores.plans.giveBackRun(again);
  for (let steps = await claim(stores); steps.length > 0; steps = await claim(stores))
    for (const step of steps) await stores.steps.complete(step, { result: {} });
  const done = await stores.rows<{ key: string }>(`select key from step where state = 'DONE'`);
  expect(done.map(({ key }) => key).toSorted()).toEqual(['create-table', 'database', 'preflight', 'verify']);
});

it('wakes executors when its steps can be claimed', async () => {
  const { lease } = await aRunToActivate();
  await stores.rows(`create table seen (claimable bigint)`);
  await stores.rows(`create function see() returns trigger language plpgsql as $$ begin
    insert into seen select count(*) from run_target where dispatched_at is not null; return null; end $$`);
  await stores.rows(`create trigger see after insert on outbox for each statement execute function see()`);
  await stores.plans.activateTarget(lease, 'right');
  expect(await stores.rows(`select claimable::integer from seen`)).toEqual([{ claimable: 1 }]);
});
