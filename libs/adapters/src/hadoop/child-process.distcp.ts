import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { DistCpReport, Location } from '@hiveferry/core';
import {
  MigrationError,
  below,
  distCpFailure,
  distcpArguments,
  filterLines,
  isHdfs,
  lastSegment,
  listLines,
  locate,
  namespaceOf,
  parseDistCpOutput,
  partsOf,
  progressOf,
} from '@hiveferry/core';
import type { DistCp, DistCpOutcome, DistCpRequest, FileStore } from '@hiveferry/ports';
import { removeTemporaryFiles, reportIn, tellingLines } from './distcp-traces.ts';
import type { HadoopCommand } from './hadoop-command.ts';
import { commandNotFound } from './hadoop-command.ts';
import { endGroup, isAlive } from './process-groups.ts';
import type { ChildEnd, ChildLock } from './supervised-child.ts';
import { LOG_FILE, exitOf, makeEmptyDirectory, readLock, removeLock, startChild, waitForEnd } from './supervised-child.ts';
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
const wasSignalled = (exitCode: number): boolean => exitCode > 128 && exitCode <= 128 + 64;

/**
 * DistCp as a supervised child, one alive for each step. A child that outlived the service which started it is adopted: a later run
 * waits for it and takes its success as its own; after its failure it runs again. It outlives it no longer than the claim: on another
 * host nobody knows of it. A job on YARN outlives its client; it is found by its tag.
 */
export function createDistCp(options: DistCpOptions): DistCp {
  const running = new Map<string, Promise<unknown>>();
  return {
    run(request) {
      const before = running.get(request.stepId) ?? Promise.resolve();
      const mine = before.catch(() => undefined).then(() => runOne(options, request));
      running.set(request.stepId, mine);
      const forget = (): void => {
        if (running.get(request.stepId) === mine) running.delete(request.stepId);
      };
      mine.then(forget, forget);
      return mine;
    },
  };
}

async function runOne(options: DistCpOptions, request: DistCpRequest): Promise<DistCpOutcome> {
  request.signal?.throwIfAborted();
  const stepDirectory = resolve(options.workDirectory, request.stepId);
  await mkdir(stepDirectory, { recursive: true });
  const earlier = await readLock(stepDirectory);
  if (earlier !== undefined) {
    const adopted = await adopt(options, request, { stepDirectory, lock: earlier });
    if (adopted !== undefined) return adopted;
  }
  await outlastOthers(options, request);
  await refuseExistingChildren(targetFiles(options, request), request);
  const lock = await start(options, request, stepDirectory);
  return await finish(options, request, { stepDirectory, lock });
}

interface Running {
  readonly stepDirectory: string;
  readonly lock: ChildLock;
}

/** @returns the outcome of a child of before when it succeeds; undefined when it failed or is gone, and its traces are removed */
async function adopt(options: DistCpOptions, request: DistCpRequest, child: Running): Promise<DistCpOutcome | undefined> {
  if (await isAlive(child.lock)) {
    const end = await watchChild(options, request, child);
    if (end?.exitCode === 0) return { ...(await outcomeOf(options, request, { ...child, end })), adopted: true };
  }
  const end = await exitOf(child.lock);
  if (end === undefined || wasSignalled(end.exitCode)) await clear(options, request, child);
  await removeLock(child.stepDirectory);
  return undefined;
}

async function start(options: DistCpOptions, request: DistCpRequest, stepDirectory: string): Promise<ChildLock> {
  const directory = join(stepDirectory, `${request.attempt}-${request.round}`);
  await makeEmptyDirectory(directory);
  const argv = ['distcp', ...(await writeArguments(options, request, directory))];
  const { command, environment } = options.hadoop;
  return await startChild(stepDirectory, { command, argv, environment, directory, timeLeft: request.timeLeft });
}

async function writeArguments(options: DistCpOptions, request: DistCpRequest, directory: string): Promise<readonly string[]> {
  const { job, stepId, attempt, mappers, bandwidthMbPerMapper, blockSizeBytes } = request;
  const filtersFile = join(directory, 'filters.txt');
  await writeFile(filtersFile, `${filterLines(job).join('\n')}\n`);
  const listFile = join(directory, 'sources.txt');
  if (job.kind === 'list') await writeFile(listFile, listLines(job).join('\n'));
  const logDirectory = remoteLogs(options, request, `${attempt}-${request.round}`);
  return distcpArguments(job, {
    stepId,
    attempt,
    filtersFile,
    // The scheme is said, since a plain path means the default file system there.
    ...(job.kind === 'list' ? { listFile: `file://${listFile}` } : {}),
    ...(logDirectory === undefined ? {} : { logDirectory }),
    ...(mappers === undefined ? {} : { mappers }),
    ...(bandwidthMbPerMapper === undefined ? {} : { bandwidthMbPerMapper }),
    ...(blockSizeBytes === undefined ? {} : { blockSizeBytes }),
    ...(options.queue === undefined ? {} : { queue: options.queue }),
  });
}

