import { databaseStepOf, stepsOf, withPositions } from '@hiveferry/core';
import type { DatabasePlan, TablePlan } from '@hiveferry/core';
import type { ClaimedShard, PlanStore, StepGroup } from '@hiveferry/ports';
import type { RunGuard } from './run-guard.ts';

/** Makes the steps of one range of tables. It can run twice: steps that are there stay as they are. */
export async function addStepsOf(
  store: PlanStore,
  shard: ClaimedShard,
  { target, guard }: { readonly target: string; readonly guard: RunGuard },
): Promise<void> {
  const databases = await store.databasesToDispatch(shard.runId, target);
  let { after } = shard.tables;
  for (;;) {
    guard.check();
    const plans = await store.tablesToDispatch(shard.runId, target, { ...shard.tables, after });
    const last = plans.at(-1);
    if (last === undefined) return;
    await store.addSteps(shard, target, [...databaseGroups(databases, plans), ...plans.map(tableGroup)]);
    after = last.source.table;
  }
}

/** Only databases with a table to migrate are prepared. */
function databaseGroups(databases: readonly DatabasePlan[], plans: readonly TablePlan[]): readonly StepGroup[] {
  const needed = new Set(plans.map(({ source }) => source.database));
  return databases.filter(({ source }) => needed.has(source)).map((plan) => ({ database: plan.source, steps: [databaseStepOf(plan)] }));
}

function tableGroup(plan: TablePlan): StepGroup {
  return { database: plan.source.database, table: plan.source.table, steps: withPositions(stepsOf(plan), plan) };
}
