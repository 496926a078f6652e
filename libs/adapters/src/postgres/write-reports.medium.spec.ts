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
    await stores.rows<{ name: string }>(`select table_name as name from step_now where kind = 'preflight' and state = $1 order by 1`, [
      state,
    ])
  ).map(({ name }) => name);

describe('reports that come together', () => {
  it('are one transaction, with an event each and the same dependants made ready as one by one', async () => {
    const { steps, runId } = await claimedSteps();
    await Promise.all([stores.steps.announceStart(steps), ...steps.map((step) => stores.steps.complete(step, { result: {} }))]);
    expect(await stepsIn('DONE')).toEqual(['a', 'b', 'c']);
    const ready = await stores.rows(`select id from step where kind = 'create-table' and state = 'READY'`);
    const announced = await stores.rows(
      `select task from outbox cross join lateral jsonb_array_elements(value::jsonb -> 'tasks') as t (task) where task ->> 'step' = 'create-table'`,
    );
    expect([ready.length, announced.length]).toEqual([3, 3]);
    const transactions = await stores.rows<{ count: number }>(
      `select count(distinct ended_at)::int as count from (select xmin::text as ended_at from step where kind = 'preflight') x`,
    );
    expect(transactions).toEqual([{ count: 1 }]);
    const events = (await stores.runs.events(runId, '0', 1_000)).filter(({ data }) => data['kind'] === 'preflight');
    expect(events.map(({ data }) => data['state'])).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'DONE', 'DONE', 'DONE']);
  });

  it('of a step that is given back tell executors that it is READY', async () => {
    const { steps } = await claimedSteps();
    await stores.rows('delete from outbox');
    await Promise.all(steps.map((step) => stores.steps.giveBack(step)));
    const announced = await stores.rows<{ step: string; subject: string }>(
      `select task ->> 'stepId' as step, task ->> 'subject' as subject
       from outbox cross join lateral jsonb_array_elements(value::jsonb -> 'tasks') as t (task) order by 2`,
    );
    const given = steps.map(({ stepId, table }) => ({ step: stepId, subject: `sales.${table ?? ''}` }));
    expect(announced).toEqual(given.toSorted((a, b) => (a.subject < b.subject ? -1 : 1)));
  });

  it('tell of each step at which attempt it was', async () => {
    const { runId, steps } = await claimedSteps();
    const given = steps.find(({ table }) => table === 'b');
    if (given === undefined) throw new Error('b is not claimed');
    await stores.steps.giveBack(given);
    const [again] = await claim(stores);
    if (again === undefined) throw new Error('b is not claimed again');
    const all = [...steps.filter((step) => step !== given), again];
    await Promise.all(all.map((step) => stores.steps.complete(step, { result: { by: step.table } })));
    const ends = (await stores.runs.events(runId, '0', 1_000)).filter(
      ({ data }) => data['kind'] === 'preflight' && data['state'] === 'DONE',
    );
    expect(ends.map(({ data }) => `${String(data['table'])} ${String(data['attempt'])}`).toSorted()).toEqual(['a 1', 'b 2', 'c 1']);
    const results = await stores.rows(`select table_name as by, attempt, result from step where kind = 'preflight' order by 1`);
    expect(results).toEqual(['a', 'b', 'c'].map((by) => ({ by, attempt: by === 'b' ? 2 : 1, result: { by } })));
  });

  it('are refused one by one: a late fence stops none of the others', async () => {
    const { steps } = await claimedSteps();
    const late = steps.find(({ table }) => table === 'b');
    if (late === undefined) throw new Error('b is not claimed');
    await stores.steps.renew(late, 30_000);
    await stores.rows(`update step set fence = nextval('step_claim_id_seq') where id = $1`, [late.stepId]);
    const results = await Promise.allSettled(steps.map((step) => stores.steps.complete(step, { result: { by: step.table } })));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: 'LEASE_LOST', subject: late.stepId }]);
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

  it('are one row for all events that say the same, read with a sequence each, in pages of any size', async () => {
    const { steps, runId } = await claimedSteps();
    await Promise.all([stores.steps.announceStart(steps), ...steps.map((step) => stores.steps.complete(step, { result: {} }))]);
    const all = await stores.runs.events(runId, '0', 1_000);
    const done = all.find(({ data }) => data['state'] === 'DONE' && data['table'] === 'c');
    expect(done).toMatchObject({
      data: { target: 'right', database: 'sales', table: 'c', key: 'preflight', kind: 'preflight', attempt: 1, state: 'DONE' },
    });
    const started = all.filter(({ type }) => type === 'table').map(({ data }) => data);
    expect(started).toEqual(expect.arrayContaining([{ target: 'right', database: 'sales', table: 'a', state: 'RUNNING' }]));
    expect(started).toHaveLength(3);
    expect(new Set(all.map(({ sequence }) => sequence)).size).toBe(all.length);
    expect(await stores.rows(`select cardinality(steps) as steps from run_event where run_id = $1 order by sequence`, [runId])).toEqual(
      expect.arrayContaining([{ steps: 3 }]),
    );
    for (const limit of [1, 2, 5]) {
      const seen: string[] = [];
      for (let page = await stores.runs.events(runId, '0', limit); page.length > 0;) {
        seen.push(...page.map(({ sequence }) => sequence));
        page = await stores.runs.events(runId, seen.at(-1) ?? '', limit);
      }
      expect(seen).toEqual(all.map(({ sequence }) => sequence));
    }
  });

  it('leave an attempt each, one that ended well by the row of its step only', async () => {
    const { steps } = await claimedSteps();
    const [first, ...others] = steps;
    if (first === undefined) throw new Error('nothing is claimed');
    await stores.steps.giveBack(first);
    await Promise.all(others.map((step) => stores.steps.complete(step, { result: {} })));
    const [again] = await claim(stores, { kinds: ['preflight'] });
    if (again === undefined) throw new Error('nothing is claimed again');
    await stores.steps.complete(again, { result: { second: true } });
    const attempts = await stores.rows(`select attempt, outcome, owner, result from step_attempt where step_id = $1 order by attempt`, [
      first.stepId,
    ]);
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'READY' },
      { attempt: 2, outcome: 'DONE', result: { second: true } },
    ]);
    expect(await stores.rows(`select step_id from kept_attempt where outcome = 'DONE'`)).toEqual([]);
  });

  it('leave no claim behind whose steps have all ended', async () => {
    const { steps } = await claimedSteps();
    const [first, ...others] = steps;
    if (first === undefined) throw new Error('nothing is claimed');
    await Promise.all(others.map((step) => stores.steps.complete(step, { result: {} })));
    await stores.steps.sweep({ maxTries: 4, announceAfterMs: 60_000 });
    expect(await stores.rows(`select unreported from step_claim`)).toEqual([{ unreported: 1 }]);
    await stores.steps.fail(first, { code: 'BROKEN', message: 'it broke', retry: 'never' });
    await stores.steps.sweep({ maxTries: 4, announceAfterMs: 60_000 });
    expect(await stores.rows(`select unreported from step_claim`)).toEqual([]);
  });
});
