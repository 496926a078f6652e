import { databaseStepOf } from '@hiveferry/core';
import type { Evidence, PlannedStep, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, RunLease, TableRecord } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, aPlannedRun, anExecutingRun, claim, openTestStores, setLeases } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { tablesTold } from '../../../../test/support/tables-told.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

const done = { result: {} };
const failure = { code: 'BROKEN', message: 'it broke', retry: 'later' };

const evidence: Evidence = {
  table: { database: 'sales', table: 'a' },
  target: { database: 'sales', table: 'a' },
  tableHash: 'hash-a',
  verdict: 'VERIFIED',
  askedLevel: 'metadata',
  findings: [],
  findingsOmitted: 0,
  counts: { partitions: 0, files: 0, bytes: 0, checksummedFiles: 0 },
  notCompared: [],
  verifiedAt: '',
};

/** First steps of these tables, claimed, by table. */
async function firstSteps(plans: readonly TablePlan[]): Promise<{ readonly runId: string; readonly steps: readonly ClaimedStep[] }> {
  const { runId } = await anExecutingRun(stores, plans);
  for (const step of await claim(stores, { kinds: ['prepare-database'] })) await stores.steps.complete(step, done);
  const steps = await claim(stores);
  return { runId, steps: steps.toSorted((a, b) => ((a.table ?? '') < (b.table ?? '') ? -1 : 1)) };
}

async function firstStep(): Promise<{ readonly runId: string; readonly step: ClaimedStep }> {
  const { runId, steps } = await firstSteps([aPlan('a')]);
  const [step] = steps;
  if (step === undefined) throw new Error('nothing was claimed');
  return { runId, step };
}

async function told(runId: string, table = 'a'): Promise<TableRecord> {
  const found = (await tablesTold(stores, runId)).get(`right sales.${table}`);
  if (found === undefined) throw new Error(`there is no table ${table}`);
  return found;
}

async function beginningsTold(runId: string): Promise<readonly unknown[]> {
  const events = await stores.runs.events(runId, '0', 1_000);
  return events.filter(({ type, data }) => type === 'table' && data['state'] === 'RUNNING').map(({ data }) => data['table']);
}

/** What the rows say, and how many tables are counted that run though their rows do not say so. */
async function rowsOf(runId: string): Promise<unknown> {
  const tables = await stores.rows<{ state: string }>(`select state from run_table where run_id = $1 order by table_name`, [runId]);
  const [target] = await stores.rows<{ folded: number }>(`select folded_tables as folded from run_target where run_id = $1`, [runId]);
  return { states: tables.map(({ state }) => state), folded: target?.folded };
}

