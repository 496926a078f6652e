import { Kafka } from 'kafkajs';
import type { Consumer, ConsumerRunConfig, EachBatchPayload, Producer } from 'kafkajs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KafkaBusServer } from './kafka-bus.server.ts';
import type { KafkaConnection } from './kafka-connection.ts';

const connection: KafkaConnection = {
  brokers: ['b1:9092'],
  clientId: 'test',
  ssl: false,
  plannerGroup: 'planners',
  executorGroup: 'executors',
  topics: { prefix: 'hiveferry', partitions: 1, replication: 1, retentionHours: 1, deadLetterHours: 1, createsMissing: false },
};

let listeners: Map<string, () => unknown>;
let run: ConsumerRunConfig | undefined;
let commits: number;

const consumer = {
  events: { CONNECT: 'consumer.connect', REBALANCING: 'consumer.rebalancing' },
  on: (event: string, listener: () => unknown) => void listeners.set(event, listener),
  connect: () => Promise.resolve(),
  subscribe: () => Promise.resolve(),
  run: async (config: ConsumerRunConfig) => void (run = config),
};
const producer = { events: {}, on: () => undefined, connect: () => Promise.resolve() };

/** Of one message, as far as a handler looks at it. */
const payload = {
  batch: { topic: 'hiveferry.runs', partition: 0, messages: [{ offset: '0', value: Buffer.from('{}') }] },
  heartbeat: () => Promise.resolve(),
  resolveOffset: () => undefined,
  uncommittedOffsets: () => ({ topics: [] }),
  commitOffsetsIfNecessary: async () => void (commits += 1),
  isRunning: () => true,
};

beforeEach(() => {
  vi.useFakeTimers();
  listeners = new Map();
  run = undefined;
  commits = 0;
  vi.spyOn(Kafka.prototype, 'consumer').mockReturnValue(consumer as unknown as Consumer);
  vi.spyOn(Kafka.prototype, 'producer').mockReturnValue(producer as unknown as Producer);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('commits what was handled as soon as it hears that its group changes', async () => {
  const server = new KafkaBusServer({ connection, groupId: 'g', onLost: () => undefined });
  server.addHandler('hiveferry.runs', () => Promise.resolve(), true);
  await new Promise<void>((resolve) => void server.listen(() => resolve()));
  await run?.eachBatch?.(payload as unknown as EachBatchPayload);
  expect(commits).toBe(0);
  listeners.get('consumer.rebalancing')?.();
  expect(commits).toBe(1);
});
