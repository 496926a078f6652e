import { KafkaBusServer, KafkaTaskBus } from '@hiveferry/adapters/kafka';
import { parseConfiguration } from '@hiveferry/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka } from '../support/kafka.ts';
import type { TestKafka } from '../support/kafka.ts';
import { until } from '../support/until.ts';
import { consume } from './task-bus-consumer.ts';
import { taskBusContract } from './task-bus.contract.ts';

let kafka: TestKafka;
// Without an engine the lab's jars may have to be fetched first.
beforeAll(async () => {
  kafka = await startTestKafka();
}, 600_000);
afterAll(() => kafka.stop());

const prefix = `bus-${process.pid}-${Date.now()}`;

function connectionTo(brokers: string) {
  const parsed = parseConfiguration({ FERRY_KAFKA_BROKERS: brokers, FERRY_KAFKA_TOPIC_PREFIX: prefix, FERRY_KAFKA_PARTITIONS: '2' });
  if (parsed.kind === 'invalid' || parsed.configuration.kafka === undefined) throw new Error('no configuration of Kafka');
  return parsed.configuration.kafka;
}

taskBusContract('Kafka', async () => {
  const connection = connectionTo(kafka.brokers);
  const bus = new KafkaTaskBus(connection);
  const server = new KafkaBusServer({ connection, groupId: prefix, onLost: () => undefined });
  const received = await consume(server, ['hiveferry.runs', 'hiveferry.tasks.edge.distcp']);
  return {
    bus,
    received,
    close: async () => {
      await server.close();
      await bus.close();
    },
  };
});

describe('messages of one fetch', () => {
  it('come again together when one could not be taken, those of a key in order', async () => {
    const connection = { ...connectionTo(kafka.brokers) };
    const bus = new KafkaTaskBus(connection);
    const topic = 'hiveferry.tasks.again.distcp';
    const messages = ['a1', 'b1', 'a2', 'bad', 'a3'].map((value) => ({ topic, key: value.slice(0, 1), value, headers: {} }));
    await bus.publish(messages);
    const server = new KafkaBusServer({ connection, groupId: `${prefix}-again`, onLost: () => undefined });
    const got: string[] = [];
    const take = async (texts: readonly string[]): Promise<void> => {
      got.push(...texts);
      if (texts.includes('bad') && got.filter((each) => each === 'bad').length === 1) throw new Error('Postgres is down');
    };
    server.addHandler(topic, take, true);
    await new Promise<void>((resolve) => void server.listen(() => resolve()));
    const isWhole = (): boolean => got.filter((each) => each === 'bad').length >= 2 && new Set(got).size === messages.length;
    await until(isWhole, { state: () => got });
    await server.close();
    await bus.close();
    expect(new Set(got)).toEqual(new Set(['a1', 'b1', 'a2', 'bad', 'a3']));
    const lastOfA = got.filter((each) => each.startsWith('a')).slice(-3);
    expect(lastOfA).toEqual(['a1', 'a2', 'a3']);
  });
});

describe('a Kafka that is not there', () => {
  it('is a fault that names the brokers and what to check', async () => {
    const bus = new KafkaTaskBus(connectionTo('127.0.0.1:1'));
    const publishing = bus.publish([{ topic: 'hiveferry.runs', key: 'k', value: '{}', headers: {} }]);
    await expect(publishing).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      retry: 'later',
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });
});

describe('a topic that is not there and may not be created', () => {
  it('is a fault that names it and the command that makes it', async () => {
    const connection = connectionTo(kafka.brokers);
    const bus = new KafkaTaskBus({ ...connection, topics: { ...connection.topics, createsMissing: false } });
    const publishing = bus.publish([{ topic: 'hiveferry.tasks.lake.distcp', key: 'k', value: '{}', headers: {} }]);
    await expect(publishing).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_MISSING',
      retry: 'operator',
      message: expect.stringMatching(/has no topic bus-.*\.tasks\.lake\.distcp\..*npm run topics -- lake$/),
    });
    await bus.close();
  });
});
