import { randomUUID } from 'node:crypto';
import { parseMessage } from '@hiveferry/contracts';
import { systemIds } from '@hiveferry/platform';
import type { BusMessage } from '@hiveferry/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, aSpec, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { openPostgres } from './open-postgres.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());
beforeEach(async () => {
  await stores.rows(`truncate migration, outbox, inbox, dead_letter, run_event cascade`);
});

const put = (key: string, value: string): Promise<unknown> =>
  stores.rows(`insert into outbox (id, topic, key, value, headers) values ($1, 'topic', $2, $3, '{}')`, [randomUUID(), key, value]);

async function relayAll(publish: (messages: readonly BusMessage[]) => Promise<void>): Promise<void> {
  const takeAll = async (messages: readonly BusMessage[]): Promise<readonly string[]> => {
    await publish(messages);
    return [];
  };
  while ((await stores.outbox.relay(takeAll)) > 0);
}

function subjectsOf(value: string): readonly string[] {
  const parsed = parseMessage(value);
  if (parsed.kind === 'unreadable' || !('tasks' in parsed.message)) throw new Error(`not a message of tasks: ${value}`);
  return parsed.message.tasks.map(({ subject }) => subject).toSorted();
}

describe('outbox', () => {
  it('writes the message of a command together with its rows', async () => {
    const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    expect(await stores.rows(`select key, value::jsonb ->> 'type' as type, headers from outbox`)).toEqual([
      { key: runId, type: 'run.requested', headers: expect.objectContaining({ type: 'run.requested', version: '1' }) as object },
    ]);
    const trace = new RegExp(`^00-${runId.replaceAll('-', '')}-[0-9a-f]{16}-01$`);
    expect(await stores.rows(`select headers ->> 'traceparent' as trace from outbox`)).toEqual([
      { trace: expect.stringMatching(trace) as string },
    ]);
  });

  it('writes neither when the command fails', async () => {
    await expect(stores.runs.createRun(randomUUID(), { executeAfterPlan: false })).rejects.toMatchObject({ code: 'MIGRATION_NOT_FOUND' });
    expect(await stores.rows(`select id from outbox`)).toEqual([]);
  });

  it('keeps what could not be published and publishes it again', async () => {
    await put('a', '1');
    await expect(stores.outbox.relay(() => Promise.reject(new Error('no broker')))).rejects.toThrow('no broker');
    const published: string[] = [];
    await relayAll(async (messages) => void published.push(...messages.map(({ value }) => value)));
    expect(published).toEqual(['1']);
  });

  it('publishes each message once and those of a key in order when four relays work at once', async () => {
    const filling = 'x'.repeat(30_000);
    for (let value = 0; value < 60; value += 1) await put(`key-${String(value % 5)}`, `${String(value)} ${filling}`);
    const reads: (readonly { readonly key: string; readonly value: number }[])[] = [];
    const publish = async (messages: readonly BusMessage[]): Promise<readonly string[]> => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      reads.push(messages.map(({ key, value }) => ({ key, value: Number.parseInt(value) })));
      return [];
    };
    const relayWhileAnyWait = async (): Promise<void> => {
      while (!(await stores.outbox.isEmpty('topic'))) await stores.outbox.relay(publish);
    };
    await Promise.all([1, 2, 3, 4].map(relayWhileAnyWait));
    // 300 kB at a time, by whichever relay has the topic.
    expect(reads.map((read) => read.length)).toEqual(Array(6).fill(10));
    const published = reads.flat();
    expect(published.map(({ value }) => value).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, value) => value));
    for (const values of Map.groupBy(published, ({ key }) => key).values()) {
      expect(values.map(({ value }) => value)).toEqual(values.map(({ value }) => value).sort((a, b) => a - b));
    }
  });

  it('tells of steps that become ready together in a message for each slot of tables, after older and before newer ones', async () => {
    const { runId } = await anExecutingRun(
      stores,
      ['orders', 'weeks', 'items'].map((name) => aPlan(name)),
    );
    const [database] = await claim(stores);
    if (database === undefined) throw new Error('there is no database step');
    await stores.rows(`truncate outbox`);
    const task = 'hiveferry.tasks.right.translation';
    const putTask = (value: string): Promise<unknown> =>
      stores.rows(`insert into outbox (id, topic, key, value, headers) values (gen_random_uuid(), $1, 'k', $2, '{"h": "1"}')`, [
        task,
        value,
      ]);
    await putTask('"before"');
    await stores.steps.complete(database, { result: {} });
    await putTask('"after"');
    const published: BusMessage[] = [];
    await relayAll(async (messages) => void published.push(...messages));
    expect(published.map(({ topic }) => topic)).toEqual(Array(4).fill(task));
    expect(published.map(({ value }) => parseMessage(value).kind)).toEqual(['unreadable', 'message', 'message', 'unreadable']);
    const own = published.slice(1, -1);
    expect(own.map(({ key, value }) => [key, subjectsOf(value)]).toSorted()).toEqual([
      [`${runId}/right/18`, ['sales.orders', 'sales.weeks']],
      [`${runId}/right/29`, ['sales.items']],
    ]);
    for (const { headers } of own) {
      expect(headers).toMatchObject({ type: 'task.translation', version: '2', traceparent: expect.any(String) as string });
    }
    expect(await stores.rows(`select id from outbox`)).toEqual([]);
  });

  it('publishes three hundred kilobytes at a time and one message more at most', async () => {
    for (const length of [100_000, 100_000, 99_999, 1, 400_000, 1, 400_000, 1]) await put('k', 'x'.repeat(length));
    const sizes: number[][] = [];
    await relayAll(async (messages) => void sizes.push(messages.map(({ value }) => value.length)));
    expect(sizes).toEqual([[100_000, 100_000, 99_999, 1], [400_000], [1, 400_000], [1]]);
  });

  it('publishes a thousand messages at a time at most', async () => {
    await stores.rows(
      `insert into outbox (id, topic, key, value, headers) select gen_random_uuid(), 'topic', 'k', n::text, '{}' from generate_series(1, 1200) n`,
    );
    const sizes: number[] = [];
    await relayAll(async (messages) => void sizes.push(messages.length));
    expect(sizes).toEqual([1_000, 200]);
  });

  it('keeps the messages of a topic that is not taken, and publishes those of others', async () => {
    await put('a', '1');
    await stores.rows(
      `insert into outbox (id, topic, key, value, headers) select gen_random_uuid(), 'closed', n::text, 'v', '{}' from generate_series(1, 2) n`,
    );
    const seen: string[] = [];
    const relay = (refused: readonly string[]): Promise<number> =>
      stores.outbox.relay((messages) => {
        seen.push(messages.map(({ key }) => key).join());
        return Promise.resolve(refused);
      });
    expect([await relay(['closed']), await relay(['closed']), await relay([]), await relay([])]).toEqual([1, 0, 2, 0]);
    expect(seen).toEqual(['a,1,2', '1,2', '1,2']);
  });

  it('leaves a topic to the relay that is at it, and takes the others', async () => {
    await put('a', '1');
    const second: string[] = [];
    await stores.outbox.relay(async () => {
      await put('a', '2');
      await stores.rows(`insert into outbox (id, topic, key, value, headers) values (gen_random_uuid(), 'other', 'b', '3', '{}')`);
      await relayAll(async (messages) => void second.push(...messages.map(({ value }) => value)));
      return [];
    });
    expect(second).toEqual(['3']);
    await relayAll(async (messages) => void second.push(...messages.map(({ value }) => value)));
    expect(second).toEqual(['3', '2']);
  });

  it('passes by messages of held topics, and gives those of others that were committed late', async () => {
    await stores.rows(
      `insert into outbox (id, topic, key, value, headers) select gen_random_uuid(), 'held', 'k' || n, 'h' || n, '{}' from generate_series(1, 30000) n`,
    );
    const [last] = await stores.rows<{ sequence: string }>(`select max(sequence) as sequence from outbox`);
    const published: string[] = [];
    const relay = (): Promise<number> =>
      stores.outbox.relay(
        (messages) => {
          published.push(...messages.map(({ value }) => value));
          return Promise.resolve([]);
        },
        { without: ['held'] },
      );
    expect(await relay()).toBe(0);
    await put('a', 'new');
    expect(await relay()).toBe(1);
    await stores.rows(`delete from outbox where sequence = $1::bigint - 500`, [last?.sequence]);
    await stores.rows(
      `insert into outbox (sequence, id, topic, key, value, headers) overriding system value
       values ($1::bigint - 500, gen_random_uuid(), 'topic', 'b', 'late', '{}')`,
      [last?.sequence],
    );
    expect(await relay()).toBe(1);
    expect(published).toEqual(['new', 'late']);
    expect(await stores.outbox.relay(() => Promise.resolve([]), { only: 'held' })).toBeGreaterThan(0);
  });

  it('calls its listeners when a message was committed', async () => {
    const added = new Promise<void>((resolve) => {
      const stop = stores.outbox.onAdded(() => {
        stop();
        resolve();
      });
    });
    await put('a', '1');
    await added;
  });

  it('forgets only what was published long enough ago', async () => {
    await put('old', '1');
    await relayAll(() => Promise.resolve());
    await put('new', '2');
    await stores.outbox.purge(0);
    expect(await stores.rows(`select key from outbox`)).toEqual([{ key: 'new' }]);
  });
});

