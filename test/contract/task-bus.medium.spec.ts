import { KafkaBusServer, KafkaTaskBus } from '@hiveferry/adapters/kafka';
import { parseConfiguration } from '@hiveferry/contracts';
import { Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestKafka } from '../support/kafka.ts';
import type { TestKafka } from '../support/kafka.ts';
import { until } from '../support/until.ts';
import { recordsOf } from '../support/kafka-records.ts';
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

/** As Kafka's own clients choose it, of the two that `connectionTo` asks for. */
function partitionOf(key: string): number {
  const partitionMetadata = [0, 1].map((partitionId) => ({ partitionId, partitionErrorCode: 0, leader: 1, replicas: [1], isr: [1] }));
  return Partitioners.DefaultPartitioner()({ topic: 't', partitionMetadata, message: { key, value: null } });
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

describe('a consumer that ends', () => {
  it('has committed what it took: the next of its group gets what came after that', async () => {
    const connection = connectionTo(kafka.brokers);
    const bus = new KafkaTaskBus(connection);
    const topic = 'hiveferry.tasks.ends.distcp';
    const publish = (values: readonly string[]) => bus.publish(values.map((value) => ({ topic, key: value, value, headers: {} })));
    const received: string[][] = [];
    for (const values of [['a', 'b', 'c'], ['d']]) {
      await publish(values);
      const server = new KafkaBusServer({ connection, groupId: `${prefix}-ends`, onLost: () => undefined });
      const receivedOf = await consume(server, [topic]);
      received.push([...(await receivedOf(topic, values.length))].toSorted());
      await server.close();
    }
    await bus.close();
    expect(received).toEqual([['a', 'b', 'c'], ['d']]);
  });
});

describe('what is in Kafka', () => {
  it('is one record a message, with key, value and headers as they were given, in the partition of its key', async () => {
    const bus = new KafkaTaskBus(connectionTo(kafka.brokers));
    const headers = { type: 'task', version: '1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const messages = Array.from({ length: 40 }, (_, index) => ({
      topic: 'hiveferry.tasks.records.distcp',
      key: `sales.größe_${String(index % 8)}`,
      value: `{"n":${String(index)},"name":"ünïcode € \u{1f600}"}`,
      headers,
    }));
    await bus.publish(messages);
    await bus.close();
    const records = await recordsOf({ brokers: kafka.brokers, topic: `${prefix}.tasks.records.distcp`, count: messages.length });
    const byValue = new Map(records.map((record) => [record.value, record]));
    expect(messages.map(({ value }) => byValue.get(value))).toEqual(
      messages.map(({ key, value }) => ({ partition: partitionOf(key), offset: expect.any(Number), key, value, headers })),
    );
  });

  it('is all that was published at once, in order, though it is more than a batch may hold', async () => {
    const bus = new KafkaTaskBus(connectionTo(kafka.brokers));
    const filling = 'x'.repeat(400);
    const values = Array.from({ length: 5_000 }, (_, index) => `{"n":${String(index)},"filling":"${filling}"}`);
    await bus.publish(values.map((value) => ({ topic: 'hiveferry.tasks.many.distcp', key: 'one', value, headers: {} })));
    await bus.close();
    const records = await recordsOf({ brokers: kafka.brokers, topic: `${prefix}.tasks.many.distcp`, count: values.length });
    expect(records.map(({ value }) => value)).toEqual(values);
  });

  it('is nothing of a message that is larger than it takes: a fault says so, and the next ones are taken', async () => {
    const bus = new KafkaTaskBus(connectionTo(kafka.brokers));
    const message = (value: string) => ({ topic: 'hiveferry.tasks.large.distcp', key: 'k', value, headers: {} });
    await expect(bus.publish([message('x'.repeat(2_000_000))])).rejects.toMatchObject({
      code: 'KAFKA_REFUSED',
      message: expect.stringContaining('larger than the max message size'),
    });
    await bus.publish([message('after')]);
    await bus.close();
    const records = await recordsOf({ brokers: kafka.brokers, topic: `${prefix}.tasks.large.distcp`, count: 1 });
    expect(records.map(({ value }) => value)).toEqual(['after']);
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
