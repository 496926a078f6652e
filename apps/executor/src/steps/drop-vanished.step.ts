import { MigrationError, displayName, vanishedDropForbidden } from '@hiveferry/core';
import type { TablePlan, VanishedObject } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { executeAll, inSession } from './hive-statements.ts';
import { payloadOf, planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Drops from the metastore of the target what the source no longer has, and no file. Runs twice because it looks first: what is gone stays
 * gone, and what is not as it was planned, or stands at the source again, is left alone.
 *
 * Faults: SOURCE_HAS_TABLE, SOURCE_DATABASE_EMPTY, TARGET_CHANGED, READ_BACK_DIFFERS.
 */
export async function dropVanished(context: StepContext): Promise<StepOutcome> {
  const { statements } = payloadOf(context, 'drop-vanished');
  const { plan } = await planOfStep(context);
  const { vanished } = plan;
  if (vanished === undefined) throw notVanished(plan);
  await ensureGoneAtSource(context, plan);
  if (!(await stands(context, plan, vanished))) return { result: { dropped: false } };
  await inSession(context, (session) => executeAll(context, session, statements));
  if (await stands(context, plan, vanished)) throw stillThere(plan);
  return { result: { dropped: true } };
}

/** A source that lists nothing at all says nothing of this table either. */
async function ensureGoneAtSource({ source }: StepContext, { source: { database, table } }: TablePlan): Promise<void> {
  const subject = displayName({ database, table });
  const [again] = await source.metastore.tables(database, [table], { onUnreadable: () => undefined });
  const names = new Set<string>();
  for await (const page of source.metastore.tableNames(database)) for (const name of page) names.add(name);
  if (again !== undefined || names.has(table)) {
    const message = `${subject} stands at the source again; nothing was dropped on the target. Plan again.`;
    throw new MigrationError('SOURCE_HAS_TABLE', message, { category: 'conflict', retry: 'operator', subject });
  }
  if (names.size > 0) return;
  const message = `${subject}: the source shows no table of database ${database} at all; nothing was dropped on the target. Look whether the source can be read as it is, then resume.`;
  throw new MigrationError('SOURCE_DATABASE_EMPTY', message, { category: 'conflict', retry: 'operator', subject });
}

/** @throws MigrationError TARGET_CHANGED when something else stands there than was planned to be dropped */
async function stands({ target }: StepContext, plan: TablePlan, vanished: VanishedObject): Promise<boolean> {
  const [found] = await target.metastore.tables(plan.target.database, [plan.target.table]);
  if (found === undefined) return false;
  const reason = vanishedDropForbidden(vanished, found);
  if (reason === undefined) return true;
  const subject = displayName(plan.target);
  const message = `${subject} ${reason} on the target now: it is not what was planned to be dropped, and is left alone. Plan again.`;
  throw new MigrationError('TARGET_CHANGED', message, { category: 'conflict', retry: 'operator', subject, detail: { reason } });
}

function stillThere(plan: TablePlan): MigrationError {
  const subject = displayName(plan.target);
  const message = `${subject} stands on the target after its DROP. Look at the metastore there, then resume.`;
  return new MigrationError('READ_BACK_DIFFERS', message, { category: 'conflict', retry: 'operator', subject });
}

function notVanished(plan: TablePlan): MigrationError {
  const subject = displayName(plan.source);
  return new MigrationError('STEP_PAYLOAD_WRONG', `${subject}: its plan drops nothing`, { category: 'defect', retry: 'never', subject });
}
