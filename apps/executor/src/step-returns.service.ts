import { MigrationError } from '@hiveferry/core';
import { STEP_STORE } from '@hiveferry/platform';
import type { StepLease, StepStore } from '@hiveferry/ports';
import { Inject, Injectable, Logger } from '@nestjs/common';

const AGAIN_AFTER_MS = 500;
/** Shorter than the grace in which the process must end. */
const PATIENCE_AT_STOP_MS = 10_000;

/**
 * Gives claims back until Postgres has heard of it: a lease that just ends counts as a try of its step, and nothing of the step failed.
 * A give-back that comes after the end of its lease takes that try back.
 */
@Injectable()
export class StepReturnsService {
  readonly #store: StepStore;
  readonly #logger = new Logger(StepReturnsService.name);
  readonly #open = new Set<Promise<void>>();
  #untilMs = Infinity;

  constructor(@Inject(STEP_STORE) store: StepStore) {
    this.#store = store;
  }

  /** Resolves when it is written, or too late because somebody else has the step, or given up at a stop. */
  giveBack(lease: StepLease): Promise<void> {
    const given = this.#give(lease).finally(() => this.#open.delete(given));
    this.#open.add(given);
    return given;
  }

  /** What cannot be written soon is left to the end of its lease. */
  async stop(): Promise<void> {
    this.#untilMs = performance.now() + PATIENCE_AT_STOP_MS;
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  async #give(lease: StepLease): Promise<void> {
    for (;;) {
      try {
        await this.#store.giveBack(lease);
        return;
      } catch (error) {
        if (isLost(error)) this.#logger.warn(namesOf(lease), 'step was given back too late: another executor took it over');
        if (isLost(error) || performance.now() > this.#untilMs) return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}

const isLost = (error: unknown): boolean => error instanceof MigrationError && error.code === 'LEASE_LOST';

const namesOf = ({ stepId, runId, fence }: StepLease): StepLease => ({ stepId, runId, fence });
