import { MigrationError, displayName, publishStatements, workingTable } from '@hiveferry/core';
import type { TableName } from '@hiveferry/core';
import { isKnownToBeThere } from './ensure-target-is-free.ts';
import { executeAll, inSession } from './hive-statements.ts';
import type { RowStep } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Gives the managed table of an attempt its final name, by one statement of Hive, which moves its directory too. Hive refuses the name of a
 * table that is gone, and one that is taken; so a second rename, however late, changes nothing (measured, 4.0.1 and 3.1.3, also at once).
 * Faults: TARGET_APPEARED, TARGET_NOT_EMPTY, ROWS_GONE.
 *
 * @returns false when an earlier attempt did it
 */
export async function publishTable(context: StepContext, { plan, rows }: RowStep, attempt: string): Promise<boolean> {
  const working = workingTable(rows, attempt);
  const names = { from: { database: working.database, table: working.name }, to: plan.target };
  const before = await standing(context, names);
  if (!before.from) return publishedBefore(names, before);
  if (before.to) throw taken(names);
  try {
    await inSession(context, (session) => executeAll(context, session, publishStatements(rows, attempt)));
    return true;
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'HIVE_STATEMENT_FAILED') throw error;
    // Another executor's rename may have been on its way.
    const now = await standing(context, names);
    if (!now.from) return publishedBefore(names, now);
    if (now.to) throw taken(names);
    if (await isKnownToBeThere(context, rows.destination)) throw blocked(names, rows.destination);
    throw error;
  }
}

interface Names {
  readonly from: TableName;
  readonly to: TableName;
}

async function standing({ target }: StepContext, { from, to }: Names): Promise<Record<keyof Names, boolean>> {
  const isThere = async ({ database, table }: TableName): Promise<boolean> => (await target.metastore.tables(database, [table])).length > 0;
  return { from: await isThere(from), to: await isThere(to) };
}

/** Nobody else drops or renames a table of that name. */
function publishedBefore(names: Names, now: Record<keyof Names, boolean>): false {
  if (now.to) return false;
  const subject = displayName(names.to);
  const message = `${subject}: the inserted rows are neither in ${displayName(names.from)} nor in the table itself: somebody removed them. Plan and execute again.`;
  throw new MigrationError('ROWS_GONE', message, { category: 'conflict', retry: 'operator', subject });
}

function taken({ from, to }: Names): MigrationError {
  const subject = displayName(to);
  const message = `${subject} came on the target while its rows were inserted into ${displayName(from)}. Drop or rename it there, then resume; or plan again.`;
  return new MigrationError('TARGET_APPEARED', message, { category: 'conflict', retry: 'operator', subject });
}

function blocked({ from, to }: Names, directory: string): MigrationError {
  const subject = displayName(to);
  const message =
    `${subject}: ${displayName(from)} cannot get its name, since ${directory} is there and belongs to no table. ` +
    `Move it away, then resume; if the metastore went down during the rename it holds the rows: move it back to where ${displayName(from)} lies.`;
  return new MigrationError('TARGET_NOT_EMPTY', message, { category: 'conflict', retry: 'operator', subject });
}
