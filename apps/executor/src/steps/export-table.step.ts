import { exportOfAttempt, exportStatements, exportsOfStep, insertSettings } from '@hiveferry/core';
import type { ExportMove, Location } from '@hiveferry/core';
import type { FileStore, StepOutcome } from '@hiveferry/ports';
import { executeAll, inSessionOf } from './hive-statements.ts';
import { ensureSourceIsUnchanged, stateOfSource } from './inserted-partitions.ts';
import { exportOfStep, nameOfAttempt } from './row-attempt.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Hive of the source exports the table, its files and its definition, to a hidden directory, where the target reads it. Runs twice because
 * each attempt has a directory of its own; one that fails removes it, also when it lost its lease. Faults: SOURCE_CHANGING, and those of Hive.
 */
export async function exportTable(context: StepContext): Promise<StepOutcome> {
  const { plan, rows } = await exportOfStep(context);
  const names = nameOfAttempt(context);
  const location = exportOfAttempt(rows, names);
  const isWatched = rows.exports.files !== undefined;
  const before = isWatched ? await stateOfSource(context, plan) : undefined;
  try {
    // The export of a full ACID table is an INSERT by dynamic partitions.
    await inSessionOf(context.source, insertSettings(plan.partitions.length), (session) =>
      executeAll(context, session, exportStatements(plan.source, location)),
    );
    if (before !== undefined) await ensureSourceIsUnchanged(context, plan, before);
    return { result: { ...names, location } };
  } catch (error) {
    await removeOwn(context, { rows, location, all: exportsOfStep(rows, names.stem) }).catch(() => undefined);
    throw error;
  }
}

interface OwnExport {
  readonly rows: ExportMove;
  readonly location: Location;
  /** Holds those of other attempts too. */
  readonly all: Location;
}

/** What holds the directories of all attempts goes only while the lease lasts, cancelled or not: nobody else can have one then. */
async function removeOwn(context: StepContext, { rows, location, all }: OwnExport): Promise<void> {
  const files = filesOfExports(context, rows);
  await files.remove(location);
  if (context.timeLeft().endInMs > 0) await files.remove(all);
}

/** The file systems that exports lie on. */
export function filesOfExports({ source, target }: Pick<StepContext, 'source' | 'target'>, { exports }: ExportMove): FileStore {
  return exports.side === 'source' ? source.files : target.files;
}
