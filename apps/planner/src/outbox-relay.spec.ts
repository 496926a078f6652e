import type { BusMessage, Outbox, TaskBus } from '@hiveferry/ports';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OutboxRelayService } from './outbox-relay.service.ts';
import { DEFAULT_PLANNER_OPTIONS } from './planner-options.ts';

const MESSAGE: BusMessage = { topic: 'hiveferry.runs', key: 'k', value: 'v', headers: {} };

let waiting: BusMessage[];
/** When the bus was asked, in seconds since the start. */
let askedAt: number[];
let relay: OutboxRelayService;

/** What a relay uses of an outbox; nothing is forgotten when `publish` throws. */
const outbox = {
  relay: async (_limit, publish) => {
    if (waiting.length === 0) return 0;
    await publish(waiting);
    return waiting.splice(0).length;
  },
  heldTopics: () => Promise.resolve([]),
  onAdded: () => () => undefined,
} satisfies Partial<Outbox>;

function startRelay(publish: () => Promise<void>): Promise<void> {
  const fromMs = performance.now();
  const bus: TaskBus = {
    publish: () => {
      askedAt.push((performance.now() - fromMs) / 1_000);
      return publish();
    },
  };
  relay = new OutboxRelayService(outbox as Partial<Outbox> as Outbox, bus, { ...DEFAULT_PLANNER_OPTIONS, owner: 'p' });
  return relay.onApplicationBootstrap();
}

beforeEach(() => {
  vi.useFakeTimers();
  Logger.overrideLogger(false);
  waiting = [MESSAGE];
  askedAt = [];
});
afterEach(async () => {
  await relay.beforeApplicationShutdown();
  vi.useRealTimers();
});

it('leaves the topics to other relays for ten seconds when the bus cannot be reached, then goes on', async () => {
  await startRelay(() => (askedAt.length < 3 ? Promise.reject(new Error('no broker')) : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt, waiting]).toEqual([[0, 10, 20], []]);
});

it('gives the topics back when the bus does not answer in fifteen seconds', async () => {
  await startRelay(() => (askedAt.length === 1 ? new Promise(() => undefined) : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt, waiting]).toEqual([[0, 25], []]);
});

it('does nothing more when it is stopped in a pause', async () => {
  await startRelay(() => Promise.reject(new Error('no broker')));
  await vi.advanceTimersByTimeAsync(5_000);
  await relay.beforeApplicationShutdown();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt, vi.getTimerCount()]).toEqual([[0], 0]);
});
