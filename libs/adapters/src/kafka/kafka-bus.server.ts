import { ServerKafka } from '@nestjs/microservices';
import type { Deserializer, IncomingEvent, MessageHandler } from '@nestjs/microservices';
import { Partitioners, logLevel } from 'kafkajs';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { clientOptionsOf } from './kafka-connection.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { kafkaFault } from './kafka-faults.ts';
import { createTopics, physicalTopic } from './kafka-topics.ts';

const PARTITIONS_AT_A_TIME = 8;
/** Between heartbeats. */
const MESSAGES_AT_A_TIME = 2_000;

export interface KafkaServerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  /** The consumer stopped for good: nothing is received any more. */
  readonly onLost: (error: Error) => void;
}

/**
 * Nest's transport for Kafka with four things of ours: topics have the prefix of this installation, a message reaches its handler as the
 * text that was sent (Nest's parser would turn JSON into objects and bytes into something else), topics are there before it
 * listens, and the messages of a fetch are handled side by side, those of one key in order, so that what they remember is one statement.
 */
export class KafkaBusServer extends ServerKafka {
  readonly #options: KafkaServerOptions;
  readonly #topics = new Set<string>();

  constructor(options: KafkaServerOptions) {
    super({
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- Nest declares kafkajs's enum a second time.
      client: { ...clientOptionsOf(options.connection), logLevel: logLevel.ERROR },
      // Nest appends `-server` otherwise, and what is configured would not be the group's name.
      postfixId: '',
      consumer: {
        groupId: options.groupId,
        allowAutoTopicCreation: false,
        // A fetch in flight is waited for when the consumer stops.
        maxWaitTimeInMs: 1_000,
        // One that died holds up the others of its group for so long. Handlers take milliseconds, so a live one is never that late.
        heartbeatInterval: 1_500,
        sessionTimeout: 8_000,
        rebalanceTimeout: 8_000,
      },
      producer: { createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false },
      parser: { keepBinary: true },
      deserializer: textOfMessage,
    });
    this.#options = options;
  }

  /** @param pattern the topic as contracts name it */
  // eslint-disable-next-line max-params -- Nest's signature
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, unknown> = {}): void {
    const topic = String(pattern);
    this.#topics.add(topic);
    super.addHandler(physicalTopic(topic, this.#options.connection), callback, isEventHandler, extras);
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    const { connection } = this.#options;
    try {
      if (connection.topics.createsMissing) await createTopics(connection, [...this.#topics]);
    } catch (error) {
      callback(error);
      return;
    }
    await super.listen((error?: unknown) => callback(error === undefined ? undefined : kafkaFault(error, connection)));
  }

  override async bindEvents(consumer: Consumer): Promise<void> {
    await consumer.subscribe({ topics: [...this.messageHandlers.keys()].map(String), fromBeginning: true });
    await consumer.run({ partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME, eachBatch: (payload) => this.#handleBatch(payload) });
  }

  /** One that fails makes its fetch come again: those that were handled are known to the inbox. */
  async #handleBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const place = { topic: batch.topic, partition: batch.partition, heartbeat: () => payload.heartbeat(), pause: () => payload.pause() };
    for (let from = 0; from < batch.messages.length; from += MESSAGES_AT_A_TIME) {
      const messages = batch.messages.slice(from, from + MESSAGES_AT_A_TIME);
      const groups = messageGroups(messages).map(async (group) => {
        for (const one of group) await this.handleMessage({ ...place, message: one });
      });
      await Promise.all(groups);
      payload.resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
      await payload.heartbeat();
    }
  }

  /** kafkajs restarts after most crashes; after the others it is silent for ever. */
  override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    this.consumer?.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.#options.onLost(kafkaFault(payload.error, this.#options.connection));
    });
  }
}

/** Those of one key are a group; one without a key is for itself. */
function messageGroups(messages: readonly KafkaMessage[]): readonly (readonly KafkaMessage[])[] {
  const groups = Map.groupBy(messages, ({ key, offset }) => (key === null ? `offset ${offset}` : `key ${key.toString('latin1')}`));
  return [...groups.values()];
}

/** The value as text; a tombstone is empty text, which no schema accepts. */
const textOfMessage: Deserializer<{ readonly value?: unknown }, IncomingEvent> = {
  deserialize: ({ value }, options) => ({
    // Nest passes the topic as `channel`.
    pattern: String(options?.['channel']),
    data: Buffer.isBuffer(value) ? value.toString('utf8') : '',
  }),
};
