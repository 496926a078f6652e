import { Inject, Injectable, Logger } from '@nestjs/common';
import { planHash } from '@hiveferry/core';
import { ClusterClients, PLAN_STORE } from '@hiveferry/platform';
import type { ClaimedRun, PlanStore, TableHash } from '@hiveferry/ports';
import { planSettingsOf, tableSelector } from './plan-settings.ts';
import { planTablesOf, sha256 } from './plan-tables.ts';
import type { TablesToPlan, TargetOfPlan } from './plan-tables.ts';
import { refuseClashes } from './refuse-clashes.ts';
import type { RunGuard } from './run-guard.ts';
import { takeInventory } from './take-inventory.ts';

/** REQUESTED to PLANNED: inventory, then a plan a table and target. It can run twice: it begins by forgetting what an earlier attempt wrote. */
@Injectable()
export class PlanRunService {
  readonly #store: PlanStore;
  readonly #clusters: ClusterClients;
  readonly #logger = new Logger(PlanRunService.name);

  constructor(@Inject(PLAN_STORE) store: PlanStore, @Inject(ClusterClients) clusters: ClusterClients) {
    this.#store = store;
    this.#clusters = clusters;
  }

  async plan(run: ClaimedRun, guard: RunGuard): Promise<void> {
    const settings = planSettingsOf(run.spec);
    const isSelected = tableSelector(run.spec.selection);
    const source = await this.#clusters.get(run.spec.source);
    const targets = await this.#targets(run);
    const context = { run, guard, store: this.#store, source, settings, targets, isSelected };
    await takeInventory(context);
    for (const database of run.spec.selection.databases) await planTablesOf(context, database);
    guard.check();
    await this.#refuseClashes(context);
    const hashes = new Map<string, string>();
    for (const target of run.spec.targets) hashes.set(target, await this.#hashOf(run.runId, target));
    await this.#store.finishPlanning(run, hashes);
    this.#logger.log({ runId: run.runId, planHashes: Object.fromEntries(hashes) }, 'run is planned');
  }

  async #refuseClashes({ run, guard, store }: TablesToPlan): Promise<void> {
    for (const target of run.spec.targets) {
      const refused = await refuseClashes({ run, guard, store }, target);
      if (refused > 0) this.#logger.warn({ runId: run.runId, target, refused }, 'tables with clashing destinations are refused');
    }
  }

  async #targets(run: ClaimedRun): Promise<readonly TargetOfPlan[]> {
    const targets: TargetOfPlan[] = [];
    for (const name of run.spec.targets) targets.push({ name, client: await this.#clusters.get(name) });
    return targets;
  }

  async #hashOf(runId: string, target: string): Promise<string> {
    const { databases, hashes } = await this.#store.planParts(runId, target);
    const tables: TableHash[] = [];
    for await (const page of hashes) tables.push(...page);
    return planHash(tables, databases, sha256);
  }
}
