import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import { MigrationError } from '@hiveferry/core';
import { OUTBOX, TASK_BUS, Waker, failureOf } from '@hiveferry/platform';
import type { BusMessage, Outbox, RelayScope, TaskBus } from '@hiveferry/ports';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';

const PURGE_EVERY_MS = 3_600_000;

/** Topics that took no messages by faults of the bus as a whole, with what it said, as long as it took those of no other topic either. */
type Doubted = Map<string, unknown>;

/**
 * Carries messages from the outbox to the bus: at least once, in order of each key. Woken by NOTIFY, with a slow tick as a net.
 *
 * A topic that takes no messages while the bus answers for another one is held: left aside and tried by itself; the others do not wait for it.
 * When the bus answers for none of those that were read, the messages of other topics are read next, so that a topic with many messages does
 * not hide them: it is held as soon as the bus answers for one of them. When there are no others, or the bus answers for none of them, it is
 * the bus that is away: no topic is held, and all are left to other relays for a while, as one of them may reach it.
 */
@Injectable()
export class OutboxRelayService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #outbox: Outbox;
  readonly #bus: TaskBus;
  readonly #options: PlannerOptions;
  readonly #logger = new Logger(OutboxRelayService.name);
  /** Topics that are held, and from when on they may be tried again, on the monotonic clock. */
  readonly #aside = new Map<string, number>();
  readonly #waker = this.#wakerOf(() => this.#relayAll());
  readonly #asideWaker = this.#wakerOf(() => this.#relayAside());
  #unsubscribe: (() => void) | undefined;
  #purge: NodeJS.Timeout | undefined;
  /** After a fault of the bus as a whole. */
  #pause: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(@Inject(OUTBOX) outbox: Outbox, @Inject(TASK_BUS) bus: TaskBus, @Inject(PLANNER_OPTIONS) options: PlannerOptions) {
    this.#outbox = outbox;
    this.#bus = bus;
    this.#options = options;
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { topic } of await this.#outbox.heldTopics()) this.#aside.set(topic, 0);
    this.#unsubscribe = this.#outbox.onAdded(() => this.#waker.wake());
    this.#purge = setInterval(() => void this.#outbox.purge(this.#options.keepMessagesMs).catch(() => undefined), PURGE_EVERY_MS).unref();
    this.#waker.start(this.#options.relayTickMs);
    this.#asideWaker.start(this.#options.heldTopicTickMs);
    this.#waker.wake();
    this.#asideWaker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe?.();
    clearInterval(this.#purge);
    await Promise.all([this.#waker.stop(), this.#asideWaker.stop()]);
    clearTimeout(this.#pause);
  }

  #wakerOf(work: () => Promise<void>): Waker {
    return new Waker(work, (error) => this.#logger.warn({ err: error }, 'messages could not be published; tried again'));
  }

  get #mayRelay(): boolean {
    return this.#pause === undefined && !this.#isStopping;
  }

  async #relayAll(): Promise<void> {
    const doubted: Doubted = new Map();
    while (this.#mayRelay) {
      const doubts = doubted.size;
      const published = await this.#relay({ without: [...this.#aside.keys(), ...doubted.keys()] }, doubted);
      if (published === 0 && doubted.size <= doubts) break;
    }
    if (doubted.size === 0) return;
    this.#pauseRelay();
    throw doubted.values().next().value;
  }

  async #relayAside(): Promise<void> {
    for (const [topic, fromMs] of this.#aside) {
      if (performance.now() < fromMs) continue;
      const doubted: Doubted = new Map();
      while (this.#mayRelay && (await this.#relay({ only: topic }, doubted)) > 0);
      await this.#holdAll(doubted);
      if (await this.#outbox.isEmpty(topic)) await this.#release(topic);
    }
  }

  #relay(scope: RelayScope, doubted: Doubted): Promise<number> {
    return this.#outbox.relay((messages) => this.#publish(messages, doubted), scope);
  }

  /** @returns topics whose messages the bus did not take */
  async #publish(messages: readonly BusMessage[], doubted: Doubted): Promise<readonly string[]> {
    const topics = [...Map.groupBy(messages, ({ topic }) => topic)];
    const ends = await Promise.all(topics.map(([topic, own]) => this.#endOf(topic, own)));
    const refused = ends.filter((end) => 'fault' in end);
    for (const { topic, fault } of refused) doubted.set(topic, fault);
    if (ends.some((end) => !('fault' in end) || isOfTopic(end.fault))) await this.#holdAll(doubted);
    return refused.map(({ topic }) => topic);
  }

  async #endOf(topic: string, messages: readonly BusMessage[]): Promise<{ readonly topic: string; readonly fault?: unknown }> {
    try {
      await this.#publishInTime(topic, messages);
      return { topic };
    } catch (fault) {
      return { topic, fault };
    }
  }

  /** What comes through after its time is published twice: inboxes know it, and all copies are in the same order. */
  async #publishInTime(topic: string, messages: readonly BusMessage[]): Promise<void> {
    const { publishMs } = this.#options;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(notAnswering(topic, publishMs)), publishMs);
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

  async #holdAll(doubted: Doubted): Promise<void> {
    for (const [topic, fault] of doubted) await this.#hold(topic, fault);
    doubted.clear();
  }

  /** A try that the bus does not answer takes long: without a pause the topic would be with this relay nearly all the time. */
  async #hold(topic: string, fault: unknown): Promise<void> {
    const failure = failureOf(fault);
    const { code, message } = failure;
    if (!this.#aside.has(topic)) this.#logger.error({ topic, code }, `messages of a topic wait: ${message}`);
    this.#aside.set(topic, isOfTopic(fault) ? 0 : performance.now() + this.#options.busPauseMs);
    await this.#outbox.holdTopic(topic, failure);
  }

  async #release(topic: string): Promise<void> {
    this.#aside.delete(topic);
    await this.#outbox.releaseTopic(topic);
    this.#logger.log({ topic }, 'messages of a topic are published again');
  }
}

/** Not of the bus as a whole: it answers, and may take the messages of other topics. */
function isOfTopic(fault: unknown): boolean {
  return fault instanceof MigrationError && (fault.code === 'KAFKA_TOPIC_MISSING' || fault.code === 'KAFKA_REFUSED');
}

function notAnswering(topic: string, publishMs: number): MigrationError {
  const message =
    `the bus did not take messages of ${topic} in ${String(publishMs / 1_000)} s; they wait and are tried again, by other planners too. ` +
    `Where it is Kafka, check that its brokers (FERRY_KAFKA_BROKERS) run, can be reached from here and have leaders for the topic`;
  return new MigrationError('BUS_NOT_ANSWERING', message, { category: 'environment', retry: 'later', subject: topic });
}
