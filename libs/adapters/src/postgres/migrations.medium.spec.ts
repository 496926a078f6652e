import { headersOf } from '@hiveferry/contracts';
import { databaseStepOf, stepsOf } from '@hiveferry/core';
import type { Evidence } from '@hiveferry/core';
import { systemIds } from '@hiveferry/platform';
import type { BusMessage, ClaimedStep } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { aPlan, aPlannedRun, aSpec, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { tablesTold } from '../../../../test/support/tables-told.ts';
import { openPostgres } from './open-postgres.ts';
import type { PostgresStores } from './open-postgres.ts';

let stores: TestStores;

const verified: Evidence = {
  table: { database: 'sales', table: 'x' },
  target: { database: 'sales', table: 'x' },
  tableHash: 'x',
  verdict: 'VERIFIED',
  askedLevel: 'metadata',
  findings: [],
  findingsOmitted: 0,
  counts: { partitions: 0, files: 0, bytes: 0, checksummedFiles: 0 },
  notCompared: [],
  verifiedAt: '',
};

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

/** The schema, and its rows, as they were when each beginning was written in the table's row. */
const BEFORE_FOLDED_BEGINNINGS = [
  `update run_table t set state = 'RUNNING', started_at = s.started_at from step s
   where s.table_id = t.id and t.state = 'QUEUED' and s.beginning = 'FOLDED' and s.state = 'DONE'`,
  `drop view table_now`,
  `alter table step drop column beginning`,
  `alter table run_target drop column folded_tables`,
  `delete from migrations where name = 'FoldedBeginnings1763772000000'`,
];

/** The schema as it was before tables had numbers. */
const BEFORE_TABLE_NUMBERS = [
  ...BEFORE_FOLDED_BEGINNINGS,
  `alter table step drop column table_id`,
  `alter table step add column is_open boolean generated always as (state in ('READY', 'RUNNING', 'WAITING', 'ENDING')) stored`,
  `alter table run_table drop column id`,
  `delete from migrations where name = 'TableNumbers1763770000000'`,
];

/** The schema as it was before READY steps had a queue and messages a common row in the inbox. */
const BEFORE = [
  ...BEFORE_TABLE_NUMBERS,
  `drop table ready_step`,
  `create index step_queue on step (cluster, target, kind, position desc, id) where is_open`,
  `create index step_open on step (run_id) where is_open`,
  `drop table inbox`,
  `create table inbox (consumer text not null, message_id uuid not null, type text not null, run_id uuid not null,
     received_at timestamptz not null default now(), primary key (consumer, message_id))`,
  `create index inbox_received on inbox using brin (received_at)`,
  `delete from migrations where name in ('InboxOfMany1763756000000', 'ReadySteps1763758000000')`,
];

it('takes a run along that is half done: what waits is claimed, what runs is reported, what was received is known', async () => {
  const { runId } = await anExecutingRun(
    stores,
    ['a', 'b', 'c'].map((name) => aPlan(name)),
  );
  const [database] = await claim(stores);
  if (database === undefined) throw new Error('there is no database step');
  await stores.steps.complete(database, { result: {} });
  const [running, ...given] = await claim(stores);
  if (running === undefined) throw new Error('nothing is claimed');
  await Promise.all(given.map((step) => stores.steps.giveBack(step)));
  // Its row says that it runs, as rows of that version did.
  await stores.steps.renew(running, 30_000);
  for (const statement of BEFORE) await stores.rows(statement);
  const id = systemIds.next();
  await stores.rows(`insert into inbox (consumer, message_id, type, run_id) values ('planner', $1, 'run.requested', $2)`, [id, runId]);

  const after = await openPostgres({ url: stores.url }, systemIds);
  expect(await after.inbox.accept('planner', [id, systemIds.next()])).toEqual([false, true]);
  const again = await claim({ ...stores, ...after });
  expect(again.map(({ table }) => table).toSorted()).toEqual(given.map(({ table }) => table).toSorted());
  await after.steps.complete(running, { result: {} });
  await after.close();
});

/** The schema and its rows as they were before a claim was folded. */
const BEFORE_FOLDED_CLAIMS = [
  ...BEFORE_TABLE_NUMBERS,
  `drop view step_now`,
  `update kept_attempt set fence = attempt`,
  `update step set fence = attempt, claim_id = case state when 'RUNNING' then 1 end`,
  `delete from step_claim`,
  `alter table step_claim rename column unreported to open`,
  `insert into step_claim (id, steps, open) select 1, array_agg(id), count(*) from step where state = 'RUNNING'`,
  `alter table step_claim drop column owner, drop column lease_until, drop column is_folded`,
  `alter sequence step_claim_id_seq restart with 2`,
  `delete from migrations where name in ('OutboxPacks1763762000000', 'FoldedClaims1763764000000', 'MessagesByRow1763768000000')`,
];

const failure = { code: 'BROKEN', message: 'it broke', retry: 'later' };
const SWEEP = { maxTries: 5, announceAfterMs: 60_000 };

/** Preflights of a run's tables, claimed. */
async function preflights(...names: readonly string[]): Promise<ReadonlyMap<string, ClaimedStep>> {
  await anExecutingRun(
    stores,
    names.map((name) => aPlan(name)),
  );
  const [database] = await claim(stores, { kinds: ['prepare-database'] });
  if (database === undefined) throw new Error('there is no database step');
  await stores.steps.complete(database, { result: {} });
  const steps = await claim(stores, { kinds: ['preflight'] });
  return new Map(steps.map((step) => [step.table ?? '', step]));
}

const stepOf = (steps: ReadonlyMap<string, ClaimedStep>, table: string): ClaimedStep => {
  const step = steps.get(table);
  if (step === undefined) throw new Error(`nothing of ${table} is claimed`);
  return step;
};

/** A run each that executes, is being cancelled, waits for an ending, is planned, requested, and cancelled. @returns what is held in the first */
async function runsInEveryState(): Promise<ReadonlyMap<string, ClaimedStep>> {
  const steps = await preflights('held', 'given', 'unqueued', 'retried', 'failed', 'dead', 'done');
  await stores.steps.complete(stepOf(steps, 'done'), { result: {} });
  await stores.steps.giveBack(stepOf(steps, 'given'));
  await stores.steps.giveBack(stepOf(steps, 'unqueued'));
  await stores.steps.fail(stepOf(steps, 'retried'), failure, 60_000);
  await stores.steps.fail(stepOf(steps, 'failed'), failure);
  await stores.steps.renew(stepOf(steps, 'held'), 600_000);
  await stores.steps.renew(stepOf(steps, 'dead'), 600_000);
  const cancelling = stepOf(await preflights('x'), 'x');
  await stores.steps.renew(cancelling, 600_000);
  await stores.runs.cancelRun(cancelling.runId);
  const ending = stepOf(await preflights('y'), 'y');
  await stores.steps.markUnended(ending);
  await stores.steps.fail(ending, failure);
  await aPlannedRun(stores, [aPlan('z')]);
  const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  await stores.runs.cancelRun(runId);
  await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  return steps;
}

/** What executors, planners and people do until nothing is left to do. */
async function workOn(after: PostgresStores): Promise<void> {
  await stores.rows(`update step set lease_until = now() - interval '1 second' where state = 'RUNNING'`);
  await stores.rows(`update step set available_at = now() - interval '1 second' where state = 'WAITING'`);
  for (let isMore = true; isMore;) {
    await after.steps.sweep(SWEEP);
    const steps = await claim({ ...stores, ...after });
    const endings = await after.steps.claimEndings({ owner: 'ends', limit: 10, taken: {}, leaseMs: 30_000 });
    for (const step of steps) await after.steps.complete(step, { result: {}, ...(step.kind === 'verify' && { evidence: verified }) });
    for (const step of endings) await after.steps.ended(step);
    isMore = steps.length + endings.length > 0;
  }
  for (const { id } of await stores.rows<{ id: string }>(`select id from run where state in ('PLANNED', 'REQUESTED')`))
    await after.runs.cancelRun(id);
  await after.steps.sweep(SWEEP);
}

it('takes runs of the version before along in every state, and all of them come to rest', async () => {
  const steps = await runsInEveryState();
  await stores.rows(`delete from ready_step where step_id = $1`, [stepOf(steps, 'unqueued').stepId]);
  for (const statement of BEFORE_FOLDED_CLAIMS) await stores.rows(statement);
  const messages = (await stores.rows(`select id from outbox`)).length;

  const after = await openPostgres({ url: stores.url }, systemIds);
  expect(await stores.rows(`select id from step where (table_id is null) <> (table_name = '')`)).toEqual([]);
  const published: BusMessage[] = [];
  expect(await after.outbox.relay((own) => Promise.resolve((published.push(...own), [])))).toBe(messages);
  expect(published).toHaveLength(messages);
  const held = { ...stepOf(steps, 'held'), fence: '1' };
  expect(await after.steps.renew(held, 30_000)).toBe('held');
  await after.steps.complete(held, { result: {} });
  await expect(after.steps.complete(held, { result: {} })).rejects.toMatchObject({ code: 'LEASE_LOST' });
  await workOn(after);
  await expect(after.steps.complete({ ...stepOf(steps, 'dead'), fence: '1' }, { result: {} })).rejects.toMatchObject({
    code: 'LEASE_LOST',
  });
  expect((await stores.rows<{ state: string }>(`select state from run order by state`)).map(({ state }) => state)).toEqual([
    'CANCELLED',
    'CANCELLED',
    'CANCELLED',
    'CANCELLED',
    'INCOMPLETE',
    'INCOMPLETE',
  ]);
  const tables = await stores.rows(`select table_name as name, state from run_table where state <> 'VERIFIED' order by table_name`);
  expect(tables.map(({ name, state }: { name?: string; state?: string }) => `${name ?? ''} ${state ?? ''}`)).toEqual([
    'failed FAILED',
    'x CANCELLED',
    'y FAILED',
    'z PLANNED',
  ]);
  expect(await stores.rows(`select step_id from ready_step union all select unnest(steps) from step_claim`)).toEqual([]);
  await after.close();
});

it('goes on with a target whose steps were made and that was not activated yet', async () => {
  const plan = aPlan('a');
  const { runId } = await aPlannedRun(stores, [plan]);
  await stores.runs.executeRun({ runId, approvals: [{ planHash: 'hash-right' }] });
  const lease = await stores.plans.claimRun('test-planner', 30_000);
  if (lease === undefined) throw new Error('no target is due');
  const database = { source: 'sales', target: 'sales', statements: [], issues: [] };
  await stores.plans.addSteps(lease, 'right', [
    { database: 'sales', steps: [databaseStepOf(database)] },
    { database: 'sales', table: 'a', steps: stepsOf(plan) },
  ]);
  for (const statement of BEFORE_FOLDED_BEGINNINGS) await stores.rows(statement);

  const after = await openPostgres({ url: stores.url }, systemIds);
  await after.plans.activateTarget(lease, 'right');
  await after.plans.giveBackRun(lease);
  await workOn(after);
  expect(await after.runs.run(runId)).toMatchObject({ state: 'SUCCEEDED' });
  expect((await tablesTold({ ...stores, ...after }, runId)).get('right sales.a')).toMatchObject({ state: 'VERIFIED' });
  await after.close();
});

/** The outbox as it was when a row held several messages. */
const BEFORE_MESSAGES_BY_ROW = [
  `alter table outbox add column messages integer not null default 1`,
  `delete from migrations where name = 'MessagesByRow1763768000000'`,
];

it('publishes what waits in rows of several messages one by one, in the order of all, with their own keys and headers', async () => {
  for (const statement of BEFORE_MESSAGES_BY_ROW) await stores.rows(statement);
  const runId = systemIds.next();
  const tasks = ['a', 'b', 'c'].map((name) => ({
    type: 'task.distcp' as const,
    version: 1 as const,
    id: systemIds.next(),
    runId,
    key: `${runId}/right/sales.${name}`,
    stepId: systemIds.next(),
    cluster: 'right',
    subject: `sales.${name}`,
    step: 'copy' as const,
  }));
  const put = (value: string, messages: number): Promise<unknown> =>
    stores.rows(
      `insert into outbox (id, topic, key, value, headers, messages) values (gen_random_uuid(), 'topic', 'k', $1, '{"h": "1"}', $2)`,
      [value, messages],
    );
  await put('before,\nnot JSON', 1);
  await put(tasks.map((task) => JSON.stringify(task)).join('\n'), tasks.length);
  await put('after', 1);

  const after = await openPostgres({ url: stores.url }, systemIds);
  const published: Omit<BusMessage, 'topic'>[] = [];
  await after.outbox.relay((own) => {
    published.push(...own.map(({ key, value, headers }) => ({ key, value, headers })));
    return Promise.resolve([]);
  });
  await after.close();
  const alone = (value: string) => ({ key: 'k', value, headers: { h: '1' } });
  expect(published).toEqual([
    alone('before,\nnot JSON'),
    ...tasks.map((task) => ({ key: task.key, value: JSON.stringify(task), headers: headersOf(task) })),
    alone('after'),
  ]);
});

it('refuses a database that a newer version brought up to date, and names what it does not know', async () => {
  await stores.rows(`insert into migrations (timestamp, name) values (9999999999999, 'Tomorrow9999999999999')`);
  await expect(openPostgres({ url: stores.url }, systemIds)).rejects.toMatchObject({
    code: 'SCHEMA_IS_NEWER',
    message: expect.stringContaining('Tomorrow9999999999999') as string,
  });
});
