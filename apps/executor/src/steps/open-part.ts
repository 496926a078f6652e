import { MigrationError, displayName, openRelocation } from '@hiveferry/core';
import type { Finding, OpenRelocation, TablePlan } from '@hiveferry/core';
import { readTarget } from './read-back.ts';
import type { StepContext } from './step-handler.ts';

/** What is still to be done for a table that moves. @throws MigrationError TABLE_CHANGED when it is not what it was when it was planned */
export async function openPart(context: StepContext, plan: TablePlan): Promise<OpenRelocation> {
  const open = openRelocation(plan, await readTarget(context, plan));
  if (open.changed.length > 0) throw changed(plan, open.changed);
  return open;
}

function changed(plan: TablePlan, findings: readonly Finding[]): MigrationError {
  const subject = displayName(plan.target);
  const [first] = findings;
  const found = first === undefined ? '' : `${first.code} ${first.subject}: expected ${first.expected}, found ${first.found}`;
  const more = findings.length > 1 ? ` and ${String(findings.length - 1)} more` : '';
  const message = `${subject} is not what it was when it was planned (${found}${more}). It was left as it is: plan and execute again.`;
  const detail = { findings: findings.slice(0, 5) };
  return new MigrationError('TABLE_CHANGED', message, { category: 'conflict', retry: 'operator', subject, detail });
}
