import { MigrationError, copyLimits, copyRootsOf, displayName } from '@hiveferry/core';
import type { CopyJob, CopyRoot, FileFact, TablePlan } from '@hiveferry/core';
import type { DistCpOutcome, StepOutcome, StepWait } from '@hiveferry/ports';
import { listFiles, listingDigest } from './list-files.ts';
import { openPart } from './open-part.ts';
import { payloadOf, planOfStep, sourceTableOf } from './step-handler.ts';
import type { EndingContext, StepContext } from './step-handler.ts';
import { withinSlots } from './within-slots.ts';
import { withinWindow } from './within-window.ts';

const MAX_ROUNDS = 3;

/**
 * Copies one job by DistCp, again when the source changed meanwhile, three rounds at most. Runs twice by `-update`: what is there and
 * equal is skipped; a job that an earlier attempt left running is ended or waited for by the adapter. Outside of the time window of the
 * request, or while its slots are taken, it waits; when the window closes, the job is ended, and the next window goes on by `-update`.
 * Faults: SOURCE_CHANGING, and those of DistCp.
 */
export async function copy(context: StepContext): Promise<StepOutcome | StepWait> {
  return await withinWindow(context, (inside) => withinSlots(inside, copyJob));
}

async function copyJob(context: StepContext): Promise<StepOutcome> {
  const { job } = payloadOf(context, 'copy');
  const { plan } = await planOfStep(context);
  // What readers and writers use is never copied over.
  if (plan.relocation !== undefined && (await openPart(context, plan)).hasBegun)
    return { result: { skipped: 'the table lies there already' } };
  const root = rootOf(plan, job);
  let before = await listFiles(context.source.files, root, { side: 'source', signal: context.signal });
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    await context.renew();
    const outcome = await runDistCp(context, { plan, job, round });
    const after = await listFiles(context.source.files, root, { side: 'source', signal: context.signal });
    if (listingDigest(before) === listingDigest(after)) {
      await makeEmptyTarget(context, job);
      return { result: resultOf(outcome, { round, files: after }) };
    }
    before = after;
  }
  throw sourceChanging(plan, job);
}

/** Ends what any attempt began: nothing writes to the target afterwards. Runs twice, since what has ended stays so. */
export async function endCopy(context: EndingContext): Promise<void> {
  const { step, target, signal, timeLeft } = context;
  const { job } = payloadOf(context, 'copy');
  const executor = step.side === 'source' ? context.source : target;
  const subject = displayName(sourceTableOf(context));
  await executor.distcp.end({ stepId: step.stepId, subject, job, targetFiles: target.files, signal, timeLeft });
}

function runDistCp(
  context: StepContext,
  { plan, job, round }: { readonly plan: TablePlan; readonly job: CopyJob; readonly round: number },
): Promise<DistCpOutcome> {
  const { step, target, signal, timeLeft, onProgress } = context;
  const { flow: _flow, slots: _slots, maxMappers: _mappers, maxMbPerSecond: _bandwidth, window: _window, ...link } = step.spec.distcp;
  const limits = copyLimits(step.spec.distcp, plan.copySizes?.[job.id]);
  // The block size of the target, whoever copies: a pushing DistCp would take its own.
  const { blockSizeBytes } = target.facts;
  const executor = step.side === 'source' ? context.source : target;
  return executor.distcp.run({
    stepId: step.stepId,
    attempt: step.attempt,
    round,
    subject: displayName(plan.source),
    job,
    signal,
    timeLeft,
    onProgress,
    targetFiles: target.files,
    link: { ...link, ...limits },
    ...(blockSizeBytes !== undefined && { blockSizeBytes }),
  });
}

/** DistCp makes no target for an empty source directory. */
async function makeEmptyTarget(context: StepContext, job: CopyJob): Promise<void> {
  if ((await context.target.files.status(job.target)) !== undefined) return;
  await context.renew();
  await context.target.files.makeDirectory(job.target);
}

function resultOf(
  { counters, logFile, durationMs, argv }: DistCpOutcome,
  { round, files }: { readonly round: number; readonly files: readonly FileFact[] },
): Readonly<Record<string, unknown>> {
  const sourceBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    ...counters,
    rounds: round,
    durationMs,
    logFile,
    argv,
    sourceFiles: files.length,
    sourceBytes,
    sourceDigest: listingDigest(files),
  };
}

function rootOf(plan: TablePlan, job: CopyJob): CopyRoot {
  const root = copyRootsOf(plan).find(({ id }) => id === job.id);
  if (root !== undefined) return root;
  throw new MigrationError('COPY_ROOT_UNKNOWN', `${displayName(plan.source)}: job ${job.id} fills no root of the plan`, {
    category: 'defect',
    retry: 'never',
    subject: displayName(plan.source),
  });
}

function sourceChanging(plan: TablePlan, job: CopyJob): MigrationError {
  const subject = displayName(plan.source);
  return new MigrationError(
    'SOURCE_CHANGING',
    `${subject}: the source of ${job.id} changed during each of ${String(MAX_ROUNDS)} copies; stop its writers, then resume`,
    {
      category: 'conflict',
      retry: 'operator',
      subject,
      detail: { job: job.id, rounds: MAX_ROUNDS },
    },
  );
}
