import { compareFiles } from '@hiveferry/core';
import type { OpenRelocation, TablePlan } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { changedSince } from './changed-roots.ts';
import { executeAll, inSession } from './hive-statements.ts';
import { openPart } from './open-part.ts';
import { moveInSlices } from './move-in-slices.ts';
import { compareWithTarget } from './read-back.ts';
import { planOfStep, sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Points a table at its copied files: its partitions first, the table last, so that it holds all its rows at each moment. Only when what was
 * measured at both places is equal, nobody wrote to the old one since, and each part lies at its old place or at its new one. Runs twice, and
 * may come too late, because it says nothing else than the planned place, looks first, and leaves what lies there already; ends by reading
 * the table back. Where files differ it leaves the table where it is, and the verification names them. Faults: TABLE_CHANGED, READ_BACK_DIFFERS.
 */
export async function relocate(context: StepContext): Promise<StepOutcome> {
  const { plan } = await planOfStep(context);
  const open = await openPart(context, plan);
  if (open.partitions.length + open.statements.length === 0) return { result: { partitions: 0, statements: 0 } };
  const reason = await whyNot(context, plan);
  if (reason !== undefined) return { result: { partitions: 0, statements: 0, skipped: reason } };
  await movePartitions(context, plan, open);
  await inSession(context, (session) => executeAll(context, session, open.statements));
  await compareWithTarget(context, plan, 'partitions');
  return { result: { partitions: open.partitions.length, statements: open.statements.length } };
}

async function movePartitions(context: StepContext, plan: TablePlan, { partitions }: OpenRelocation): Promise<void> {
  const moves = partitions.map(({ name, source: from, target: to }) => ({ name, from, to }));
  await moveInSlices(context, plan, moves);
}

/** @returns why the table may not be pointed at its copies, undefined when it may */
async function whyNot(context: StepContext, plan: TablePlan): Promise<string | undefined> {
  const { runId, target } = context.step;
  const measured = await context.store.measurements({ runId, target, source: sourceTableOf(context) });
  if (measured.source === undefined || measured.target === undefined) return 'its files were not measured';
  const { files, checksums } = compareFiles(plan, measured.source, measured.target);
  const [first] = plan.proof === 'files' ? files : [...files, ...checksums];
  if (first !== undefined) return `files differ: ${first.code} ${first.subject}`;
  const written = await changedSince(context, plan, measured.source);
  return written.length === 0 ? undefined : `files of the old place were written since they were compared: ${written.join(', ')}`;
}