describe('a table whose first step is done', () => {
  it('runs, since that began, and its row is not written before it ends', async () => {
    const { runId, step } = await firstStep();
    expect(await told(runId)).toMatchObject({ state: 'QUEUED' });
    await stores.steps.complete(step, done);
    const [row] = await stores.rows<{ at: Date }>(`select started_at as at from step where id = $1`, [step.stepId]);
    expect(await told(runId)).toMatchObject({ state: 'RUNNING', startedAt: row?.at.toISOString() });
    expect(await rowsOf(runId)).toEqual({ states: ['QUEUED'], folded: 1 });
    const [next] = await claim(stores);
    if (next === undefined) throw new Error('nothing came after it');
    await stores.steps.fail(next, failure);
    expect(await told(runId)).toMatchObject({ state: 'FAILED', startedAt: row?.at.toISOString() });
    expect(await rowsOf(runId)).toEqual({ states: ['FAILED'], folded: 0 });
    expect(await beginningsTold(runId)).toEqual(['a']);
  });

  it('is proved, and its row tells when it began', async () => {
    const { runId, step } = await firstStep();
    await stores.steps.complete(step, done);
    const { startedAt } = await told(runId);
    for (const next of await claim(stores)) await stores.steps.complete(next, done);
    expect(await rowsOf(runId)).toEqual({ states: ['QUEUED'], folded: 1 });
    for (const last of await claim(stores)) await stores.steps.complete(last, { ...done, evidence });
    expect(await told(runId)).toMatchObject({ state: 'VERIFIED', startedAt });
    expect(await rowsOf(runId)).toEqual({ states: ['VERIFIED'], folded: 0 });
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('is queued once more with a row that tells what it is', async () => {
    const { runId, step } = await firstStep();
    await stores.steps.complete(step, done);
    for (const next of await claim(stores)) await stores.steps.fail(next, failure);
    await stores.runs.resumeRun(runId);
    expect(await told(runId)).toMatchObject({ state: 'QUEUED' });
    for (const next of await claim(stores)) await stores.steps.complete(next, done);
    expect(await told(runId)).toMatchObject({ state: 'RUNNING' });
    expect(await rowsOf(runId)).toEqual({ states: ['RUNNING'], folded: 0 });
    expect(await beginningsTold(runId)).toEqual(['a', 'a']);
  });

  it('is cancelled with its run, and was begun', async () => {
    const { runId, steps } = await firstSteps([aPlan('a'), aPlan('b')]);
    for (const step of steps.slice(0, 1)) await stores.steps.complete(step, done);
    await stores.runs.cancelRun(runId);
    for (const step of steps.slice(1)) await stores.steps.cancelled(step);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLED' });
    expect([(await told(runId, 'a')).startedAt !== undefined, (await told(runId, 'a')).state]).toEqual([true, 'CANCELLED']);
    expect(await rowsOf(runId)).toMatchObject({ folded: 0 });
  });
});

describe('a table whose first step runs', () => {
  it('has a row that says so, and does not begin again when it is done', async () => {
    const { runId, step } = await firstStep();
    await stores.steps.announceStart([step]);
    expect(await told(runId)).toMatchObject({ state: 'RUNNING' });
    expect(await rowsOf(runId)).toEqual({ states: ['RUNNING'], folded: 0 });
    await stores.steps.complete(step, done);
    await told(runId);
    expect(await rowsOf(runId)).toEqual({ states: ['RUNNING'], folded: 0 });
    expect(await beginningsTold(runId)).toEqual(['a']);
  });

  it('begins with that step once, when an executor tells of its start after another did it', async () => {
    const { runId, step } = await firstStep();
    await setLeases(stores, [step.stepId], -1_000);
    await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 });
    await stores.rows(`update step set beginning = 'FOLDED' where id = $1`, [step.stepId]);
    await stores.rows(`update run_table set state = 'QUEUED', started_at = null where run_id = $1`, [runId]);
    await stores.rows(`delete from run_event where type = 'table'`);
    for (const again of await claim(stores)) await stores.steps.complete(again, done);
    await stores.steps.announceStart([step]);
    await told(runId);
    expect(await rowsOf(runId)).toEqual({ states: ['QUEUED'], folded: 1 });
    expect(await beginningsTold(runId)).toEqual(['a']);
  });

  it('stays FAILED when that is done after something it needs failed', async () => {
    const needed = aPlan('a');
    const view = aPlan('v', { object: 'view', dependsOn: [{ database: 'sales', table: 'a' }] });
    const { runId, steps } = await firstSteps([needed, view]);
    const [first] = steps.filter(({ table }) => table === 'a');
    if (first === undefined) throw new Error('the first step of a was not claimed');
    // The view's first step needs the table: it is held as if it did not.
    await stores.rows(`delete from ready_step`);
    const [own] = await stores.rows<{ id: string }>(`select id from step where table_name = 'v' and beginning = 'FOLDED'`);
    await stores.rows(
      `with s as (update step set state = 'READY' where id = $1 returning *)
       insert into ready_step (step_id, run_id, cluster, target, kind, position) select id, run_id, cluster, target, kind, position from s`,
      [own?.id],
    );
    const [ofView] = await claim(stores);
    if (ofView?.table !== 'v') throw new Error('the first step of v was not claimed');
    await stores.steps.fail(first, failure);
    expect(await told(runId, 'v')).toMatchObject({ state: 'FAILED' });
    await stores.steps.complete(ofView, done);
    expect(await told(runId, 'v')).toMatchObject({ state: 'FAILED' });
    expect(await rowsOf(runId)).toEqual({ states: ['FAILED', 'FAILED'], folded: 0 });
    expect(await beginningsTold(runId)).not.toContain('v');
  });
});

