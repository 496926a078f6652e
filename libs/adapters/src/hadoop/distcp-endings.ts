import { basename, resolve } from 'node:path';
import { MigrationError } from '@hiveferry/core';
import type { DistCpEnding, DistCpRequest, FileStore } from '@hiveferry/ports';
import { removeTemporaryFiles, reportIn } from './distcp-traces.ts';
import type { HadoopCommand } from './hadoop-command.ts';
import { endGroup, isAlive } from './process-groups.ts';
import type { ChildLock } from './supervised-child.ts';
import { exitOf, readLock, removeLock } from './supervised-child.ts';
import { createYarnApplications } from './yarn-applications.ts';
import type { YarnPatience } from './yarn-applications.ts';

export interface DistCpOptions {
  readonly hadoop: HadoopCommand;
  /** File system of the own cluster, where the target is when the request says no other: makes targets of empty sources, removes what a killed attempt left. */
  readonly files: FileStore;
  /** Local folder for `<step>/<attempt>-<round>/`: arguments, filters, log and exit code of each run. Kept. */
  readonly workDirectory: string;
  readonly queue?: string;
  /** Between SIGTERM and SIGKILL. @default 10000 */
  readonly graceMs?: number;
  /** Path on the target's HDFS for DistCp's own logs, one directory a run, removed after a success. @default /tmp/hiveferry */
  readonly remoteLogPath?: string;
  readonly yarn?: YarnPatience;
}

/** 128 and the number of the signal; DistCp's own codes are above, 252 to 255. */
export const wasSignalled = (exitCode: number): boolean => exitCode > 128 && exitCode <= 128 + 64;

export interface Running {
  readonly stepDirectory: string;
  readonly lock: ChildLock;
}

export function stepDirectoryOf({ workDirectory }: DistCpOptions, { stepId }: DistCpEnding): string {
  return resolve(workDirectory, stepId);
}

/** A pushing cluster writes to another one's file system. */
export function targetFiles(options: DistCpOptions, request: DistCpEnding): FileStore {
  return request.targetFiles ?? options.files;
}

/** What an earlier attempt began on this host: it ended with its claim, and what it left is removed. */
export async function endEarlier(options: DistCpOptions, request: DistCpEnding): Promise<void> {
  const stepDirectory = stepDirectoryOf(options, request);
  const lock = await readLock(stepDirectory);
  if (lock === undefined) return;
  const end = (await isAlive(lock)) ? undefined : await exitOf(lock);
  if (end === undefined || wasSignalled(end.exitCode)) await clear(options, request, { stepDirectory, lock });
  else await removeLock(stepDirectory);
}

/** The lock stays until nothing is left of the job: whoever finds it begins here. */
export async function clear(options: DistCpOptions, request: DistCpEnding, { stepDirectory, lock }: Running): Promise<void> {
  await known(request, async () => {
    await endGroup(lock, Math.min(options.graceMs ?? 10_000, request.timeLeft().killInMs));
    await removeTraces(options, request, lock);
  });
  await removeLock(stepDirectory);
}

/**
 * After a job that did not end by itself: what it began on YARN is ended, and its temporary files are removed. Without a job in the log
 * YARN is asked, since a client that is killed may have submitted and not said so. Nothing of another attempt is touched: by now it may run.
 */
export async function removeTraces(options: DistCpOptions, request: DistCpEnding, lock: ChildLock): Promise<void> {
  const { jobId, applicationId } = await reportIn(lock.directory);
  const yarn = createYarnApplications(options.hadoop, options.yarn);
  await known(request, async () => {
    if (applicationId !== undefined) await yarn.end(applicationId);
    else if (jobId === undefined) for (const each of await yarn.running(attemptTagOf(request, lock))) await yarn.end(each);
  });
  if (jobId !== undefined) await removeTemporaryFiles(targetFiles(options, request), request.job, jobId);
}

/** The second tag of the run, which lies in `<attempt>-<round>`. */
function attemptTagOf({ stepId }: DistCpEnding, { directory }: ChildLock): string {
  return `hiveferry-${stepId}-${basename(directory).split('-')[0] ?? ''}`;
}

/**
 * What an executor on another host began, or one here whose lock is gone: its client ended with its claim, but a job on YARN goes on.
 * It is waited for, since `-update` then finds its work, and ended when this step is.
 */
export async function outlastOthers(options: DistCpOptions, request: DistCpRequest): Promise<void> {
  const { stepId, attempt, round, signal, job } = request;
  if (attempt === 1 || round > 1) return;
  const lock = await readLock(stepDirectoryOf(options, request));
  if (lock !== undefined) await endGroup(lock, options.graceMs ?? 10_000);
  const yarn = createYarnApplications(options.hadoop, options.yarn);
  await known(request, async () => {
    for (const application of await yarn.running(`hiveferry-${stepId}`, signal)) {
      await yarn.waitFor(application, signal);
      if (signal?.aborted === true) await yarn.end(application);
    }
  });
  // Nobody else fills the target of a pair.
  if (job.kind === 'pair') await removeTemporaryFiles(targetFiles(options, request), job);
}

/** All that any attempt began, for a step that is given up. */
export async function endAll(options: DistCpOptions, ending: DistCpEnding): Promise<void> {
  const { stepId, signal, job } = ending;
  await endEarlier(options, ending);
  const yarn = createYarnApplications(options.hadoop, options.yarn);
  await known(ending, async () => {
    for (const application of await yarn.running(`hiveferry-${stepId}`, signal)) await yarn.end(application, signal);
  });
  if (job.kind === 'pair') await removeTemporaryFiles(targetFiles(options, ending), job);
}

/** Whoever hears of a fault in here must not think that nothing runs. */
async function known(request: DistCpEnding, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw mayRun(request, cause);
  }
}

function mayRun({ subject }: DistCpEnding, cause: unknown): MigrationError {
  if (cause instanceof MigrationError) {
    const { code, message, category, retry, detail } = cause;
    return new MigrationError(code, message, { category, retry, subject: cause.subject, detail: { ...detail, mayRun: true }, cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${subject}: an earlier DistCp of it may still run: it could not be looked for or ended (${why}). It is tried again.`;
  return new MigrationError('DISTCP_NOT_ENDED', message, {
    category: 'environment',
    retry: 'later',
    subject,
    detail: { mayRun: true },
    cause,
  });
}
