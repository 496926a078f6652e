import { randomUUID } from 'node:crypto';
import type { ClaimedStep } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { tablesTold } from '../../../../test/support/tables-told.ts';
import { databaseOf } from './sql.ts';
import { PostgresStepStore } from './step-store.ts';
import { Notifications } from './notifications.ts';
import { systemIds } from '@hiveferry/platform';

let stores: TestStores;
/** Another process on the same database: its reports and those of `stores` share no batch. */
let other: PostgresStepStore;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  other = new PostgresStepStore(databaseOf(stores.dataSource), systemIds, new Notifications(stores.url));
});
afterEach(() => stores.drop());

const SOON = { timeout: 60_000 };
/** Reports that wait: as many are worth a batch of their own, beside the one that is being written. */
const WRITTEN_BESIDE = 1_000;

/** Preflights of these tables, claimed; in the order of their names. */
async function claimedSteps(tables: readonly string[]): Promise<{ readonly runId: string; readonly steps: readonly ClaimedStep[] }> {
  const { runId } = await anExecutingRun(
    stores,
    tables.map((name) => aPlan(name)),
  );
  return { runId, steps: await afterDatabase() };
}

async function claimedStep(): Promise<{ readonly runId: string; readonly step: ClaimedStep }> {
  const {
    runId,
    steps: [step],
  } = await claimedSteps(['a']);
  if (step === undefined) throw new Error('no step was claimed');
  return { runId, step };
}

async function afterDatabase(): Promise<readonly ClaimedStep[]> {
  for (const step of await claim(stores)) await stores.steps.complete(step, { result: {} });
  return (await claim(stores, { limit: 1_000 })).toSorted((a, b) => ((a.table ?? '') < (b.table ?? '') ? -1 : 1));
}

/** Holds the rows of a statement until they are let go. */
async function locked(statement: string, parameter: unknown): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<undefined>();
  const letGo = Promise.withResolvers<undefined>();
  const transaction = databaseOf(stores.dataSource).transaction(async (sql) => {
    await sql.rows(statement, [parameter]);
    held.resolve(undefined);
    await letGo.promise;
  });
  await held.promise;
  return async () => {
    letGo.resolve(undefined);
    await transaction;
  };
}

/** As one does who unfolds it. */
const holding = (step: ClaimedStep | undefined): Promise<() => Promise<void>> =>
  locked(`select id from step where id = $1 for no key update`, step?.stepId);

const holdingTable = (table: string): Promise<() => Promise<void>> =>
  locked(`select table_name from run_table where table_name = $1 for no key update`, table);

const lockTable = (table: string): Promise<unknown> =>
  stores.rows(`select table_name from run_table where table_name = $1 for no key update nowait`, [table]);

