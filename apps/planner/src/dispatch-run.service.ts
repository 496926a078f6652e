import { Inject, Injectable, Logger } from '@nestjs/common';
import { databaseStepOf, stepsOf } from '@hiveferry/core';
import type { DatabasePlan, TableName, TablePlan } from '@hiveferry/core';
import { PLAN_STORE } from '@hiveferry/platform';
import type { ClaimedRun, PlanStore, StepGroup } from '@hiveferry/ports';
import type { RunGuard } from './run-guard.ts';

/** Makes the steps of approved targets, then lets the first ones go. It can run twice: steps that are there stay as they are. */
@Injectable()
export class DispatchRunService {
  readonly #store: PlanStore;
  readonly #logger = new Logger(DispatchRunService.name);

  constructor(@Inject(PLAN_STORE) store: PlanStore) {
    this.#store = store;
  }

  async dispatch(run: ClaimedRun, guard: RunGuard): Promise<void> {
    for (const target of await this.#store.undispatchedTargets(run.runId)) {
      await this.#addSteps(run, { target, guard });
      await this.#store.activateTarget(run, target);
      this.#logger.log({ runId: run.runId, target }, 'run is dispatched');
    }
  }

  async #addSteps(run: ClaimedRun, { target, guard }: { readonly target: string; readonly guard: RunGuard }): Promise<void> {
    const databases = await this.#store.databasesToDispatch(run.runId, target);
    let after: TableName | undefined;
    for (;;) {
      guard.check();
      const plans = await this.#store.tablesToDispatch(run.runId, target, after);
      const last = plans.at(-1);
      if (last === undefined) return;
      await this.#store.addSteps(run, target, [...databaseGroups(databases, plans), ...plans.map(tableGroup)]);
      after = last.source;
    }
  }
}

/** Only databases with a table to migrate are prepared. */
function databaseGroups(databases: readonly DatabasePlan[], plans: readonly TablePlan[]): readonly StepGroup[] {
  const needed = new Set(plans.map(({ source }) => source.database));
  return databases.filter(({ source }) => needed.has(source)).map((plan) => ({ database: plan.source, steps: [databaseStepOf(plan)] }));
}

function tableGroup(plan: TablePlan): StepGroup {
  return { database: plan.source.database, table: plan.source.table, steps: stepsOf(plan) };
}
