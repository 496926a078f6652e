import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { MigrationError, RETRIES } from '@hiveferry/core';
import { ClusterClients, PLAN_STORE, failureOf } from '@hiveferry/platform';
import type { ClaimedShard, Failure, PlanStore, RunLease, ShardRequest, TargetFailure } from '@hiveferry/ports';
import { addStepsOf } from './add-steps.ts';
import { refuseDeadly } from './lost-planners.ts';
import { planRange } from './plan-tables.ts';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { failuresOf, openPlanning } from './planning.ts';
import { RunGuard } from './run-guard.ts';

/** How soon to look whether other planners are done with their parts. */
const LOOK_AGAIN_MS = 100;

/** Does parts of runs and targets: of those that this planner holds, and of those of other planners. A part can be done twice, as a run can. */
@Injectable()
export class ShardWorkerService {
  readonly #store: PlanStore;
  readonly #clusters: ClusterClients;
  readonly #options: PlannerOptions;
  readonly #guards = new Set<RunGuard>();
  readonly #logger = new Logger(ShardWorkerService.name);

  constructor(
    @Inject(PLAN_STORE) store: PlanStore,
    @Inject(ClusterClients) clusters: ClusterClients,
    @Inject(PLANNER_OPTIONS) options: PlannerOptions,
  ) {
    this.#store = store;
    this.#clusters = clusters;
    this.#options = options;
  }

  /**
   * Does open parts of a run or target that this planner holds, and waits for those that others do.
   *
   * @returns why targets could not go on; a fault when a part could not be done at all
   */
  async doAll(whole: RunLease, guard: RunGuard): Promise<readonly TargetFailure[]> {
    for (;;) {
      guard.check();
      const { open, failed, failure } = await this.#store.shards.shardProgress(whole);
      if (failure !== undefined) throw faultOf(failure, whole.runId);
      if (open === 0) return failed;
      const shard = await this.claim({ of: whole });
      if (shard === undefined) await wait(LOOK_AGAIN_MS);
      else await this.do(shard);
    }
  }

  claim(what: Pick<ShardRequest, 'of' | 'work' | 'isSuspect'>): Promise<ClaimedShard | undefined> {
    const { owner, leaseMs } = this.#options;
    return this.#store.shards.claimShard({ owner, leaseMs, ...what });
  }

  async do(shard: ClaimedShard): Promise<void> {
    const guard = new RunGuard(this.#store, shard, this.#options.leaseMs);
    this.#guards.add(guard);
    try {
      refuseDeadly(shard, this.#options.retry.maxTries);
      const failed = shard.work === 'plan' ? await this.#plan(shard, guard) : await this.#dispatch(shard, guard);
      await this.#store.shards.finishShard(shard, failed);
    } catch (error) {
      await this.#afterFailure(shard, { guard, error });
    } finally {
      guard.end();
      this.#guards.delete(guard);
    }
  }

  /** What is under way is given back at the next look. */
  stop(): void {
    for (const guard of this.#guards) guard.stop();
  }

  /** A part whose last target leaves is done: who holds the run sees that none is left. */
  async #plan(shard: ClaimedShard, guard: RunGuard): Promise<readonly TargetFailure[]> {
    if (shard.targets.length === 0) return [];
    const context = await openPlanning(shard, guard, { store: this.#store, clusters: this.#clusters, options: this.#options });
    try {
      await planRange(context, shard.tables, (place) => this.#store.shards.notePlace(shard, place));
    } catch (error) {
      if (context.targets.active.length > 0) throw error;
    }
    return failuresOf(context.targets);
  }

  async #dispatch(shard: ClaimedShard, guard: RunGuard): Promise<readonly TargetFailure[]> {
    for (const { name: target } of shard.targets) await addStepsOf(this.#store, shard, { target, guard });
    return [];
  }

  async #afterFailure(shard: ClaimedShard, { guard, error }: { readonly guard: RunGuard; readonly error: unknown }): Promise<void> {
    const { runId, tables } = shard;
    if (guard.state === 'lost' || (guard.state === 'held' && isLeaseLost(error))) {
      this.#logger.warn({ runId, tables }, 'part of a run was taken over');
      return;
    }
    const end = guard.state === 'held' ? this.#store.shards.failShard(shard, failureOf(error)) : this.#store.shards.giveBackShard(shard);
    await end.catch((late: unknown) => {
      if (!isLeaseLost(late)) throw late;
    });
  }
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === 'LEASE_LOST';
}

/** What another planner could not do, as if it had happened here. */
export function faultOf({ code, message, retry }: Failure, subject: string): MigrationError {
  const known = RETRIES.find((each) => each === retry) ?? 'operator';
  return new MigrationError(code, message, { category: 'environment', retry: known, subject });
}
