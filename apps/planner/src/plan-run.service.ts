import { Inject, Injectable, Logger } from '@nestjs/common';
import { MigrationError, describeIssue, planHash } from '@hiveferry/core';
import { ClusterClients, PLAN_STORE, retryDelayMs } from '@hiveferry/platform';
import type { ClaimedRun, PlanStore, PlannerClaim, TableHash, TargetFailure } from '@hiveferry/ports';
import { lookAround, lookAtTargets } from './look-around.ts';
import type { Unseen } from './surroundings.ts';
import { planDatabaseOf, sha256 } from './plan-tables.ts';
import type { TablesToPlan } from './plan-tables.ts';
import { planVanished } from './plan-vanished.ts';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { failuresOf, openPlanning } from './planning.ts';
import { refuseClashes } from './refuse-clashes.ts';
import type { RunGuard } from './run-guard.ts';
import { faultOf, ShardWorkerService } from './shard-worker.service.ts';
import { takeInventory } from './take-inventory.ts';

/**
 * Inventory, then a plan a table and target. It can run twice: it begins by forgetting what an earlier attempt wrote. A target that fails
 * is left out, and planned later by itself from the same inventory.
 */
@Injectable()
export class PlanRunService {
  readonly #store: PlanStore;
  readonly #clusters: ClusterClients;
  readonly #options: PlannerOptions;
  readonly #shards: ShardWorkerService;
  readonly #logger = new Logger(PlanRunService.name);

  // eslint-disable-next-line max-params -- Nest injects by parameter
  constructor(
    @Inject(PLAN_STORE) store: PlanStore,
    @Inject(ClusterClients) clusters: ClusterClients,
    @Inject(PLANNER_OPTIONS) options: PlannerOptions,
    @Inject(ShardWorkerService) shards: ShardWorkerService,
  ) {
    this.#store = store;
    this.#clusters = clusters;
    this.#options = options;
    this.#shards = shards;
  }

  /** REQUESTED to PLANNED, with all targets that can be planned. A fault is the run's: its source or every target failed. */
  async plan(run: ClaimedRun, guard: RunGuard): Promise<void> {
    const context = await openPlanning(run, guard, { store: this.#store, clusters: this.#clusters, options: this.#options });
    try {
      await Promise.all([takeInventory(context), this.#probe(context)]);
      await this.#planTables(context, await lookAround(context));
    } catch (error) {
      if (context.targets.active.length === 0) await this.#store.failTargets(run, failuresOf(context.targets));
      throw error;
    }
    if (context.targets.failed.size > 0) await this.#failTargets(context);
    await this.#finish(context);
  }

  /** One target that could not be planned with the others. Whatever fails is its own matter. */
  async planTarget(run: ClaimedRun, guard: RunGuard): Promise<void> {
    const context = await openPlanning(run, guard, { store: this.#store, clusters: this.#clusters, options: this.#options });
    try {
      await this.#probe(context);
      await this.#planTables(context, await lookAtTargets(context));
    } catch (error) {
      if (guard.state !== 'held' || isLeaseLost(error)) throw error;
      await this.#failTargets(context, error);
      return;
    }
    await this.#finish(context);
  }

  /** Who does not answer so small a question is not waited for at each page. */
  async #probe({ targets }: TablesToPlan): Promise<void> {
    await targets.ask(({ client }) => client.metastore.databaseNames(), this.#options.probeMs);
  }

  /** With whatever planners are free. */
  async #planTables(context: TablesToPlan, unseen: Unseen): Promise<void> {
    const { run, guard, targets } = context;
    for (const [target, [found]] of unseen) {
      if (found !== undefined) this.#logger.warn({ runId: run.runId, target, ...found.detail }, describeIssue(found).text);
    }
    const notes = await planVanished(context);
    for (const database of run.spec.selection.databases) await planDatabaseOf(context, database, { unseen, notes });
    const names = targets.active.map(({ name }) => name);
    await this.#store.shards.cutShards(run, { work: 'plan', targets: names, tablesAShard: this.#options.tablesAShard });
    const failed = await this.#shards.doAll(run, guard);
    targets.leaveAll(new Map(failed.map(({ target, failure }) => [target, faultOf(failure, target)])));
    guard.check();
    await this.#refuseClashes(context);
  }

  async #refuseClashes({ run, guard, store, targets }: TablesToPlan): Promise<void> {
    for (const { name: target } of targets.active) {
      const refused = await refuseClashes({ run, guard, store }, target);
      if (refused > 0) this.#logger.warn({ runId: run.runId, target, refused }, 'tables with clashing destinations are refused');
    }
  }

  async #finish({ run, targets }: TablesToPlan): Promise<void> {
    const hashes = new Map<string, string>();
    for (const { name } of targets.active) hashes.set(name, await this.#hashOf(run.runId, name));
    await this.#store.finishPlanning(run, hashes);
    this.#logger.log({ runId: run.runId, planHashes: Object.fromEntries(hashes) }, 'run is planned');
  }

  /** @param error what went wrong for those that did not fail themselves */
  async #failTargets({ run, targets }: TablesToPlan, error?: unknown): Promise<void> {
    const failed = failuresOf(targets, error).map((failure) => ({ ...failure, ...this.#retryOf(run, failure) }));
    for (const { target, failure, retryAfterMs } of failed)
      this.#logger.warn({ runId: run.runId, target, code: failure.code, retryInMs: retryAfterMs }, 'target could not be planned');
    await this.#store.failTargets(run, failed);
  }

  #retryOf(run: PlannerClaim, { target, failure }: TargetFailure): Pick<TargetFailure, 'retryAfterMs'> {
    const tries = (run.targets.find(({ name }) => name === target)?.tries ?? 0) + 1;
    const retryAfterMs = retryDelayMs(failure, this.#options.retry, { tries, chance: Math.random() });
    return retryAfterMs === undefined ? {} : { retryAfterMs };
  }

  async #hashOf(runId: string, target: string): Promise<string> {
    const { databases, hashes } = await this.#store.planParts(runId, target);
    const tables: TableHash[] = [];
    for await (const page of hashes) tables.push(...page);
    return planHash(tables, databases, sha256);
  }
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === 'LEASE_LOST';
}
