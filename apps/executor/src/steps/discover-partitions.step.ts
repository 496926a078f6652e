import { MigrationError, differingPartitions, displayName } from '@hiveferry/core';
import type { PlannedPartition, TablePlan } from '@hiveferry/core';
import type { FileStore, StepOutcome } from '@hiveferry/ports';
import { addPartitions } from './attach-partitions.step.ts';
import { executeAll, inSessionOf } from './hive-statements.ts';
import { readTarget } from './read-back.ts';
import { payloadOf, planOfStep, sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** A directory that is named like no partition is passed over: with `throw`, Hive's default, it makes the whole statement fail. */
const MSCK_SETTINGS = { 'hive.msck.path.validation': 'skip' };

const SHOWN = 20;

/**
 * MSCK and `discover.partitions`, once the table is proved: both drop what has no directory. So all directories are looked for first, and the
 * partitions are read back after it; one that went all the same is attached again. What discovery attached is told, and judged by the
 * verification that follows. Runs twice because both statements do. Faults: PARTITIONS_WITHOUT_DIRECTORY, PARTITIONS_LOST.
 */
export async function discoverPartitions(context: StepContext): Promise<StepOutcome> {
  const { statements } = payloadOf(context, 'discover-partitions');
  const { plan } = await planOfStep(context);
  if (!(await isProved(context))) return { result: { statements: 0, skipped: 'the table is not proved' } };
  await ensureDirectories(context, plan);
  await inSessionOf(context.target, MSCK_SETTINGS, (session) => executeAll(context, session, statements));
  const attached = await ensureNoneIsLost(context, plan);
  return { result: { statements: statements.length, attached: attached.length, examples: attached.slice(0, SHOWN) } };
}

async function isProved(context: StepContext): Promise<boolean> {
  const { runId, target } = context.step;
  const results = await context.store.results({ runId, target, source: sourceTableOf(context) }, 'verify');
  return results.get('verify-before-discovery')?.['verdict'] === 'VERIFIED';
}

async function ensureDirectories(context: StepContext, plan: TablePlan): Promise<void> {
  const files = filesOf(context, plan);
  const missing: PlannedPartition[] = [];
  for (const partition of plan.partitions) {
    context.signal.throwIfAborted();
    if ((await files.status(partition.target)) === undefined) missing.push(partition);
  }
  const [first] = missing;
  if (first === undefined) return;
  const message =
    `${displayName(plan.target)}: ${String(missing.length)} partitions have no directory, first ${first.name} at ${first.target}: discovery ` +
    'would drop them. Make the directories, then resume; or plan without partitionDiscovery.';
  throw conflict(plan, 'PARTITIONS_WITHOUT_DIRECTORY', { message, partitions: missing.map(({ name }) => name) });
}

/** Files that are shared are read where the source keeps them. */
function filesOf({ source, target }: StepContext, { copyJobs, rows }: TablePlan): FileStore {
  return copyJobs.length === 0 && rows === undefined ? source.files : target.files;
}

/** @returns names of partitions that discovery attached */
async function ensureNoneIsLost(context: StepContext, plan: TablePlan): Promise<readonly string[]> {
  const { foundPartitions } = await readTarget(context, plan);
  const { missing, unexpected } = differingPartitions(plan, foundPartitions);
  if (missing.length === 0) return unexpected;
  const lost = new Set(missing);
  await addPartitions(
    context,
    plan,
    plan.partitions.filter(({ name }) => lost.has(name)),
  );
  const message =
    `${displayName(plan.target)}: discovery dropped ${String(missing.length)} partitions, first ${missing[0] ?? ''}, and they were attached again: ` +
    'their directories went at that moment. Bring them back, then resume; or plan without partitionDiscovery.';
  throw conflict(plan, 'PARTITIONS_LOST', { message, partitions: missing });
}

function conflict(
  plan: TablePlan,
  code: string,
  { message, partitions }: { readonly message: string; readonly partitions: readonly string[] },
): MigrationError {
  const detail = { count: partitions.length, examples: partitions.slice(0, SHOWN) };
  return new MigrationError(code, message, { category: 'conflict', retry: 'operator', subject: displayName(plan.target), detail });
}
