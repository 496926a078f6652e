import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

/** Preflights of three tables, RUNNING. */
async function claimedSteps() {
  const { runId } = await anExecutingRun(
    stores,
    ['a', 'b', 'c'].map((name) => aPlan(name)),
  );
  const [database] = await claim(stores);
  if (database === undefined) throw new Error('there is no database step');
  await stores.steps.complete(database, { result: {} });
  const steps = await claim(stores);
  return { runId, steps, tables: steps.map(({ table }) => table) };
}

const stepsIn = async (state: string) =>
  (
    await stores.rows<{ name: string }>(`select table_name as name from step where kind = 'preflight' and state = $1 order by 1`, [state])
  ).map(({ name }) => name);

describe('reports that come together', () => {
  it('are one transaction, with an event each and the same dependants made ready as one by one', async () => {
    const { steps, runId } = await claimedSteps();
    await Promise.all([stores.steps.announceStart(steps), ...steps.map((step) => stores.steps.complete(step, { result: {} }))]);
    expect(await stepsIn('DONE')).toEqual(['a', 'b', 'c']);
    const ready = await stores.rows(`select id from step where kind = 'create-table' and state = 'READY'`);
    const messages = await stores.rows(`select id from outbox where value like '%create-table%'`);
    expect([ready.length, messages.length]).toEqual([3, 3]);
    const transactions = await stores.rows<{ count: number }>(
      `select count(distinct ended_at)::int as count from (select xmin::text as ended_at from step where kind = 'preflight') x`,
    );
    expect(transactions).toEqual([{ count: 1 }]);
    const events = await stores.rows<{ state: string }>(
      `select data ->> 'state' as state from run_event where run_id = $1 and data ->> 'kind' = 'preflight' order by sequence`,
      [runId],
    );
    expect(events.map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'DONE', 'DONE', 'DONE']);
  });

  it('are refused one by one: a late fence stops none of the others', async () => {
    const { steps } = await claimedSteps();
    const late = steps.find(({ table }) => table === 'b');
    await stores.rows(`update step set fence = fence + 1 where id = $1`, [late?.stepId]);
    const results = await Promise.allSettled(steps.map((step) => stores.steps.complete(step, { result: { by: step.table } })));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: 'LEASE_LOST', subject: late?.stepId }]);
    expect([await stepsIn('DONE'), await stepsIn('RUNNING')]).toEqual([['a', 'c'], ['b']]);
  });

  it('take a lease that is reported twice once', async () => {
    const { steps } = await claimedSteps();
    const results = await Promise.allSettled([...steps, ...steps].map((step) => stores.steps.complete(step, { result: {} })));
    expect(results.map(({ status }) => status)).toEqual([...steps.map(() => 'fulfilled'), ...steps.map(() => 'rejected')]);
  });

  it('do not fail because of one that cannot be written', async () => {
    const { steps } = await claimedSteps();
    const results = await Promise.allSettled(
      steps.map((step) => stores.steps.complete(step, { result: step.table === 'b' ? { text: '\u0000' } : {} })),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await stepsIn('DONE')).toEqual(['a', 'c']);
  });
});
