import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { STEP_STORE, Waker } from '@hiveferry/platform';
import type { StepStore } from '@hiveferry/ports';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';

/** Does what the dead do not: returns their leases, makes due retries ready, repeats lost wake-ups, ends runs. */
@Injectable()
export class SweeperService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: StepStore;
  readonly #options: PlannerOptions;
  readonly #logger = new Logger(SweeperService.name);
  readonly #waker = new Waker(
    () => this.#sweep(),
    (error) => this.#logger.warn({ err: error }, 'sweep failed; tried again'),
  );

  constructor(@Inject(STEP_STORE) store: StepStore, @Inject(PLANNER_OPTIONS) options: PlannerOptions) {
    this.#store = store;
    this.#options = options;
  }

  onApplicationBootstrap(): void {
    this.#waker.start(this.#options.sweepEveryMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#waker.stop();
  }

  async #sweep(): Promise<void> {
    const report = await this.#store.sweep({ maxTries: this.#options.retry.maxTries, announceAfterMs: this.#options.announceAfterMs });
    if (report.expired > 0) this.#logger.warn(report, 'leases of executors that stopped reporting were returned');
  }
}
