import { systemIds } from '@hiveferry/platform';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { openPostgres } from './open-postgres.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

/** The schema as it was before READY steps had a queue and messages a common row in the inbox. */
const BEFORE = [
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
