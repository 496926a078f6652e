import { Inject, Injectable, Logger } from '@nestjs/common';
import { MigrationError, planHash } from '@hiveferry/core';
import { ClusterClients, PLAN_STORE, failureOf, retryDelayMs } from '@hiveferry/platform';
import type { ClaimedRun, PlanStore, TableHash, TargetFailure } from '@hiveferry/ports';
import { tableSelector } from './plan-settings.ts';
import { planTablesOf, sha256 } from './plan-tables.ts';
import type { TablesToPlan } from './plan-tables.ts';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { refuseClashes } from './refuse-clashes.ts';
import type { RunGuard } from './run-guard.ts';
import { takeInventory } from './take-inventory.ts';
import { TargetParts } from './target-parts.ts';

/**
 * Inventory, then a plan a table and target. It can run twice: it begins by forgetting what an earlier attempt wrote. A target that fails
 * is left out, and planned later by itself from the same inventory.
 */
@Injectable()
export class PlanRunService {
  readonly #store: PlanStore;
  readonly #clusters: ClusterClients;
  readonly #options: PlannerOptions;
  readonly #logger = new Logger(PlanRunService.name);

  constructor(
    @Inject(PLAN_STORE) store: PlanStore,
    @Inject(ClusterClients) clusters: ClusterClients,
    @Inject(PLANNER_OPTIONS) options: PlannerOptions,
  ) {
    this.#store = store;
    this.#clusters = clusters;
    this.#options = options;
  }

  /** REQUESTED to PLANNED, with all targets that can be planned. A fault is the run's: its source or every target failed. */
  async plan(run: ClaimedRun, guard: RunGuard): Promise<void> {
    const context = await this.#open(run, guard);
    try {
      await Promise.all([takeInventory(context), this.#probe(context)]);
      await this.#planTables(context);
    } catch (error) {
      if (context.targets.active.length === 0) await this.#store.failTargets(run, failuresOf(context.targets));
      throw error;
    }
    if (context.targets.failed.size > 0) await this.#failTargets(context);
    await this.#finish(context);
  }

  /** One target that could not be planned with the others. Whatever fails is its own matter. */
  async planTarget(run: ClaimedRun, guard: RunGuard): Promise<void> {
    const context = await this.#open(run, guard);
    try {
      await this.#probe(context);
      await this.#planTables(context);
    } catch (error) {
      if (guard.state !== 'held' || isLeaseLost(error)) throw error;
      await this.#failTargets(context, error);
      return;
    }
    await this.#finish(context);
  }

  async #open(run: ClaimedRun, guard: RunGuard): Promise<TablesToPlan> {
    const isSelected = tableSelector(run.spec.selection);
    const source = await this.#clusters.get(run.spec.source);
    const targets = await TargetParts.open(run, this.#clusters);
    return { run, guard, store: this.#store, source, targets, isSelected, patienceMs: this.#options.patienceMs };
  }

  /** Who does not answer so small a question is not waited for at each page. */
  async #probe({ targets }: TablesToPlan): Promise<void> {
    await targets.ask(({ client }) => client.metastore.databaseNames(), this.#options.probeMs);
  }

  async #planTables(context: TablesToPlan): Promise<void> {
    for (const database of context.run.spec.selection.databases) await planTablesOf(context, database);
    context.guard.check();
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

  #retryOf(run: ClaimedRun, { target, failure }: TargetFailure): Pick<TargetFailure, 'retryAfterMs'> {
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

function failuresOf(targets: TargetParts, error?: unknown): readonly TargetFailure[] {
  const own = [...targets.failed].map(([target, fault]) => ({ target, failure: failureOf(fault) }));
  const common = error === undefined ? [] : targets.active.map(({ name }) => ({ target: name, failure: failureOf(error) }));
  return [...own, ...common];
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === 'LEASE_LOST';
}
