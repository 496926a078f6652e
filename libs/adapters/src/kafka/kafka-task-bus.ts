import type { BusMessage, TaskBus } from '@hiveferry/ports';

import type { Producer, TopicMessages } from 'kafkajs';
import { cutSends } from './cut-sends.ts';
import { createKafka } from './kafka-connection.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { kafkaFault } from './kafka-faults.ts';
import { partitionByKey } from './partition-of-key.ts';
import { isTopicMissing, topicMissing } from './missing-topics.ts';
import { createTopics, physicalTopic } from './kafka-topics.ts';

/** Well below the time that a relay has for a topic: a partition without a leader is to be told as that. */
const SERVED_WITHIN_MS = 5_000;

/**
 * Publishes to Kafka with acks of all replicas; a message's key decides its partition, so that one table's messages stay in order.
 * More than a broker takes at once go in several sends, so that some may have been delivered when it throws.
 * Connects at the first message. Faults: KAFKA_UNREACHABLE, KAFKA_LOGIN_REFUSED, KAFKA_REFUSED, KAFKA_TOPIC_MISSING.
 */
export class KafkaTaskBus implements TaskBus {
  readonly #connection: KafkaConnection;
  readonly #seen = new Set<string>();
  #producer: Promise<Producer> | undefined;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    if (messages.length === 0) return;
    try {
      await this.#makeSureOf([...new Set(messages.map(({ topic }) => topic))]);
      const producer = await this.#connected();
      const records = messages.map((message) => recordOf(message, this.#connection));
      // One after the other: messages of a key stay in order.
      for (const send of cutSends(records)) await producer.sendBatch({ acks: -1, topicMessages: byTopic(send) });
    } catch (error) {
      // Whatever is wrong, the next try looks anew.
      this.#seen.clear();
      throw isTopicMissing(error) ? topicMissing(messages, this.#connection) : kafkaFault(error, this.#connection);
    }
  }

  async close(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    await producer?.disconnect();
  }

  /** A cluster may be registered at any time: one topic that is missing would hold up the messages of all others. */
  async #makeSureOf(topics: readonly string[]): Promise<void> {
    const unseen = topics.filter((topic) => !this.#seen.has(topic));
    if (unseen.length === 0 || !this.#connection.topics.createsMissing) return;
    await createTopics(this.#connection, unseen, SERVED_WITHIN_MS);
    for (const topic of unseen) this.#seen.add(topic);
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect().catch((error: unknown) => {
      this.#producer = undefined;
      throw error;
    });
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = createKafka(this.#connection).producer({
      allowAutoTopicCreation: false,
      createPartitioner: partitionByKey,
    });
    await producer.connect();
    return producer;
  }
}

function recordOf({ topic, key, value, headers }: BusMessage, connection: KafkaConnection): BusMessage {
  return { topic: physicalTopic(topic, connection), key, value, headers };
}

function byTopic(records: readonly BusMessage[]): TopicMessages[] {
  return [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, messages]) => ({ topic, messages }));
}