describe('inbox', () => {
  it('accepts a message once a consumer', async () => {
    const id = randomUUID();
    const answers = [
      await stores.inbox.accept('planner', [id]),
      await stores.inbox.accept('planner', [id.toUpperCase()]),
      await stores.inbox.accept('executor', [id]),
    ];
    expect(answers).toEqual([[true], [false], [true]]);
  });

  it('remembers messages that come together in one row, and knows each of them when it comes again among others', async () => {
    const ids = Array.from({ length: 50 }, () => systemIds.next());
    expect(await stores.inbox.accept('planner', [...ids.slice(0, 30), ids[0] ?? ''])).toEqual([...Array<true>(30).fill(true), false]);
    expect(await stores.inbox.accept('planner', ids.slice(20))).toEqual(ids.slice(20).map((_, index) => index >= 10));
    expect(await stores.inbox.accept('planner', ids)).toEqual(ids.map(() => false));
    expect(await stores.rows(`select cardinality(ids) as ids from inbox order by 1`)).toEqual([{ ids: 20 }, { ids: 30 }]);
  });

  it('accepts each message once when it is delivered to several consumers of a group at once', async () => {
    const ids = Array.from({ length: 20 }, () => systemIds.next());
    const others = await openPostgres({ url: stores.url }, systemIds);
    const answers = await Promise.all([stores.inbox.accept('planner', ids), others.inbox.accept('planner', ids.toReversed())]);
    await others.close();
    expect(answers.flat().filter((isNew) => isNew)).toHaveLength(ids.length);
  });

  it('forgets what was received long enough ago', async () => {
    const ids = [systemIds.next(), systemIds.next()];
    await stores.inbox.accept('planner', ids);
    await stores.outbox.purge(60_000);
    expect(await stores.inbox.accept('planner', ids)).toEqual([false, false]);
    await stores.outbox.purge(0);
    expect(await stores.inbox.accept('planner', ids)).toEqual([true, true]);
  });

  it('keeps a message that nobody can read, NUL and all', async () => {
    await stores.inbox.bury({ topic: 'topic', value: 'a\u0000b'.padEnd(20_000, 'x'), reason: 'not JSON' });
    const [row] = await stores.rows<{ length: number; reason: string }>(`select length(value) as length, reason from dead_letter`);
    expect(row).toEqual({ length: 10_000, reason: 'not JSON' });
  });
});
