import { MigrationError, displayName, dropForbidden } from '@hiveferry/core';
import type { Table, TablePlan } from '@hiveferry/core';
import type { StepContext } from './step-handler.ts';

/**
 * The last look before something of the target is dropped from the metastore: since the plan its table may have come to own its files, or
 * may be another one. Fault TARGET_CHANGED.
 */
export function ensureNoFilesGo(plan: TablePlan, standing: Table): void {
  const reason = dropForbidden(plan, standing);
  if (reason === undefined) return;
  const subject = displayName(plan.target);
  const message = `${subject} ${reason} on the target now; when it was planned it was a copy whose files a DROP leaves alone. Plan again.`;
  throw new MigrationError('TARGET_CHANGED', message, { category: 'conflict', retry: 'operator', subject, detail: { reason } });
}

/** The same, for a table that is to be written to or looked at by its name: one that is gone hurts nobody. */
export async function ensureStillOurs({ target }: StepContext, plan: TablePlan): Promise<void> {
  const [standing] = await target.metastore.tables(plan.target.database, [plan.target.table]);
  if (standing !== undefined) ensureNoFilesGo(plan, standing);
}
