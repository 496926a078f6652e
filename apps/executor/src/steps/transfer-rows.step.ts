import { TRANSFER_DATABASE, attemptTables, insertSettings, transferDatabaseStatements, transferStatements } from '@hiveferry/core';
import type { PlannedStatement } from '@hiveferry/core';
import type { HiveSession, StepOutcome } from '@hiveferry/ports';
import { executeAll, inSessionOf } from './hive-statements.ts';
import { insertOfStep, nameOfAttempt, placeOf, removeAttempts } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

/** Another table's clean-up may remove the database between its making and its use. */
const DATABASE_TRIES = 5;

/**
 * The source writes the rows of a transactional table once more, without transactions, where the target can read them: one statement reads
 * one snapshot. Runs twice because each attempt has a table and a directory of its own; one that fails removes them, also when it lost its
 * lease.
 */
export async function transferRows(context: StepContext): Promise<StepOutcome> {
  const { plan, rows } = await insertOfStep(context);
  const { source } = context;
  const names = nameOfAttempt(context);
  const tables = attemptTables(rows, names.attempt);
  const [create, ...others] = transferStatements(tables, plan.source);
  try {
    await inSessionOf(source, insertSettings(plan.partitions.length), async (session) => {
      if (create !== undefined) await createInDatabase(context, session, create);
      await executeAll(context, session, others);
    });
    return { result: { ...names, location: placeOf(context, tables.transfer) } };
  } catch (error) {
    await removeAttempts(source, tables.transfer === undefined ? [] : [tables.transfer], names.stem).catch(() => undefined);
    throw error;
  }
}

async function createInDatabase(context: StepContext, session: HiveSession, create: PlannedStatement): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await context.renew();
      if (!(await isThere(context))) await session.execute(transferDatabaseStatements().create, { signal: context.signal });
      await executeAll(context, session, [create]);
      return;
    } catch (error) {
      if (attempt === DATABASE_TRIES || context.signal.aborted || (await isThere(context))) throw error;
    }
  }
}

async function isThere({ source }: StepContext): Promise<boolean> {
  return (await source.metastore.database(TRANSFER_DATABASE)) !== undefined;
}
