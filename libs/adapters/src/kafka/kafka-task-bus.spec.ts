import { Kafka } from 'kafkajs';
import type { Admin, ITopicMetadata, Producer } from 'kafkajs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KafkaConnection } from './kafka-connection.ts';
import { KafkaTaskBus } from './kafka-task-bus.ts';

const connection: KafkaConnection = {
  brokers: ['b1:9092'],
  clientId: 'test',
  ssl: false,
  plannerGroup: 'planners',
  executorGroup: 'executors',
  topics: { prefix: 'hiveferry', partitions: 1, replication: 1, retentionHours: 1, deadLetterHours: 1, createsMissing: true },
};
const leaderless: ITopicMetadata = {
  name: 'hiveferry.runs',
  partitions: [{ partitionErrorCode: 5, partitionId: 0, leader: -1, replicas: [1], isr: [] }],
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('waits for leaders of a topic for a part of the time only that a relay has for it: then Kafka says what is wrong', async () => {
  const sentAt: number[] = [];
  const fromMs = Date.now();
  const admin: Partial<Admin> = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    listTopics: () => Promise.resolve([leaderless.name]),
    fetchTopicMetadata: () => {
      vi.setSystemTime(Date.now() + 2_000);
      return Promise.resolve({ topics: [leaderless] });
    },
  };
  const producer: Partial<Producer> = {
    connect: () => Promise.resolve(),
    sendBatch: () => {
      sentAt.push(Date.now() - fromMs);
      return Promise.reject(new Error('There is no leader for this topic-partition'));
    },
  };
  vi.spyOn(Kafka.prototype, 'admin').mockReturnValue(admin as Admin);
  vi.spyOn(Kafka.prototype, 'producer').mockReturnValue(producer as Producer);
  const published = new KafkaTaskBus(connection).publish([{ topic: 'hiveferry.runs', key: 'k', value: '{}', headers: {} }]);
  await expect(published).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
  expect(sentAt).toEqual([6_000]);
});