const waiting = async (query: string): Promise<number> =>
  (
    await stores.rows(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike $1 || '%'`,
      [query],
    )
  ).length;

const done = { result: {} };
const stateOf = async (table: string): Promise<unknown> =>
  (await stores.rows<{ state: string }>(`select state from step where kind = 'preflight' and table_name = $1`, [table]))[0]?.state;

describe('reports of one run', () => {
  it('do not wait for each other', async () => {
    const {
      steps: [a, b],
    } = await claimedSteps(['a', 'b']);
    if (a === undefined || b === undefined) throw new Error('two steps were not claimed');
    const letGo = await holding(a);
    const first = stores.steps.complete(a, done);
    await expect.poll(() => waiting('with k as'), SOON).toBe(1);
    await other.complete(b, done);
    expect([await stateOf('a'), await stateOf('b')]).toEqual(['READY', 'DONE']);
    await letGo();
    await first;
    expect(await stateOf('a')).toBe('DONE');
  });

  it('are waited for by who changes the whole run, and later ones wait for him', async () => {
    const {
      runId,
      steps: [a, b],
    } = await claimedSteps(['a', 'b']);
    if (a === undefined || b === undefined) throw new Error('two steps were not claimed');
    const letGo = await holding(a);
    const first = stores.steps.complete(a, done);
    await expect.poll(() => waiting('with k as'), SOON).toBe(1);
    const cancelled = stores.runs.cancelRun(runId);
    await expect.poll(() => waiting('%from run%no key update'), SOON).toBe(1);
    const second = other.complete(b, done);
    await expect.poll(() => waiting('select pg_advisory_xact_lock_shared'), SOON).toBe(1);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'EXECUTING' });
    await letGo();
    await Promise.all([first, cancelled, second]);
    expect([await stateOf('a'), await stateOf('b')]).toEqual(['DONE', 'DONE']);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLED' });
  });

  it('begin a table once that two of them begin', async () => {
    const { runId, steps } = await claimedSteps(['a']);
    // Two steps of one table at once, which may begin with either, and nothing was told of either.
    await stores.rows(`update step set beginning = 'WRITTEN' where table_name <> ''`);
    await stores.rows(
      `with s as (update step set state = 'READY' where kind = 'create-table' returning *)
       insert into ready_step (step_id, run_id, cluster, target, kind, position) select id, run_id, cluster, target, kind, position from s`,
    );
    const both = [...steps, ...(await claim(stores))];
    const begun = async (): Promise<number> =>
      (await stores.runs.events(runId, '0', 1_000)).filter(({ type, data }) => type === 'table' && data['state'] === 'RUNNING').length;
    await Promise.all(both.map((step, index) => (index % 2 === 0 ? stores.steps : other).complete(step, done)));
    expect([both.length, await begun()]).toEqual([2, 1]);
  });

  it.each(['start', 'end'] as const)(
    'begin a table once, when the %s of its first step is written first and the other meets it',
    async (first) => {
      const { runId, step: a } = await claimedStep();
      const letGo = await holding(a);
      const start = (): Promise<void> => other.announceStart([a]);
      const end = (): Promise<void> => stores.steps.complete(a, done);
      const one = first === 'start' ? start() : end();
      await expect.poll(() => waiting('with %'), SOON).toBe(1);
      const two = first === 'start' ? end() : start();
      await expect.poll(() => waiting('with %'), SOON).toBe(2);
      await letGo();
      await Promise.all([one, two]);
      const [table] = (await tablesTold(stores, runId)).values();
      expect(table).toMatchObject({ state: 'RUNNING' });
    },
  );

  it('tell only of tables that begin, where another step of the report is of one that began before', async () => {
    const { runId, steps } = await claimedSteps(['a', 'b']);
    const [a, b] = steps;
    if (a === undefined || b === undefined) throw new Error('two steps were not claimed');
    await stores.steps.complete(a, done);
    const [next] = await claim(stores);
    if (next === undefined) throw new Error('the next step was not claimed');
    await Promise.all([next, b].map((step) => stores.steps.complete(step, done)));
    const begun = (await stores.runs.events(runId, '0', 1_000)).filter(({ type }) => type === 'table').map(({ data }) => data['table']);
    expect(begun).toEqual(['a', 'b']);
  });

  it('tell of each table that begins once, of what runs and of what is done together', async () => {
    const { runId, steps } = await claimedSteps(['a', 'b', 'c']);
    const [a, b, c] = steps;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three steps were not claimed');
    // As many tables as steps are done, but not theirs: both of these are of `a`, which may begin with either.
    await stores.rows(
      `update step set table_id = (select id from run_table where table_name = 'a'), beginning = 'WRITTEN' where id = any($1)`,
      [[a.stepId, b.stepId]],
    );
    await Promise.all([stores.steps.announceStart([c]), stores.steps.complete(a, done), stores.steps.complete(b, done)]);
    const begun = (await stores.runs.events(runId, '0', 1_000)).filter(({ type }) => type === 'table').map(({ data }) => data['table']);
    expect(begun).toHaveLength(2);
    expect(begun).toContain('c');
  });

  it('begin tables in the order of their numbers, those of steps that run among those of steps that are done', async () => {
    // So many that Postgres goes from row to row, as it does in a run of some size: of a few it reads the whole table, in its own order.
    const others = Array.from({ length: 500 }, (_, index) => `other${String(index)}`);
    // Numbered in another order than their names'.
    const { runId, steps } = await claimedSteps(['c', 'b', 'a', ...others]);
    const [a, b, c] = steps;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three steps were not claimed');
    await stores.rows(`update step set beginning = 'WRITTEN' where beginning is not null`);
    await stores.rows('analyze');
    const letGo = await holdingTable('b');
    // The first of the three is only told to run, the last one to be done.
    const reported = Promise.all([stores.steps.announceStart([c]), stores.steps.complete(a, done), stores.steps.complete(b, done)]);
    await expect.poll(() => waiting('with k as'), SOON).toBe(1);
    // It has locked `c`, waits for `b`, and has not touched `a`.
    await expect(lockTable('c')).rejects.toMatchObject({ code: '55P03' });
    await lockTable('a');
    await letGo();
    await reported;
    const running = `select table_name as name from run_table where run_id = $1 and state = 'RUNNING' order by 1`;
    expect(await stores.rows(running, [runId])).toEqual(['a', 'b', 'c'].map((name) => ({ name })));
  });

  it('do not wait for a planner that gives its run back, nor he for them', async () => {
    const { runId, step: a } = await claimedStep();
    const letGo = await holding(a);
    const reported = stores.steps.complete(a, done);
    await expect.poll(() => waiting('with k as'), SOON).toBe(1);
    const [run] = await stores.rows<{ fence: string }>(`select fence from run where id = $1`, [runId]);
    const givenBack = stores.plans.giveBackRun({ runId, fence: run?.fence ?? '' });
    await expect.poll(() => waiting('%from run%no key update'), SOON).toBe(1);
    // Whoever comes next finds the row of the run free: only the gate is waited for.
    await stores.rows(`select id from run where id = $1 for no key update nowait`, [runId]);
    await letGo();
    await Promise.all([reported, givenBack]);
    expect(await stateOf('a')).toBe('DONE');
  });

  it('and what a step tells of its progress are told in one order', async () => {
    const { runId, step: a } = await claimedStep();
    const unlock = await locked(`select id from run where id = $1 for no key update`, runId);
    const told = stores.steps.progress(a, 50);
    await expect.poll(() => waiting('with held as'), SOON).toBe(1);
    await unlock();
    await told;
    expect((await stores.runs.events(runId, '0', 1_000)).at(-1)).toMatchObject({ type: 'step', data: { percent: 50 } });
  });

  it('lock claims that they share with another run in one order', async () => {
    for (const tables of [
      ['a', 'b'],
      ['c', 'd'],
    ])
      await anExecutingRun(
        stores,
        tables.map((name) => aPlan(name)),
      );
    for (const step of await claim(stores)) await stores.steps.complete(step, done);
    // The second claim has a step of one run, the first has one of it as well, and those of the other.
    const first = await claim(stores, { limit: 3 });
    const [last] = await claim(stores, { limit: 3 });
    const shared = [...first.filter(({ runId }) => runId === last?.runId), ...(last === undefined ? [] : [last])];
    const low = first[0]?.fence;
    const letGo = await locked(`select id from step_claim where id = $1 for no key update`, low);
    const reported = Promise.all(shared.toReversed().map((step) => stores.steps.complete(step, done)));
    await expect.poll(() => waiting('with held as'), SOON).toBe(1);
    // The higher one is free still.
    const free = await stores.rows(`select id from step_claim where id > $1 for no key update nowait`, [low]);
    await letGo();
    await reported;
    expect([new Set(shared.map(({ fence }) => fence)).size, free.length]).toEqual([2, 1]);
  });
});

describe('the start of a step', () => {
  const statesOf = async (runId: string, kind = 'preflight'): Promise<readonly unknown[]> =>
    (await stores.runs.events(runId, '0', 1_000)).filter(({ data }) => data['kind'] === kind).map(({ data }) => data['state']);

  it('is told of before its end, when that is reported while the start is written', async () => {
    const { runId, step: a } = await claimedStep();
    const unlock = await locked(`select id from run where id = $1 for no key update`, runId);
    const started = stores.steps.announceStart([a]);
    await expect.poll(() => waiting('with held as'), SOON).toBe(1);
    const ended = stores.steps.complete(a, done);
    await unlock();
    await Promise.all([started, ended]);
    expect(await statesOf(runId)).toEqual(['RUNNING', 'DONE']);
  });

  it.each(['fails', 'waits', 'is given back'] as const)('is told of before it %s', async (what) => {
    const { runId, step: a } = await claimedStep();
    const started = stores.steps.announceStart([a]);
    const reason = { code: 'BUSY', message: 'it waits', retry: 'later' };
    if (what === 'fails') await stores.steps.fail(a, reason);
    if (what === 'waits') await stores.steps.wait(a, { reason, againAfterMs: 60_000 });
    if (what === 'is given back') await stores.steps.giveBack(a);
    await started;
    expect((await statesOf(runId)).slice(0, 2)).toEqual(['RUNNING', { fails: 'FAILED', waits: 'WAITING', 'is given back': 'READY' }[what]]);
  });

  it('begins its table, also when it waits at once', async () => {
    const { step: a } = await claimedStep();
    await stores.steps.wait(a, { reason: { code: 'BUSY', message: 'it waits', retry: 'later' }, againAfterMs: 60_000 });
    expect(await stores.rows(`select state, started_at is not null as "isBegun" from run_table`)).toEqual([
      { state: 'RUNNING', isBegun: true },
    ]);
  });

  it.each(['is done', 'is given back'] as const)('is waited for before it %s, though other reports are written beside it', async (what) => {
    const { runId, steps } = await claimedSteps(['a', 'b']);
    const [first, b] = steps;
    if (first === undefined || b === undefined) throw new Error('two steps were not claimed');
    await stores.steps.complete(first, done);
    // Its table has begun: this end and its start have no row in common.
    const [a] = await claim(stores);
    if (a === undefined) throw new Error('the second step was not claimed');
    const letGo = await holdingTable('b');
    const started = stores.steps.announceStart([a, b]);
    await expect.poll(() => waiting('with%begun as'), SOON).toBe(1);
    const ended = what === 'is done' ? stores.steps.complete(a, done) : stores.steps.giveBack(a);
    const late = Array.from({ length: WRITTEN_BESIDE }, () => stores.steps.complete({ ...a, stepId: randomUUID() }, done));
    await Promise.allSettled(late);
    await letGo();
    await Promise.all([started, ended]);
    expect(await statesOf(runId, a.kind)).toEqual(['RUNNING', what === 'is done' ? 'DONE' : 'READY']);
  });

  it('is one report with its end, when that comes before the start is written', async () => {
    const { runId, step: a } = await claimedStep();
    await Promise.all([stores.steps.announceStart([a]), stores.steps.complete(a, done)]);
    expect(await statesOf(runId)).toEqual(['RUNNING', 'DONE']);
    const rows = await stores.rows<{ count: number }>(
      `select count(distinct xmin::text)::integer as count from run_event where type = 'step' and $1 = any(steps)`,
      [a.stepId],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});
