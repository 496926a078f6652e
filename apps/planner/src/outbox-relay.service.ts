import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import { MigrationError } from '@hiveferry/core';
import { OUTBOX, TASK_BUS, Waker } from '@hiveferry/platform';
import type { BusMessage, Outbox, RelayScope, TaskBus } from '@hiveferry/ports';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';

/** Of many messages a row holds some hundred: what is read at a time is a megabyte or two. */
const BATCH = 5_000;
const FIRST_BATCH = 500;
const PURGE_EVERY_MS = 3_600_000;

/**
 * Carries messages from the outbox to the bus: at least once, in order of each key. Woken by NOTIFY, with a slow tick as a net. A topic that
 * takes no messages is left aside and tried by itself: the others do not wait for it. When the bus takes none at all, the topics are left
 * to other relays for a while: one of them may reach it.
 */
@Injectable()
export class OutboxRelayService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #outbox: Outbox;
  readonly #bus: TaskBus;
  readonly #options: PlannerOptions;
  readonly #logger = new Logger(OutboxRelayService.name);
  readonly #aside = new Set<string>();
  readonly #waker = this.#wakerOf(() => this.#relayAll());
  readonly #asideWaker = this.#wakerOf(() => this.#relayAside());
  #unsubscribe: (() => void) | undefined;
  #purge: NodeJS.Timeout | undefined;
  /** After a fault of the bus as a whole. */
  #pause: NodeJS.Timeout | undefined;

  constructor(@Inject(OUTBOX) outbox: Outbox, @Inject(TASK_BUS) bus: TaskBus, @Inject(PLANNER_OPTIONS) options: PlannerOptions) {
    this.#outbox = outbox;
    this.#bus = bus;
    this.#options = options;
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { topic } of await this.#outbox.heldTopics()) this.#aside.add(topic);
    this.#unsubscribe = this.#outbox.onAdded(() => this.#waker.wake());
    this.#purge = setInterval(() => void this.#outbox.purge(this.#options.keepMessagesMs).catch(() => undefined), PURGE_EVERY_MS).unref();
    this.#waker.start(this.#options.relayTickMs);
    this.#asideWaker.start(this.#options.heldTopicTickMs);
    this.#waker.wake();
    this.#asideWaker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    clearInterval(this.#purge);
    await Promise.all([this.#waker.stop(), this.#asideWaker.stop()]);
    clearTimeout(this.#pause);
  }

  #wakerOf(work: () => Promise<void>): Waker {
    return new Waker(work, (error) => this.#logger.warn({ err: error }, 'messages could not be published; tried again'));
  }

  async #relayAll(): Promise<void> {
    // The first ones wake executors: they do not wait until all the others are read.
    for (let limit = FIRST_BATCH; this.#pause === undefined; limit = BATCH)
      if ((await this.#relay(limit, { without: [...this.#aside] })) === 0) return;
  }

  async #relayAside(): Promise<void> {
    for (const topic of this.#aside) {
      while (this.#pause === undefined && (await this.#relay(BATCH, { only: topic })) > 0);
      if (await this.#outbox.isEmpty(topic)) await this.#release(topic);
    }
  }

  #relay(limit: number, scope: RelayScope): Promise<number> {
    return this.#outbox.relay(limit, (messages) => this.#publish(messages), scope);
  }

  /** @returns topics whose messages the bus did not take; a fault when the bus takes none at all */
  async #publish(messages: readonly BusMessage[]): Promise<readonly string[]> {
    const topics = [...Map.groupBy(messages, ({ topic }) => topic)];
    const ends = await Promise.allSettled(topics.map(([topic, own]) => this.#publishInTime(topic, own)));
    const refused = ends.flatMap((end, index) =>
      end.status === 'rejected' ? [{ topic: topics[index]?.[0] ?? '', fault: end.reason as unknown }] : [],
    );
    for (const { topic, fault } of refused) {
      if (!isOfTopic(fault)) {
        this.#pauseRelay();
        throw fault;
      }
      await this.#hold(topic, fault);
    }
    return refused.map(({ topic }) => topic);
  }

  /** What comes through after its time is published twice: inboxes know it, and all copies are in the same order. */
  async #publishInTime(topic: string, messages: readonly BusMessage[]): Promise<void> {
    const { publishMs, busPauseMs } = this.#options;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(notAnswering(topic, { publishMs, busPauseMs })), publishMs);
    try {
      await Promise.race([this.#bus.publish(messages), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #pauseRelay(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#waker.wake();
      this.#asideWaker.wake();
    }, this.#options.busPauseMs);
  }

  async #hold(topic: string, { code, message, retry }: MigrationError): Promise<void> {
    if (!this.#aside.has(topic)) this.#logger.error({ topic, code }, `messages of a topic wait: ${message}`);
    this.#aside.add(topic);
    await this.#outbox.holdTopic(topic, { code, message, retry });
  }

  async #release(topic: string): Promise<void> {
    this.#aside.delete(topic);
    await this.#outbox.releaseTopic(topic);
    this.#logger.log({ topic }, 'messages of a topic are published again');
  }
}

/** Not of the bus as a whole: it takes the messages of other topics. */
function isOfTopic(fault: unknown): fault is MigrationError {
  return fault instanceof MigrationError && (fault.code === 'KAFKA_TOPIC_MISSING' || fault.code === 'KAFKA_REFUSED');
}

function notAnswering(topic: string, { publishMs, busPauseMs }: Pick<PlannerOptions, 'publishMs' | 'busPauseMs'>): MigrationError {
  const message =
    `the bus did not take messages of ${topic} in ${String(publishMs / 1_000)} s; this planner tries again in ${String(busPauseMs / 1_000)} s, ` +
    `other planners may go on meanwhile. Check that the brokers run and can be reached from here`;
  return new MigrationError('BUS_NOT_ANSWERING', message, { category: 'environment', retry: 'later', subject: topic });
}
