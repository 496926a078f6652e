import { MigrationError } from '@hiveferry/core';
import type { BusMessage, HeldTopic, Outbox, TaskBus } from '@hiveferry/ports';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutboxRelayService } from './outbox-relay.service.ts';
import { DEFAULT_PLANNER_OPTIONS } from './planner-options.ts';

const messageOf = (topic: string): BusMessage => ({ topic, key: 'k', value: 'v', headers: {} });
const never = (): Promise<never> => new Promise(() => undefined);
const faultOf = (code: string): MigrationError =>
  new MigrationError(code, 'not taken', { category: 'environment', retry: 'later', subject: 'Kafka' });

let waiting: BusMessage[];
let held: Map<string, string>;
/** By whoever relayed before. */
let heldBefore: readonly HeldTopic[];
/** Says that a message was added. */
let tell: () => void;
/** When the bus was asked, in seconds since the start. */
let askedAt: number[];
/** For which topic, and when. */
let asked: (readonly [topic: string, second: number])[];
let relay: OutboxRelayService;

const MESSAGES_A_TIME = 500;

/** What a relay uses of an outbox: the oldest messages, as far as they are in its scope, and those are forgotten that were taken. */
const outbox = {
  relay: async (publish, { without = [], only } = {}) => {
    const found = waiting.filter(({ topic }) => !without.includes(topic) && (only ?? topic) === topic).slice(0, MESSAGES_A_TIME);
    if (found.length === 0) return 0;
    const refused = await publish(found);
    const published = found.filter(({ topic }) => !refused.includes(topic));
    waiting = waiting.filter((message) => !published.includes(message));
    return published.length;
  },
  heldTopics: () => Promise.resolve(heldBefore),
  holdTopic: async (topic, { code }) => void held.set(topic, code),
  releaseTopic: async (topic) => void held.delete(topic),
  isEmpty: async (of) => !waiting.some(({ topic }) => topic === of),
  onAdded(listener) {
    tell = listener;
    return () => undefined;
  },
} satisfies Partial<Outbox>;

function startRelay(publish: (topic: string) => Promise<void>): Promise<void> {
  const fromMs = performance.now();
  const bus: TaskBus = {
    publish: (messages) => {
      const [first] = messages;
      const second = (performance.now() - fromMs) / 1_000;
      askedAt.push(second);
      asked.push([first?.topic ?? '', second]);
      return publish(first?.topic ?? '');
    },
  };
  relay = new OutboxRelayService(outbox as Partial<Outbox> as Outbox, bus, { ...DEFAULT_PLANNER_OPTIONS, owner: 'p' });
  return relay.onApplicationBootstrap();
}

beforeEach(() => {
  vi.useFakeTimers();
  Logger.overrideLogger(false);
  waiting = [messageOf('hiveferry.runs')];
  held = new Map();
  heldBefore = [];
  askedAt = [];
  asked = [];
});
afterEach(async () => {
  // A question that is never answered ends by its time.
  const stopped = relay.beforeApplicationShutdown();
  await vi.advanceTimersByTimeAsync(60_000);
  await stopped;
  vi.useRealTimers();
});

it('leaves the topics to other relays for ten seconds when the bus cannot be reached, then goes on', async () => {
  await startRelay(() => (askedAt.length < 3 ? Promise.reject(new Error('no broker')) : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt, waiting]).toEqual([[0, 10, 20], []]);
});

it('gives the topics back when the bus does not answer in twenty seconds', async () => {
  await startRelay(() => (askedAt.length === 1 ? never() : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt, waiting, held.size]).toEqual([[0, 30], [], 0]);
});

it('does nothing more when it is stopped in a pause', async () => {
  await startRelay(() => Promise.reject(new Error('no broker')));
  await vi.advanceTimersByTimeAsync(5_000);
  await relay.beforeApplicationShutdown();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt, vi.getTimerCount()]).toEqual([[0], 0]);
});

