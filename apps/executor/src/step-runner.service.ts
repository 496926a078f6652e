import { Inject, Injectable, Logger } from '@nestjs/common';
import { MigrationError } from '@hiveferry/core';
import { CLOCK, ClusterClients, STEP_STORE, failureOf, retryDelayMs } from '@hiveferry/platform';
import type { ClaimedStep, Clock, StepOutcome, StepStore, StepWait } from '@hiveferry/ports';
import { EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import type { HeldLease } from './held-lease.ts';
import { StepReturnsService } from './step-returns.service.ts';
import { STEP_HANDLERS } from './steps/step-handlers.ts';

const PROGRESS_EVERY_MS = 2_000;

/** Does the work of one claimed step. Only its report may throw, when Postgres is away; then the lease ends and another takes over. */
@Injectable()
export class StepRunnerService {
  readonly #store: StepStore;
  readonly #clusters: ClusterClients;
  readonly #clock: Clock;
  readonly #options: ExecutorOptions;
  readonly #returns: StepReturnsService;
  readonly #logger = new Logger(StepRunnerService.name);
  #leasesLost = 0;

  // eslint-disable-next-line max-params -- Nest injects by parameter
  constructor(
    @Inject(STEP_STORE) store: StepStore,
    @Inject(ClusterClients) clusters: ClusterClients,
    @Inject(CLOCK) clock: Clock,
    @Inject(EXECUTOR_OPTIONS) options: ExecutorOptions,
    @Inject(StepReturnsService) returns: StepReturnsService,
  ) {
    this.#store = store;
    this.#clusters = clusters;
    this.#clock = clock;
    this.#options = options;
    this.#returns = returns;
  }

  /** Claims whose lease this process lost while it worked on them: others may have them. */
  get leasesLost(): number {
    return this.#leasesLost;
  }

  /** @returns what writes the report; it is to be called once */
  async work(step: ClaimedStep, lease: HeldLease): Promise<() => Promise<void>> {
    try {
      const outcome = await this.#handle(step, lease);
      return () => this.#reportOutcome(step, lease, outcome);
    } catch (error) {
      return () => this.#reportFailure(step, lease, error);
    }
  }

  async #reportOutcome(step: ClaimedStep, lease: HeldLease, outcome: StepOutcome | StepWait): Promise<void> {
    try {
      if ('againAfterMs' in outcome) {
        await this.#store.wait(step, outcome);
        return;
      }
      await this.#store.complete(step, outcome);
      this.#logger.log({ ...factsOf(step) }, 'step is done');
    } catch (error) {
      await this.#reportFailure(step, lease, error);
    }
  }

  async #handle(step: ClaimedStep, lease: HeldLease): Promise<StepOutcome | StepWait> {
    const source = await this.#clusters.get(step.spec.source);
    const target = await this.#clusters.get(step.target);
    return STEP_HANDLERS[step.kind]({
      step,
      source,
      target,
      store: this.#store,
      signal: lease.signal,
      renew: () => lease.renew(),
      timeLeft: () => lease.timeLeft(),
      isLastTry: step.tries + 1 >= this.#options.retry.maxTries,
      now: () => this.#clock.now(),
      onProgress: this.#progressOf(step),
    });
  }

  async #reportFailure(step: ClaimedStep, lease: HeldLease, error: unknown): Promise<void> {
    if (mayRun(error) && lease.ended !== 'lost') await this.#store.markUnended(step);
    switch (lease.ended) {
      case 'lost':
        this.#lost(step);
        return;
      case 'cancelled':
        return this.#report(step, () => this.#store.cancelled(step));
      case 'stopping':
        return this.#returns.giveBack(step);
      case undefined:
        return this.#report(step, () => this.#fail(step, error));
    }
  }

  async #fail(step: ClaimedStep, error: unknown): Promise<void> {
    const failure = failureOf(error);
    if (failure.code === 'LEASE_LOST') throw error;
    const retryInMs = retryDelayMs(failure, this.#options.retry, { tries: step.tries + 1, chance: Math.random() });
    this.#logger[retryInMs === undefined ? 'error' : 'warn'](
      { ...factsOf(step), code: failure.code, err: error, retryInMs },
      'step failed',
    );
    await this.#store.fail(step, failure, retryInMs);
  }

  /** A refused report is right: somebody else may have the step by now. */
  async #report(step: ClaimedStep, report: () => Promise<void>): Promise<void> {
    try {
      await report();
    } catch (error) {
      if (!(error instanceof MigrationError && error.code === 'LEASE_LOST')) throw error;
      this.#lost(step);
    }
  }

  #lost(step: ClaimedStep): void {
    this.#leasesLost += 1;
    this.#logger.warn({ ...factsOf(step), fence: step.fence }, 'the lease of a step was lost: another executor may have it');
  }

  #progressOf(step: ClaimedStep): (percent: number) => void {
    let toldAtMs = 0;
    return (percent) => {
      const nowMs = performance.now();
      if (toldAtMs !== 0 && nowMs - toldAtMs < PROGRESS_EVERY_MS) return;
      toldAtMs = nowMs;
      this.#store.progress(step, percent).catch(() => undefined);
    };
  }
}

/** What the step began may go on outside: whatever is reported, it is not given up before that was ended. */
function mayRun(error: unknown): boolean {
  return error instanceof MigrationError && error.detail['mayRun'] === true;
}

function factsOf({ runId, stepId, target, database, table, key, attempt }: ClaimedStep): object {
  return { runId, stepId, target, table: table === undefined ? database : `${database}.${table}`, step: key, attempt };
}
