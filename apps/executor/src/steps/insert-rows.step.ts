import { attemptTables, insertSettings, insertStatements } from '@hiveferry/core';
import type { AttemptTables, InsertMove } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { executeAll, inSessionOf } from './hive-statements.ts';
import { ensureInsertedPartitions, ensureSourceIsUnchanged, shadowPartitions, stateOfSource } from './inserted-partitions.ts';
import { insertOfStep, nameOfAttempt, placeOfRows, removeAttempts, resultOfAttempt } from './row-attempt.ts';
import type { RowStep } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Hive of the target reads the source through a shadow table and inserts into a working table, whose directory is hidden beside the place
 * where it will be published, or which is managed, in the working database. Runs twice because each attempt has tables and a directory of its own; one that fails removes them, also
 * when it lost its lease. Faults: SOURCE_CHANGING, SOURCE_METADATA_CHANGED, ROWS_ELSEWHERE, and those of Hive.
 */
export async function insertRows(context: StepContext): Promise<StepOutcome> {
  const step = await insertOfStep(context);
  const names = nameOfAttempt(context);
  const transferredTo = step.rows.transfer === undefined ? undefined : (await resultOfAttempt(context, 'transfer-rows')).location;
  const tables = attemptTables(step.rows, names.attempt, transferredTo);
  try {
    await insert(context, step, tables);
    await ensureInsertedPartitions(context, step.plan, tables.working);
    return { result: { ...names, location: await placeOfRows(context, tables.working) } };
  } catch (error) {
    await removeAttempts(context.target, [tables.shadow, tables.working], names.stem).catch(() => undefined);
    throw error;
  }
}

async function insert(context: StepContext, { plan, rows }: RowStep<InsertMove>, tables: AttemptTables): Promise<void> {
  const statements = insertStatements(tables);
  const creates = statements.filter(({ purpose }) => purpose !== 'insert-rows');
  const inserts = statements.filter(({ purpose }) => purpose === 'insert-rows');
  // A transfer table is this run's alone; its partition columns are columns.
  const isRead = rows.transfer === undefined;
  const before = isRead ? await stateOfSource(context, plan) : undefined;
  await inSessionOf(context.target, insertSettings(plan.partitions.length), async (session) => {
    await executeAll(context, session, creates);
    if (isRead && plan.partitions.length > 0) await attach(context, plan, tables);
    await executeAll(context, session, inserts);
  });
  if (before !== undefined) await ensureSourceIsUnchanged(context, plan, before);
}

async function attach(context: StepContext, plan: RowStep['plan'], { shadow }: AttemptTables): Promise<void> {
  const partitions = await shadowPartitions(context, plan);
  await context.renew();
  await context.target.metastoreWriter.addPartitions({ database: shadow.database, table: shadow.name, partitions });
}
