import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import { OUTBOX, TASK_BUS, Waker } from '@hiveferry/platform';
import type { Outbox, TaskBus } from '@hiveferry/ports';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';

const BATCH = 1_000;
const PURGE_EVERY_MS = 3_600_000;

/** Carries messages from the outbox to the bus: at least once, in order of each key. Woken by NOTIFY, with a slow tick as a net. */
@Injectable()
export class OutboxRelayService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #outbox: Outbox;
  readonly #bus: TaskBus;
  readonly #options: PlannerOptions;
  readonly #logger = new Logger(OutboxRelayService.name);
  readonly #waker = new Waker(
    () => this.#relayAll(),
    (error) => this.#logger.warn({ err: error }, 'messages could not be published; tried again'),
  );
  #unsubscribe: (() => void) | undefined;
  #purge: NodeJS.Timeout | undefined;

  constructor(@Inject(OUTBOX) outbox: Outbox, @Inject(TASK_BUS) bus: TaskBus, @Inject(PLANNER_OPTIONS) options: PlannerOptions) {
    this.#outbox = outbox;
    this.#bus = bus;
    this.#options = options;
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#outbox.onAdded(() => this.#waker.wake());
    this.#purge = setInterval(() => void this.#outbox.purge(this.#options.keepMessagesMs).catch(() => undefined), PURGE_EVERY_MS).unref();
    this.#waker.start(this.#options.relayTickMs);
    this.#waker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    clearInterval(this.#purge);
    await this.#waker.stop();
  }

  async #relayAll(): Promise<void> {
    while ((await this.#outbox.relay(BATCH, (messages) => this.#bus.publish(messages))) > 0);
  }
}
