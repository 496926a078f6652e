import type { PlannedStatement } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { executeAll, inSession } from './hive-statements.ts';
import { compareWithTarget } from './read-back.ts';
import { payloadOf, planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** Creates the table. Runs twice by IF NOT EXISTS; ends by reading the table back and comparing it with the plan. */
export function createTable(context: StepContext): Promise<StepOutcome> {
  return create(context, payloadOf(context, 'create-table').statements);
}

/** Creates the view, in the same way. */
export function createView(context: StepContext): Promise<StepOutcome> {
  return create(context, payloadOf(context, 'create-view').statements);
}

async function create(context: StepContext, statements: readonly PlannedStatement[]): Promise<StepOutcome> {
  const { plan } = await planOfStep(context);
  await inSession(context, (session) => executeAll(context, session, statements));
  await compareWithTarget(context, plan, 'table');
  return { result: { statements: statements.length } };
}