async function finish(options: DistCpOptions, request: DistCpRequest, child: Running): Promise<DistCpOutcome> {
  const end = await watchChild(options, request, child);
  if (end === undefined) {
    await clear(options, request, child);
    throw killed(request, child.lock);
  }
  return await outcomeOf(options, request, { ...child, end });
}

/** Waits for the end; ends the child when the signal is given. @returns undefined when it was killed */
async function watchChild(options: DistCpOptions, request: DistCpRequest, { stepDirectory, lock }: Running): Promise<ChildEnd | undefined> {
  const percent = { last: -1 };
  const { signal, timeLeft } = request;
  const end = await waitForEnd(lock, {
    signal,
    timeLeft,
    onOutput: (text) => {
      const latest = text
        .split('\n')
        .map(progressOf)
        .findLast((each) => each !== undefined);
      if (latest === undefined || latest === percent.last) return;
      percent.last = latest;
      request.onProgress?.(latest);
    },
  });
  if (signal?.aborted !== true) return end;
  await clear(options, request, { stepDirectory, lock });
  throw killed(request, lock);
}

/** The lock stays until nothing is left of the job: whoever finds it begins here. */
async function clear(options: DistCpOptions, request: DistCpRequest, { stepDirectory, lock }: Running): Promise<void> {
  await endGroup(lock, Math.min(options.graceMs ?? 10_000, request.timeLeft().killInMs));
  await removeTraces(options, request, lock);
  await removeLock(stepDirectory);
}

async function outcomeOf(
  options: DistCpOptions,
  request: DistCpRequest,
  child: Running & { readonly end: ChildEnd },
): Promise<DistCpOutcome> {
  const { end, stepDirectory } = child;
  const logFile = join(end.directory, LOG_FILE);
  const lines = await tellingLines(logFile);
  const report = parseDistCpOutput(lines.join('\n'));
  if (wasSignalled(end.exitCode)) await removeTraces(options, request, child.lock);
  await removeLock(stepDirectory);
  refuseFailure(request, { end, report, lines, command: options.hadoop.command });
  await makeTarget(targetFiles(options, request), request);
  await removeRemoteLogs(options, request);
  const none = { filesCopied: 0, filesSkipped: 0, filesFailed: 0, bytesCopied: 0, bytesSkipped: 0, directoriesCopied: 0 };
  return {
    argv: await argvOf(end.directory),
    counters: report.counts ?? none,
    logFile,
    durationMs: Date.now() - Date.parse(end.startedAt),
  };
}

interface Finished {
  readonly end: ChildEnd;
  readonly report: DistCpReport;
  readonly lines: readonly string[];
  readonly command: string;
}

function refuseFailure(request: DistCpRequest, { end, report, lines, command }: Finished): void {
  const logFile = join(end.directory, LOG_FILE);
  const facts = {
    subject: request.subject,
    detail: { exitCode: end.exitCode, logFile, ...(report.jobId === undefined ? {} : { jobId: report.jobId }) },
  };
  if (report.areFiltersIgnored) {
    throw new MigrationError(
      'DISTCP_FILTERS_IGNORED',
      `${request.subject}: DistCp could not read its filter file and copied hidden files too. See ${logFile}.`,
      { ...facts, category: 'defect', retry: 'operator' },
    );
  }
  const failed = report.counts?.filesFailed ?? 0;
  if (end.exitCode === 0 && failed > 0) {
    throw new MigrationError(
      'DISTCP_FAILED',
      `${request.subject}: DistCp ended well but says that ${failed} files failed. See ${logFile}.`,
      { ...facts, category: 'environment', retry: 'later' },
    );
  }
  if (end.exitCode === 0) return;
  const { code, message, category, retry } = distCpFailure({
    exitCode: end.exitCode,
    lastLines: lines.slice(-200),
    ...(report.cause === undefined ? {} : { cause: report.cause }),
  });
  if (code === 'HADOOP_COMMAND_NOT_FOUND') throw commandNotFound(command, lines.at(-1), request.subject);
  throw new MigrationError(code, `${request.subject}: ${message} Log: ${logFile}`, { ...facts, category, retry });
}