it('of a table that may begin with several steps is written in its row, once', async () => {
  const { runId, lease } = await aRunWithSteps([stepNamed('one'), stepNamed('other')]);
  await stores.plans.activateTarget(lease, 'right');
  for (const step of await claim(stores)) await stores.steps.complete(step, done);
  const both = await claim(stores);
  expect(both.map(({ key }) => key).toSorted()).toEqual(['one', 'other']);
  for (const step of both) await stores.steps.complete(step, done);
  await told(runId);
  expect(await rowsOf(runId)).toEqual({ states: ['RUNNING'], folded: 0 });
  expect(await beginningsTold(runId)).toEqual(['a']);
});

describe('when a planner goes on with a target that is activated in part', () => {
  it('tables that run stay as they are', async () => {
    const { runId, lease } = await aRunWithSteps([stepNamed('one')]);
    await stores.plans.activateTarget(lease, 'right');
    for (const step of await claim(stores)) await stores.steps.complete(step, done);
    for (const step of await claim(stores)) await stores.steps.complete(step, done);
    expect(await rowsOf(runId)).toEqual({ states: ['QUEUED'], folded: 1 });
    await stores.plans.activateTarget(lease, 'right');
    expect(await told(runId)).toMatchObject({ state: 'RUNNING' });
    expect(await rowsOf(runId)).toEqual({ states: ['RUNNING'], folded: 0 });
  });

  it('and gives it up, only those that wait fail', async () => {
    const { runId, lease } = await aRunWithSteps([stepNamed('one')], ['a', 'b']);
    await stores.plans.activateTarget(lease, 'right');
    for (const step of await claim(stores)) await stores.steps.complete(step, done);
    const steps = await claim(stores);
    for (const step of steps) if (step.table === 'a') await stores.steps.complete(step, done);
    await stores.plans.failDispatch(lease, { target: 'right', failure: { code: 'PLANNER_DIED', message: 'it died', retry: 'operator' } });
    expect([(await told(runId, 'a')).state, (await told(runId, 'b')).state]).toEqual(['RUNNING', 'FAILED']);
    // One that ran already ends as it does, and its table is given up all the same.
    for (const step of steps) if (step.table === 'b') await stores.steps.complete(step, done).catch(() => undefined);
    expect((await told(runId, 'b')).state).toBe('FAILED');
    expect(await beginningsTold(runId)).toEqual(['a']);
  });
});

function stepNamed(key: string): PlannedStep {
  return { key, kind: 'preflight', side: 'target', after: ['database'], payload: { kind: 'preflight', statements: [] } };
}

/** Tables with these steps and one that needs all of them, to be activated. */
async function aRunWithSteps(
  first: readonly PlannedStep[],
  tables: readonly string[] = ['a'],
): Promise<{ readonly runId: string; readonly lease: RunLease }> {
  const { runId } = await aPlannedRun(
    stores,
    tables.map((name) => aPlan(name)),
  );
  await stores.runs.executeRun({ runId, approvals: [{ planHash: 'hash-right' }] });
  const lease = await stores.plans.claimRun('test-planner', 30_000);
  if (lease === undefined) throw new Error('no target is due');
  const steps = [...first, { ...stepNamed('last'), after: first.map(({ key }) => key) }];
  await stores.plans.addSteps(lease, 'right', [
    { database: 'sales', steps: [databaseStepOf({ source: 'sales', target: 'sales', statements: [], issues: [] })] },
    ...tables.map((table) => ({ database: 'sales', table, steps })),
  ]);
  return { runId, lease };
}
