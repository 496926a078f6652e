import { MigrationError, displayName, parseLocation } from '@hiveferry/core';
import type { Location, TablePlan } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { publishTable } from './publish-table.ts';
import { kindOfWork, resultOfAttempt, rowsOfStep } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Gives the directory of the attempt that was reported its place, or its managed table the final name, by one rename. Runs twice, and may
 * come too late, because nobody else has a directory or table of that name: when it is gone, it was renamed, and a second rename finds
 * nothing. Faults: TARGET_NOT_EMPTY, TARGET_APPEARED, ROWS_GONE.
 */
export async function publish(context: StepContext): Promise<StepOutcome> {
  const step = await rowsOfStep(context);
  const { plan, rows } = step;
  const result = await resultOfAttempt(context, kindOfWork(rows));
  if ('publishedAs' in rows.working)
    return { result: { to: displayName(rows.working.publishedAs), isRenamed: await publishTable(context, step, result.attempt) } };
  const from = parseLocation(result.location);
  if (from === undefined) throw gone(plan, result.location);
  const isRenamed = await rename(context, { plan, from, to: rows.destination });
  return { result: { from, to: rows.destination, isRenamed } };
}

interface Rename {
  readonly plan: TablePlan;
  readonly from: Location;
  readonly to: Location;
}

/** @returns false when an earlier attempt did it */
async function rename(context: StepContext, { plan, from, to }: Rename): Promise<boolean> {
  const { files } = context.target;
  await context.renew();
  try {
    await files.rename(from, to);
    return true;
  } catch (error) {
    if (isFault(error, 'FILE_EXISTS')) throw taken(plan, to);
    if (!isFault(error, 'FILE_NOT_FOUND')) throw error;
  }
  if ((await files.status(to)) === undefined) throw gone(plan, from);
  return false;
}

function isFault(error: unknown, code: string): boolean {
  return error instanceof MigrationError && error.code === code;
}

function taken(plan: TablePlan, to: Location): MigrationError {
  const subject = displayName(plan.target);
  const message = `${subject}: ${to} holds files that came while the rows were brought here. Move them away, then resume; or map the table elsewhere and plan again.`;
  return new MigrationError('TARGET_NOT_EMPTY', message, { category: 'conflict', retry: 'operator', subject });
}

function gone(plan: TablePlan, from: string): MigrationError {
  const subject = displayName(plan.target);
  const message = `${subject}: the rows are neither at ${from} nor at their place: somebody removed them. Plan and execute again.`;
  return new MigrationError('ROWS_GONE', message, { category: 'conflict', retry: 'operator', subject });
}
