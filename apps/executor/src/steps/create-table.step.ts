import type { PlannedStatement, TablePlan } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { ensureNoFilesGo } from './drop-existing.ts';
import { executeAll, inSession } from './hive-statements.ts';
import { compareWithTarget, differencesOnTarget } from './read-back.ts';
import { payloadOf, planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Creates the table, or makes the one that stands there like the plan: sets properties, or drops it from the metastore and creates it.
 * Runs twice by IF NOT EXISTS, and because what an earlier attempt made is not dropped again; ends by reading the table back and comparing
 * it with the plan. Faults: TARGET_CHANGED, READ_BACK_DIFFERS.
 */
export function createTable(context: StepContext): Promise<StepOutcome> {
  return create(context, payloadOf(context, 'create-table').statements);
}

/** Creates the view, or replaces it, in the same way. */
export function createView(context: StepContext): Promise<StepOutcome> {
  return create(context, payloadOf(context, 'create-view').statements);
}

async function create(context: StepContext, statements: readonly PlannedStatement[]): Promise<StepOutcome> {
  const { plan } = await planOfStep(context);
  const isDropped = plan.existing?.definition === 'replaced' && (await isToBeDropped(context, plan));
  const meant = isDropped ? statements : statements.filter(({ purpose }) => purpose !== 'drop-existing');
  await inSession(context, (session) => executeAll(context, session, meant));
  await compareWithTarget(context, plan, 'table');
  return { result: { statements: meant.length } };
}

/** What stands there as planned is the work of an earlier attempt. */
async function isToBeDropped(context: StepContext, plan: TablePlan): Promise<boolean> {
  const { found, findings } = await differencesOnTarget(context, plan, 'table');
  if (found.foundTable === undefined || findings.length === 0) return false;
  ensureNoFilesGo(plan, found.foundTable);
  return true;
}
