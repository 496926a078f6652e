import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { MigrationError } from '@hiveferry/core';
import { PLAN_STORE, Waker, failureOf, retryDelayMs } from '@hiveferry/platform';
import type { RetryPolicy } from '@hiveferry/platform';
import { PLANNER_WORK } from '@hiveferry/ports';
import type { ClaimScope, ClaimedRun, ClaimedShard, PlanStore, PlannerWork, TargetFailure } from '@hiveferry/ports';
import { DispatchRunService } from './dispatch-run.service.ts';
import { refuseDeadly } from './lost-planners.ts';
import { PlanRunService } from './plan-run.service.ts';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { RunGuard } from './run-guard.ts';
import { ShardWorkerService } from './shard-worker.service.ts';

/**
 * Takes runs and targets that wait for a planner, and parts of those of other planners, a few of each kind at a time, each under a lease
 * that is renewed while it works. What was in the hands of a planner that died is taken alone: should this one die of it, nothing else
 * was with it, and counts as deadly.
 */
@Injectable()
export class PlanLoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: PlanStore;
  readonly #options: PlannerOptions;
  readonly #plan: PlanRunService;
  readonly #dispatch: DispatchRunService;
  readonly #logger = new Logger(PlanLoopService.name);
  readonly #waker = new Waker(
    () => this.#takeAll(),
    (error) => this.#logger.error({ err: error }, 'the planner could not look for runs'),
  );
  readonly #held = new Set<RunGuard>();
  /** What is under way, runs and parts, by kind of work. */
  readonly #taken: Readonly<Record<PlannerWork, Set<Promise<void>>>> = { plan: new Set(), 'plan-target': new Set(), dispatch: new Set() };
  readonly #shards: ShardWorkerService;
  #unsubscribe: (() => void) | undefined;
  #isStopping = false;
  /** A suspect is under way. */
  #isAlone = false;

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
    this.#plan = plan;
    this.#dispatch = dispatch;
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
    for (const guard of this.#held) guard.stop();
    this.#shards.stop();
    await Promise.allSettled(Object.values(this.#taken).flatMap((taken) => [...taken]));
  }

  wake(): void {
    this.#waker.wake();
  }

  async #takeAll(): Promise<void> {
    if (this.#isStopping || this.#isAlone || (await this.#turnsToSuspect())) return;
    for (const work of PLANNER_WORK) {
      while (this.#hasPlace(work)) {
        const run = await this.#claimRun({ work, isSuspect: false });
        if (run === undefined) break;
        this.#start(run);
      }
      while (this.#hasPlace(work)) {
        const part = await this.#shards.claim({ work, isSuspect: false });
        if (part === undefined) break;
        this.#startPart(work, part);
      }
    }
    if (this.#isIdle()) await this.#takeSuspectPart();
  }

  /** A suspect waits until nothing else is under way, and nothing that came later is taken before it: neither waits for ever. */
  async #turnsToSuspect(): Promise<boolean> {
    if (!this.#isIdle()) return this.#store.hasSuspects();
    const run = await this.#claimRun({ isSuspect: true });
    if (run === undefined) return false;
    this.#isAlone = true;
    this.#start(run);
    return true;
  }

  /** Nobody waits for this: who holds the whole does its parts too. */
  async #takeSuspectPart(): Promise<void> {
    const part = await this.#shards.claim({ isSuspect: true });
    if (part === undefined) return;
    this.#isAlone = true;
    this.#startPart(part.work, part);
  }

  #claimRun(scope: ClaimScope): Promise<ClaimedRun | undefined> {
    return this.#store.claimRun(this.#options.owner, this.#options.leaseMs, scope);
  }

  #isIdle(): boolean {
    return Object.values(this.#taken).every((taken) => taken.size === 0);
  }

  #hasPlace(work: PlannerWork): boolean {
    return !this.#isStopping && this.#taken[work].size < this.#options.places;
  }

  #startPart(work: PlannerWork, part: ClaimedShard): void {
    this.#occupy(
      work,
      this.#shards
        .do(part)
        .catch((error: unknown) =>
          this.#logger.error({ err: error, runId: part.runId }, 'part of a run could not be reported; its lease will end'),
        ),
    );
  }

  #start(run: ClaimedRun): void {
    const { runId, target, work, attempt } = run;
    const guard = new RunGuard(this.#store, run, this.#options.leaseMs);
    this.#held.add(guard);
    this.#logger.log({ runId, target, work, attempt }, 'planner took a run');
    this.#occupy(
      work,
      this.#hold(run, guard)
        .catch((error: unknown) => this.#logger.error({ err: error, runId, target }, 'run could not be reported; its lease will end'))
        .finally(() => {
          guard.end();
          this.#held.delete(guard);
        }),
    );
  }

  /** Until it has ended. A run that was planned to be executed at once, and targets approved meanwhile, wait for the next look. */
  #occupy(work: PlannerWork, ends: Promise<void>): void {
    const ended: Promise<void> = ends.finally(() => {
      this.#taken[work].delete(ended);
      this.#isAlone = false;
      this.#waker.wake();
    });
    this.#taken[work].add(ended);
  }

  async #hold(run: ClaimedRun, guard: RunGuard): Promise<void> {
    try {
      refuseDeadly(run, this.#options.retry.maxTries);
      await this.#workOn(run, guard);
      await this.#store.giveBackRun(run);
    } catch (error) {
      await this.#afterFailure(run, { guard, error });
    }
  }

  #workOn(run: ClaimedRun, guard: RunGuard): Promise<void> {
    switch (run.work) {
      case 'plan':
        return this.#plan.plan(run, guard);
      case 'plan-target':
        return this.#plan.planTarget(run, guard);
      case 'dispatch':
        return this.#dispatch.dispatch(run, guard);
    }
  }

  async #afterFailure(run: ClaimedRun, { guard, error }: { readonly guard: RunGuard; readonly error: unknown }): Promise<void> {
    if (guard.state === 'lost' || (guard.state === 'held' && isLeaseLost(error))) return;
    if (guard.state !== 'held') {
      await this.#store.giveBackRun(run);
      return;
    }
    const failure = failureOf(error);
    const delay = retryDelayMs(failure, this.#retryOf(run), { tries: run.attempt, chance: Math.random() });
    const { runId, target, work } = run;
    this.#logger[delay === undefined ? 'error' : 'warn'](
      { runId, target, work, code: failure.code, err: error, retryInMs: delay },
      `${WORDS[work]} failed`,
    );
    await this.#report(run, { target: target ?? '', failure, ...(delay !== undefined && { retryAfterMs: delay }) });
  }

  /** What is approved is to be executed: a fault that passes is waited for as long as it lasts. */
  #retryOf({ work }: ClaimedRun): RetryPolicy {
    return work === 'dispatch' ? { ...this.#options.retry, maxTries: Infinity } : this.#options.retry;
  }

  #report(run: ClaimedRun, failed: TargetFailure): Promise<void> {
    switch (run.work) {
      case 'plan':
        return this.#store.failRun(run, failed.failure, failed.retryAfterMs);
      case 'plan-target':
        return this.#store.failTargets(run, [failed]).then(() => this.#store.giveBackRun(run));
      case 'dispatch':
        return this.#store.failDispatch(run, failed);
    }
  }
}

const WORDS = { plan: 'planning', 'plan-target': 'planning of a target', dispatch: 'dispatching' } as const satisfies Record<
  PlannerWork,
  string
>;

function isLeaseLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === 'LEASE_LOST';
}
