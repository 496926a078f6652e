import type { ClaimedStep } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { STEP_KINDS } from '@hiveferry/core';
import { aPlan, anExecutingRun, claim, openTestStores, setLeases } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { unfold } from './folded-claims.sql.ts';
import { databaseOf } from './sql.ts';
import { takeReadySteps } from './ready-claim.sql.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

const SWEEP = { maxTries: 5, announceAfterMs: 60_000 };
const failure = { code: 'BROKEN', message: 'it broke', retry: 'never' };

/** Three tables whose preflights are READY. */
async function readyRun(): Promise<string> {
  const { runId } = await anExecutingRun(
    stores,
    ['a', 'b', 'c'].map((name) => aPlan(name)),
  );
  const [database] = await claim(stores);
  if (database === undefined) throw new Error('there is no database step');
  await stores.steps.complete(database, { result: {} });
  return runId;
}

async function claimed(owner = 'first'): Promise<readonly [ClaimedStep, ClaimedStep, ClaimedStep]> {
  const [a, b, c] = (await claim(stores, { owner })).toSorted((one, other) => ((one.table ?? '') < (other.table ?? '') ? -1 : 1));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three steps were not claimed');
  return [a, b, c];
}

/** What the steps' own rows say. */
const rowsOf = async (): Promise<readonly string[]> =>
  (
    await stores.rows<{ line: string }>(`select table_name || ' ' || state as line from step where kind = 'preflight' order by table_name`)
  ).map(({ line }) => line);

const lost = { code: 'LEASE_LOST' };