/** A pushing cluster writes to another one's file system. */
function targetFiles(options: DistCpOptions, request: DistCpRequest): FileStore {
  return request.targetFiles ?? options.files;
}

/** A list merges into a child that exists, and leaves files of the same name unread. */
async function refuseExistingChildren(files: FileStore, { job, subject }: DistCpRequest): Promise<void> {
  if (job.kind === 'pair') return;
  for (const source of job.sources) {
    const child = below(job.target, [lastSegment(source) ?? '']);
    if ((await files.status(child)) === undefined) continue;
    throw new MigrationError(
      'DISTCP_TARGET_EXISTS',
      `${subject}: ${child} is already there, and a copy by list would leave its files unread. Remove it, then resume.`,
      {
        category: 'conflict',
        retry: 'operator',
        subject,
      },
    );
  }
}

/** DistCp with -update makes no target for a source in which there is nothing to copy. */
async function makeTarget(files: FileStore, { job }: DistCpRequest): Promise<void> {
  if (job.kind === 'list' || !isHdfs(namespaceOf(job.target))) return;
  if ((await files.status(job.target)) === undefined) await files.makeDirectory(job.target);
}

/**
 * After a job that did not end by itself: what it began on YARN is ended, and its temporary files are removed. Without a job in the log
 * YARN is asked, since a client that is killed may have submitted and not said so. Nothing of another attempt is touched: by now it may run.
 */
async function removeTraces(options: DistCpOptions, request: DistCpRequest, lock: ChildLock): Promise<void> {
  const { jobId, applicationId } = await reportIn(lock.directory);
  const yarn = createYarnApplications(options.hadoop, options.yarn);
  if (applicationId !== undefined) await yarn.end(applicationId);
  else if (jobId === undefined) for (const each of await yarn.running(attemptTagOf(request, lock))) await yarn.end(each);
  if (jobId !== undefined) await removeTemporaryFiles(targetFiles(options, request), request.job, jobId);
}

/** The second tag of the run, which lies in `<attempt>-<round>`. */
function attemptTagOf({ stepId }: DistCpRequest, { directory }: ChildLock): string {
  return `hiveferry-${stepId}-${basename(directory).split('-')[0] ?? ''}`;
}

/**
 * What an executor on another host began, or one here whose lock is gone: its client ended with its claim, but a job on YARN goes on.
 * It is waited for, since `-update` then finds its work, and ended when this step is.
 */
async function outlastOthers(options: DistCpOptions, request: DistCpRequest): Promise<void> {
  const { stepId, attempt, round, signal, job } = request;
  if (attempt === 1 || round > 1) return;
  const yarn = createYarnApplications(options.hadoop, options.yarn);
  for (const application of await yarn.running(`hiveferry-${stepId}`, signal)) {
    await yarn.waitFor(application, signal);
    if (signal?.aborted === true) await yarn.end(application);
  }
  signal?.throwIfAborted();
  // Nobody else fills the target of a pair.
  if (job.kind === 'pair') await removeTemporaryFiles(targetFiles(options, request), job);
}

function remoteLogs(
  { remoteLogPath = '/tmp/hiveferry' }: DistCpOptions,
  { job, stepId }: DistCpRequest,
  run?: string,
): Location | undefined {
  const { namespace } = partsOf(job.target);
  if (!isHdfs(namespace)) return undefined;
  const segments = remoteLogPath.split('/').filter((segment) => segment !== '');
  return locate(namespace, [...segments, stepId, ...(run === undefined ? [] : [run])]);
}

async function removeRemoteLogs(options: DistCpOptions, request: DistCpRequest): Promise<void> {
  const logs = remoteLogs(options, request);
  // Logs of a success are empty; that they stay there harms nothing.
  if (logs !== undefined)
    await targetFiles(options, request)
      .remove(logs)
      .catch(() => undefined);
}

async function argvOf(directory: string): Promise<readonly string[]> {
  const content: unknown = JSON.parse(await readFile(join(directory, 'argv.json'), 'utf8'));
  const argv = typeof content === 'object' && content !== null && 'argv' in content ? content.argv : [];
  return Array.isArray(argv) ? argv.map(String) : [];
}

function killed(request: DistCpRequest, lock: ChildLock): MigrationError {
  const why = request.signal?.aborted === true ? 'was ended on request' : 'was killed from outside and left no exit code';
  const logFile = join(lock.directory, LOG_FILE);
  return new MigrationError('DISTCP_KILLED', `${request.subject}: DistCp ${why}. It can be run again. Log: ${logFile}`, {
    category: 'environment',
    retry: 'later',
    subject: request.subject,
    detail: { logFile },
  });
}
