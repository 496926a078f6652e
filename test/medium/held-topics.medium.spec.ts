/** A topic that is missing where processes may not create topics: its messages wait, those of all others go on. */
import { MigrationError } from '@hiveferry/core';
import type { TaskBus } from '@hiveferry/ports';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { OutboxRelayService } from '../../apps/planner/src/outbox-relay.service.ts';
import { DEFAULT_PLANNER_OPTIONS } from '../../apps/planner/src/planner-options.ts';
import { startApi } from '../support/api-process.ts';
import { openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const MISSING = 'hiveferry.tasks.lake.distcp';
const ADVICE = `Kafka has no topic ${MISSING}. Its messages wait until somebody who may create it says: npm run topics -- lake`;

let stores: TestStores;
let api: NestFastifyApplication;
let relay: OutboxRelayService | undefined;
let topics: Set<string>;
let published: string[];

const bus: TaskBus = {
  publish(messages) {
    const missing = messages.find(({ topic }) => !topics.has(topic));
    if (missing === undefined) published.push(...messages.map(({ value }) => value));
    else
      return Promise.reject(
        new MigrationError('KAFKA_TOPIC_MISSING', ADVICE, { category: 'environment', retry: 'operator', subject: MISSING }),
      );
    return Promise.resolve();
  },
};

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  api = await startApi(stores);
  topics = new Set(['hiveferry.runs', 'hiveferry.tasks.right.distcp']);
  published = [];
});
afterEach(async () => {
  await relay?.beforeApplicationShutdown();
  await api.close();
  await stores.drop();
});

async function startRelay(): Promise<void> {
  relay = new OutboxRelayService(stores.outbox, bus, { ...DEFAULT_PLANNER_OPTIONS, owner: 'p', relayTickMs: 20, heldTopicTickMs: 50 });
  await relay.onApplicationBootstrap();
}

const put = (topic: string, value: string): Promise<unknown> =>
  stores.rows(
    `insert into outbox (id, topic, key, value, headers) select gen_random_uuid(), $1, 'k' || n, $2 || n, '{}' from generate_series(1, 1500) n`,
    [topic, value],
  );
const of = (value: string): number => published.filter((each) => each.startsWith(value)).length;
const get = async (url: string): Promise<unknown> => (await api.inject({ url })).json();

it('holds up its own messages only, is named with the command that makes it, and goes on when it is there', async () => {
  await put(MISSING, 'lake');
  await put('hiveferry.tasks.right.distcp', 'right');
  await startRelay();
  await expect.poll(() => of('right')).toBe(1_500);
  const held = { topic: MISSING, failure: { code: 'KAFKA_TOPIC_MISSING', message: ADVICE } };
  expect(await get('/v1/executors')).toMatchObject({ items: [], heldTopics: [held] });
  expect(await get('/readyz')).toEqual({ status: 'ok', detail: ADVICE });
  expect(of('lake')).toBe(0);
  topics.add(MISSING);
  await expect.poll(() => of('lake')).toBe(1_500);
  await expect.poll(() => get('/v1/executors')).toEqual({ items: [] });
  expect(await get('/readyz')).toEqual({ status: 'ok' });
});

it('is tried again by a planner that starts later', async () => {
  await stores.outbox.holdTopic(MISSING, { code: 'KAFKA_TOPIC_MISSING', message: ADVICE, retry: 'operator' });
  topics.add(MISSING);
  await startRelay();
  await expect.poll(() => stores.outbox.heldTopics()).toEqual([]);
});

it('loses nothing while the bus is away as a whole', async () => {
  const away: TaskBus = { publish: () => Promise.reject(new Error('no broker')) };
  await put('hiveferry.runs', 'run');
  relay = new OutboxRelayService(stores.outbox, away, { ...DEFAULT_PLANNER_OPTIONS, owner: 'p', relayTickMs: 20 });
  await relay.onApplicationBootstrap();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await relay.beforeApplicationShutdown();
  expect(await stores.outbox.heldTopics()).toEqual([]);
  await startRelay();
  await expect.poll(() => of('run')).toBe(1_500);
});
