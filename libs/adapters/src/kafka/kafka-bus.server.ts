import { KafkaContext, ServerKafka } from '@nestjs/microservices';
import type { MessageHandler } from '@nestjs/microservices';
import { Partitioners, logLevel } from 'kafkajs';
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { clientOptionsOf } from './kafka-connection.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { kafkaFault } from './kafka-faults.ts';
import { createTopics, physicalTopic } from './kafka-topics.ts';
import { LazyCommits } from './lazy-commits.ts';

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
 * Nest's transport for Kafka with four things of ours: topics have the prefix of this installation, they are there before it listens, offsets
 * are committed a moment later and together, and a handler gets the messages of a fetch together, in order, each as the text that was sent
 * (Nest's parser would turn JSON into objects and bytes into something else): what they are remembered by is one statement.
 */
export class KafkaBusServer extends ServerKafka {
  readonly #options: KafkaServerOptions;
  readonly #topics = new Set<string>();
  readonly #commits = new LazyCommits();

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
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
      eachBatch: (payload) => this.#handleBatch(payload),
    });
  }

  override async close(): Promise<void> {
    await this.#commits.close();
    await super.close();
  }

  /** When one cannot be taken, all of its fetch come again: those that were remembered are known to the inbox. */
  async #handleBatch({ batch, ...payload }: EachBatchPayload): Promise<void> {
    for (let from = 0; from < batch.messages.length; from += MESSAGES_AT_A_TIME) {
      const messages = batch.messages.slice(from, from + MESSAGES_AT_A_TIME);
      const last = messages.at(-1);
      // Both are there as long as messages come.
      if (last === undefined || this.consumer === null || this.producer === null) return;
      const heartbeat = (): Promise<void> => payload.heartbeat();
      const context = new KafkaContext([last, batch.partition, batch.topic, this.consumer, heartbeat, this.producer]);
      await this.handleEvent(batch.topic, { pattern: batch.topic, data: messages.map(textOf) }, context);
      payload.resolveOffset(last.offset);
      await this.#commits.handled(payload);
      await payload.heartbeat();
    }
  }

  /**
   * kafkajs tells of a rebalance before it asks to join again, which begins with looking for the coordinator: a commit that is
   * sent at once is there first, while its generation still counts. It restarts after most crashes; after the others it is silent for ever.
   */
  override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    this.consumer?.on('consumer.rebalancing', () => void this.#commits.now());
    this.consumer?.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.#options.onLost(kafkaFault(payload.error, this.#options.connection));
    });
  }
}

/** A tombstone is empty text, which no schema accepts. */
const textOf = ({ value }: KafkaMessage): string => value?.toString('utf8') ?? '';