describe('a topic that never answers, of a bus that takes the messages of others', () => {
  const onlyGood = (topic: string): Promise<void> => (topic === 'bad' ? never() : Promise.resolve());
  const toGood = (): readonly number[] => asked.flatMap(([topic, second]) => (topic === 'good' ? [second] : []));

  it('is held: the others are published once, and go on while it is tried', async () => {
    waiting = [messageOf('bad'), messageOf('good')];
    await startRelay(onlyGood);
    await vi.advanceTimersByTimeAsync(21_000);
    expect([toGood(), [...held]]).toEqual([[0], [['bad', 'BUS_NOT_ANSWERING']]]);
    for (let second = 21; second < 121; second += 1) {
      waiting.push(messageOf('good'));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(toGood()).toHaveLength(101);
    expect(waiting).toEqual([messageOf('bad')]);
  });

  it('is left to other relays between its tries', async () => {
    waiting = [messageOf('bad'), messageOf('good')];
    await startRelay(onlyGood);
    await vi.advanceTimersByTimeAsync(120_000);
    const triedAt = asked.flatMap(([topic, second]) => (topic === 'bad' ? [second] : []));
    expect(triedAt).toEqual([0, 30, 60, 90, 120]);
  });

  it('holds up nobody though its messages alone are more than a relay reads at a time', async () => {
    waiting = [...Array.from({ length: 10_000 }, () => messageOf('bad')), messageOf('good')];
    await startRelay(onlyGood);
    await vi.advanceTimersByTimeAsync(21_000);
    expect([toGood(), [...held.keys()], waiting.length]).toEqual([[20], ['bad'], 10_000]);
  });

  it('is published again when it answers', async () => {
    waiting = [messageOf('bad'), messageOf('good')];
    await startRelay((topic) => (topic === 'bad' && performance.now() < untilMs ? never() : Promise.resolve()));
    const untilMs = performance.now() + 40_000;
    await vi.advanceTimersByTimeAsync(90_000);
    expect([waiting, held.size]).toEqual([[], 0]);
  });
});

describe('a topic that the bus refuses by its name, and not as a whole', () => {
  it.each(['KAFKA_TOPIC_MISSING', 'KAFKA_REFUSED'])('is held at once by %s, and tried at each look at held topics', async (code) => {
    await startRelay(() => Promise.reject(faultOf(code)));
    await vi.advanceTimersByTimeAsync(35_000);
    expect([askedAt, [...held]]).toEqual([[0, 10, 20, 30], [['hiveferry.runs', code]]]);
  });

  it('is no topic that the bus cannot be reached for: none is held', async () => {
    await startRelay(() => Promise.reject(faultOf('KAFKA_UNREACHABLE')));
    await vi.advanceTimersByTimeAsync(35_000);
    expect([askedAt, held.size]).toEqual([[0, 10, 20, 30], 0]);
  });
});

describe('a topic that another relay held', () => {
  beforeEach(() => {
    heldBefore = [
      { topic: 'bad', failure: { code: 'KAFKA_REFUSED', message: 'not taken', retry: 'later' }, since: '2026-11-22T00:00:00Z' },
    ];
  });

  it('is left aside from the start: messages of others do not wait for it', async () => {
    waiting = [messageOf('bad'), messageOf('good')];
    await startRelay((topic) => (topic === 'bad' ? never() : Promise.resolve()));
    await vi.advanceTimersByTimeAsync(1_500);
    waiting.push(messageOf('good'));
    tell();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([
      ['good', 0],
      ['bad', 0],
      ['good', 1.5],
    ]);
  });

  it('is tried again as soon as the others are when the bus was away as a whole', async () => {
    waiting = [messageOf('bad')];
    await startRelay(() => (asked.length < 3 ? Promise.reject(new Error('no broker')) : Promise.resolve()));
    await vi.advanceTimersByTimeAsync(3_500);
    waiting.push(messageOf('good'));
    tell();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.toSorted()).toEqual([
      ['bad', 0],
      ['bad', 13.5],
      ['good', 13.5],
      ['good', 3.5],
    ]);
    expect(waiting).toEqual([]);
  });
});

it('holds no topic when the bus takes the messages of none', async () => {
  waiting = [...Array.from({ length: 10_000 }, () => messageOf('one')), messageOf('two')];
  await startRelay(() => Promise.reject(new Error('no broker')));
  await vi.advanceTimersByTimeAsync(15_000);
  const round = (second: number) => [
    ['one', second],
    ['two', second],
  ];
  expect([asked, held.size]).toEqual([[...round(0), ...round(10)], 0]);
});

it('asks for nothing more when it is stopped while the bus does not answer', async () => {
  waiting = [...Array.from({ length: 10_000 }, () => messageOf('one')), messageOf('two')];
  await startRelay(never);
  const stopped = relay.beforeApplicationShutdown();
  await vi.advanceTimersByTimeAsync(20_000);
  await stopped;
  expect(asked).toEqual([['one', 0]]);
});

it('goes on with all that waits when the bus answers again', async () => {
  waiting = ['one', 'two'].flatMap((topic) => Array.from({ length: 3 * MESSAGES_A_TIME }, () => messageOf(topic)));
  await startRelay((topic) => (topic === 'one' && asked.length === 1 ? never() : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked.map(([topic]) => topic), waiting]).toEqual([['one', 'two', 'two', 'two', 'one', 'one', 'one'], []]);
});