describe('a claim that is folded', () => {
  it('is one row, and what reads steps says who runs them', async () => {
    const runId = await readyRun();
    await claimed();
    expect(await rowsOf()).toEqual(['a READY', 'b READY', 'c READY']);
    const [, step] = await stores.runs.steps(runId, 'right', { database: 'sales', table: 'a' });
    expect(step).toMatchObject({ key: 'preflight', state: 'RUNNING', attempt: 1, startedAt: expect.any(String) as string });
    expect(await stores.rows(`select state, lease_owner as owner from step_now where kind = 'preflight' and table_name = 'a'`)).toEqual([
      { state: 'RUNNING', owner: 'first' },
    ]);
    expect(await claim(stores, { owner: 'second' })).toEqual([]);
  });

  it('is refused when its lease has ended and another has its steps; the other one is not', async () => {
    await readyRun();
    const first = await claimed();
    await setLeases(stores, [first[0].stepId], -1_000);
    expect(await stores.steps.sweep(SWEEP)).toMatchObject({ expired: 3 });
    await expect(stores.steps.complete(first[0], { result: {} })).rejects.toMatchObject(lost);
    const second = await claimed('second');
    await expect(stores.steps.complete(first[0], { result: {} })).rejects.toMatchObject(lost);
    await expect(stores.steps.fail(first[1], failure)).rejects.toMatchObject(lost);
    await expect(stores.steps.cancelled(first[2])).rejects.toMatchObject(lost);
    expect(await stores.steps.renew(first[0], 30_000)).toBe('lost');
    await stores.steps.complete(second[0], { result: { by: 'second' } });
    expect(
      await stores.rows(`select attempt, owner, outcome, result from step_attempt where step_id = $1 order by attempt`, [first[0].stepId]),
    ).toEqual([
      { attempt: 1, owner: 'first', outcome: 'READY', result: null },
      { attempt: 2, owner: 'second', outcome: 'DONE', result: { by: 'second' } },
    ]);
  });

  it('is told apart from the claim before by its fence, however often its steps are given back', async () => {
    await readyRun();
    const [before] = await claimed();
    await stores.steps.giveBack(before);
    const [again] = await claim(stores, { owner: 'second' });
    if (again === undefined) throw new Error('nothing is claimed again');
    expect([again.stepId, again.attempt, BigInt(again.fence) > BigInt(before.fence)]).toEqual([before.stepId, 2, true]);
    await expect(stores.steps.complete(before, { result: {} })).rejects.toMatchObject(lost);
    await expect(stores.steps.giveBack(before)).rejects.toMatchObject(lost);
    await stores.steps.complete(again, { result: {} });
    await expect(stores.steps.complete(again, { result: {} })).rejects.toMatchObject(lost);
  });

  it('is unfolded for the step that is renewed; the others stay as they are, and all are reported', async () => {
    await readyRun();
    const steps = await claimed();
    expect(await stores.steps.renew(steps[1], 60_000)).toBe('held');
    expect(await rowsOf()).toEqual(['a READY', 'b RUNNING', 'c READY']);
    await setLeases(stores, [steps[0].stepId], -1_000);
    expect(await stores.steps.renew(steps[1], 60_000)).toBe('held');
    expect(await stores.steps.sweep(SWEEP)).toMatchObject({ expired: 2 });
    await stores.steps.complete(steps[1], { result: {} });
    expect(await rowsOf()).toEqual(['a READY', 'b DONE', 'c READY']);
  });

  it('keeps a run that is cancelled from ending until all its steps are reported', async () => {
    const runId = await readyRun();
    const steps = await claimed();
    await stores.runs.cancelRun(runId);
    expect(await stores.steps.renew(steps[0], 30_000)).toBe('cancelled');
    await stores.steps.complete(steps[0], { result: {} });
    await stores.steps.cancelled(steps[1]);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLING' });
    await stores.steps.giveBack(steps[2]);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLED' });
    expect(await rowsOf()).toEqual(['a DONE', 'b CANCELLED', 'c CANCELLED']);
  });

  it('is found by a cancel that comes while it is written', async () => {
    const runId = await readyRun();
    const request = { owner: 'first', limit: 100, leaseMs: 30_000, kinds: STEP_KINDS };
    const { promise: written, resolve: write } = Promise.withResolvers<undefined>();
    const { promise: isClaiming, resolve: claiming } = Promise.withResolvers<readonly ClaimedStep[]>();
    const claims = databaseOf(stores.dataSource).transaction(async (sql) => {
      claiming((await takeReadySteps(sql, request)).steps);
      await written;
    });
    const steps = await isClaiming;
    const cancelled = stores.runs.cancelRun(runId);
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'delete from ready_step%'`;
    await expect.poll(async () => (await stores.rows(waits)).length, { timeout: 60_000 }).toBe(1);
    write(undefined);
    await Promise.all([claims, cancelled]);
    expect(await rowsOf()).toEqual(['a RUNNING', 'b RUNNING', 'c RUNNING']);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLING' });
    for (const step of steps) await stores.steps.cancelled(step);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLED' });
  });

  it('is held by who renews it while another statement unfolds it', async () => {
    await readyRun();
    const [a] = await claimed();
    const { promise: written, resolve: write } = Promise.withResolvers<undefined>();
    const { promise: isUnfolded, resolve: unfolded } = Promise.withResolvers<undefined>();
    const other = databaseOf(stores.dataSource).transaction(async (sql) => {
      await unfold(sql, { leases: [a] }, 30_000);
      unfolded(undefined);
      await written;
    });
    await isUnfolded;
    const renewed = stores.steps.renew(a, 30_000);
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'with claimed as%'`;
    await expect.poll(async () => (await stores.rows(waits)).length).toBe(1);
    write(undefined);
    await other;
    expect(await renewed).toBe('held');
  });

  it('is left alone where another table of its run fails', async () => {
    const runId = await readyRun();
    const [a, b, c] = await claimed();
    await stores.steps.fail(a, failure);
    await stores.steps.complete(b, { result: {} });
    await stores.steps.complete(c, { result: {} });
    const table = await stores.runs.table(runId, 'right', { database: 'sales', table: 'a' });
    expect([table?.state, await rowsOf()]).toEqual(['FAILED', ['a FAILED', 'b DONE', 'c DONE']]);
  });

  it('is forgotten when nothing of it is left', async () => {
    await readyRun();
    const [a, b, c] = await claimed();
    await stores.steps.complete(a, { result: {} });
    await stores.steps.giveBack(b);
    await stores.steps.sweep(SWEEP);
    expect(await stores.rows(`select unreported from step_claim`)).toEqual([{ unreported: 1 }]);
    await stores.steps.fail(c, failure);
    await stores.steps.sweep(SWEEP);
    expect(await stores.rows(`select unreported from step_claim`)).toEqual([]);
  });
});
