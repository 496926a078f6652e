import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { MigrationError } from '@hiveferry/core';
import { PLAN_STORE, Waker, failureOf, retryDelayMs } from '@hiveferry/platform';
import type { ClaimedRun, ClaimedShard, PlanStore } from '@hiveferry/ports';
import { DispatchRunService } from './dispatch-run.service.ts';
import { PlanRunService } from './plan-run.service.ts';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { RunGuard } from './run-guard.ts';
import { ShardWorkerService } from './shard-worker.service.ts';

/** Takes runs that wait for a planner, and parts of runs of other planners, a few at a time, each under a lease that is renewed while it works. */
@Injectable()
export class PlanLoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: PlanStore;
  readonly #options: PlannerOptions;
  readonly #work: Readonly<Record<ClaimedRun['work'], (run: ClaimedRun, guard: RunGuard) => Promise<void>>>;
  readonly #logger = new Logger(PlanLoopService.name);
  readonly #waker = new Waker(
    () => this.#takeAll(),
    (error) => this.#logger.error({ err: error }, 'the planner could not look for runs'),
  );
  readonly #held = new Map<RunGuard, Promise<void>>();
  readonly #parts = new Set<Promise<void>>();
  readonly #shards: ShardWorkerService;
  #unsubscribe: (() => void) | undefined;
  #isStopping = false;

  // eslint-disable-next-line max-params -- Nest injects by parameter
  constructor(
    @Inject(PLAN_STORE) store: PlanStore,
    @Inject(PLANNER_OPTIONS) options: PlannerOptions,
    @Inject(PlanRunService) plan: PlanRunService,
    @Inject(DispatchRunService) dispatch: DispatchRunService,
    @Inject(ShardWorkerService) shards: ShardWorkerService,
  ) {
    this.#store = store;
    this.#options = options;
    this.#shards = shards;
    this.#work = {
      plan: (run, guard) => plan.plan(run, guard),
      'plan-target': (run, guard) => plan.planTarget(run, guard),
      dispatch: (run, guard) => dispatch.dispatch(run, guard),
    };
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#store.shards.onShards(() => this.#waker.wake());
    this.#waker.start(this.#options.tickMs);
    this.#waker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe?.();
    await this.#waker.stop();
    for (const guard of this.#held.keys()) guard.stop();
    this.#shards.stop();
    await Promise.allSettled([...this.#held.values(), ...this.#parts]);
  }

  wake(): void {
    this.#waker.wake();
  }

  async #takeAll(): Promise<void> {
    while (this.#hasPlace()) {
      const run = await this.#store.claimRun(this.#options.owner, this.#options.leaseMs);
      if (run === undefined) break;
      this.#start(run);
    }
    while (this.#hasPlace()) {
      const part = await this.#shards.claim();
      if (part === undefined) break;
      this.#startPart(part);
    }
  }

  #hasPlace(): boolean {
    return !this.#isStopping && this.#held.size + this.#parts.size < this.#options.places;
  }

  #startPart(part: ClaimedShard): void {
    const ended: Promise<void> = this.#shards
      .do(part)
      .catch((error: unknown) =>
        this.#logger.error({ err: error, runId: part.runId }, 'part of a run could not be reported; its lease will end'),
      )
      .finally(() => {
        this.#parts.delete(ended);
        this.#waker.wake();
      });
    this.#parts.add(ended);
  }

  #start(run: ClaimedRun): void {
    const guard = new RunGuard(this.#store, run, this.#options.leaseMs);
    this.#logger.log({ runId: run.runId, work: run.work, attempt: run.attempt }, 'planner took a run');
    const ended = this.#hold(run, guard)
      .catch((error: unknown) => this.#logger.error({ err: error, runId: run.runId }, 'run could not be reported; its lease will end'))
      .finally(() => {
        guard.end();
        this.#held.delete(guard);
        // A run that was planned to be executed at once, and targets approved meanwhile, wait for the next look.
        this.#waker.wake();
      });
    this.#held.set(guard, ended);
  }

  async #hold(run: ClaimedRun, guard: RunGuard): Promise<void> {
    try {
      await this.#work[run.work](run, guard);
      await this.#store.giveBackRun(run);
    } catch (error) {
      await this.#afterFailure(run, { guard, error });
    }
  }

  async #afterFailure(run: ClaimedRun, { guard, error }: { readonly guard: RunGuard; readonly error: unknown }): Promise<void> {
    if (guard.state === 'lost' || (guard.state === 'held' && isLeaseLost(error))) return;
    if (guard.state !== 'held') {
      await this.#store.giveBackRun(run);
      return;
    }
    const failure = failureOf(error);
    const delay = retryDelayMs(failure, this.#options.retry, { tries: run.attempt, chance: Math.random() });
    this.#logger[delay === undefined ? 'error' : 'warn'](
      { runId: run.runId, code: failure.code, err: error, retryInMs: delay },
      'run could not be planned',
    );
    await this.#store.failRun(run, failure, delay);
  }
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === 'LEASE_LOST';
}
