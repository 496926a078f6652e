import { MigrationError, displayName } from '@hiveferry/core';
import type { TablePlan } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { compareListings } from './compare-listings.ts';
import { executeAll, inSession } from './hive-statements.ts';
import { linkedNow } from './linked-places.ts';
import type { LinkedNow } from './linked-places.ts';
import { moveInSlices } from './move-in-slices.ts';
import { readTarget } from './read-back.ts';
import { payloadOf, planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Turns a table of the target, and its partitions, from the files of the source to the same files at its own place. Whoever reads meanwhile
 * reads the same rows at either: both are listed right before. Runs twice, and may come too late, because only what still points at the
 * source is turned, and always to the one place of the plan; ends by reading all places back.
 *
 * Faults: FILES_DIFFER, TARGET_CHANGED, READ_BACK_DIFFERS.
 */
export async function convertLink(context: StepContext): Promise<StepOutcome> {
  const { statements } = payloadOf(context, 'convert-link');
  const { plan } = await planOfStep(context);
  await ensureSameFiles(context, plan);
  const { table, partitions } = linkedNow(plan, await readTarget(context, plan));
  await moveInSlices(context, plan, partitions);
  if (table) await inSession(context, (session) => executeAll(context, session, statements));
  ensureTurned(plan, linkedNow(plan, await readTarget(context, plan)));
  return { result: { table, partitions: partitions.length } };
}

/** Also when somebody confirmed them: a link that works is not given up for files that are not there. */
async function ensureSameFiles(context: StepContext, plan: TablePlan): Promise<void> {
  const { files, missing, surplus } = await compareListings(context, plan);
  if (missing.length + surplus.length === 0) return;
  const subject = displayName(plan.target);
  const examples = [...missing, ...surplus].slice(0, 3);
  const message =
    `${subject}: ${String(files - missing.length)} of the ${String(files)} files of the source are at its own place with their sizes, ` +
    `and ${String(surplus.length)} others are there, first ${examples.join(', ')}. It still points at the source, and nothing was changed. ` +
    'Bring the files, then resume; where the source went on since the copy, plan and execute again.';
  throw new MigrationError('FILES_DIFFER', message, {
    category: 'conflict',
    retry: 'operator',
    subject,
    detail: { missing: missing.length, surplus: surplus.length, examples },
  });
}

/** "OK" of a server is no proof. */
function ensureTurned(plan: TablePlan, { table, partitions }: LinkedNow): void {
  if (!table && partitions.length === 0) return;
  const subject = displayName(plan.target);
  const left = [...(table ? ['the table'] : []), ...partitions.slice(0, 5).map(({ name }) => name)];
  const message = `${subject} still points at the files of the source after the statement: ${left.join(', ')}. Look at the metastore of the target, then resume.`;
  throw new MigrationError('READ_BACK_DIFFERS', message, { category: 'conflict', retry: 'operator', subject, detail: { left } });
}
