import { importStatements, insertSettings, workingTable } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { executeAll, inSessionOf } from './hive-statements.ts';
import { ensureImportedPartitions } from './inserted-partitions.ts';
import { exportOfStep, nameOfAttempt, placeOfRows, removeAttempts, resultOfAttempt } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Hive of the target imports what the accepted attempt exported, into a working table of this attempt, whose directory is hidden beside the
 * place where it will be published, or which is managed, in the working database. Runs twice because Hive imports into no table that is
 * there (10118, 10119, 10120) and each attempt has one of its own; one that fails removes it, also when it lost its lease. Faults:
 * SOURCE_METADATA_CHANGED, and those of Hive.
 */
export async function importTable(context: StepContext): Promise<StepOutcome> {
  const { plan, rows } = await exportOfStep(context);
  const exported = await resultOfAttempt(context, 'export-table');
  const names = nameOfAttempt(context);
  const working = workingTable(rows, names.attempt);
  try {
    await inSessionOf(context.target, insertSettings(plan.partitions.length), (session) =>
      executeAll(context, session, importStatements(rows, names.attempt, exported.location)),
    );
    await ensureImportedPartitions(context, plan, working);
    return { result: { ...names, location: await placeOfRows(context, working) } };
  } catch (error) {
    await removeAttempts(context.target, [working], names.stem).catch(() => undefined);
    throw error;
  }
}
