import type { CopySize, PlannedCopy, TransferForm, TransferSettings } from '../model/transfer.ts';
import { NOTHING, sumOf } from './copy-sizes.ts';
import { limitsOf } from './link-budget.ts';
import type { JobLimits } from './link-budget.ts';
import { windowSeconds } from './time-window.ts';

const MB = 1024 ** 2;

/** What of a job decides how long it takes. */
export interface TimedJob {
  readonly form: TransferForm;
  readonly copies: readonly Pick<PlannedCopy, 'size'>[];
  /** What a copy of unknown size counts as. */
  readonly assumed: CopySize;
}

/** How hard a job works: by all that one DistCp copies, or by the largest of those that it runs in turn. */
export function limitsOfJob(job: TimedJob, settings: TransferSettings): JobLimits {
  if (job.copies.some(({ size }) => size === undefined)) return limitsOf(undefined, settings);
  const sizes = sizesOf(job);
  const size = job.form.kind === 'sequence' ? sizes.reduce((a, b) => (b.bytes > a.bytes ? b : a), NOTHING) : sumOf(sizes);
  return limitsOf(size, settings);
}

/** Start-up, listing, then files and bytes over the mappers. */
export function secondsOf(job: TimedJob, settings: TransferSettings): number {
  const { startUpSeconds, nextCopySeconds } = settings.assumptions;
  const limits = limitsOfJob(job, settings);
  const sizes = sizesOf(job);
  if (job.form.kind !== 'sequence') return startUpSeconds + workSeconds(sumOf(sizes), limits, settings);
  const next = settings.packing === 'shared-jvm' ? nextCopySeconds : startUpSeconds;
  const work = sizes.reduce((seconds, size) => seconds + workSeconds(size, limits, settings), 0);
  return startUpSeconds + (sizes.length - 1) * next + work;
}

/** What it costs to go on with a job in the next window: start, and a listing of everything, since `-update` looks at each file. */
export function restartSeconds({ files }: CopySize, { assumptions, window }: TransferSettings): number {
  const seconds = assumptions.startUpSeconds + files * assumptions.listSecondsPerFile;
  // A window that is spent on looking would never end the job.
  return window === undefined ? seconds : Math.min(seconds, windowSeconds(window) / 2);
}

function sizesOf({ copies, assumed }: TimedJob): readonly CopySize[] {
  return copies.map(({ size }) => size ?? assumed);
}

/** Without the start. A mapper takes one file at least. */
function workSeconds({ bytes, files }: CopySize, limits: JobLimits, { assumptions }: TransferSettings): number {
  const mappers = Math.max(1, Math.min(limits.mappers, files));
  const rate = Math.min(assumptions.mbPerSecondPerMapper, limits.bandwidthMbPerMapper ?? assumptions.mbPerSecondPerMapper);
  return files * assumptions.listSecondsPerFile + (files * assumptions.copySecondsPerFile) / mappers + bytes / MB / (mappers * rate);
}
