import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { clear, endAll, endEarlier, outlastOthers, removeTraces, stepDirectoryOf, targetFiles, wasSignalled } from './distcp-endings.ts';
import type { DistCpOptions, Running } from './distcp-endings.ts';
import { tellingLines } from './distcp-traces.ts';
import { commandNotFound } from './hadoop-command.ts';
import type { ChildEnd, ChildLock } from './supervised-child.ts';
import { LOG_FILE, makeEmptyDirectory, removeLock, startChild, waitForEnd } from './supervised-child.ts';

/**
 * DistCp as a supervised child, one alive for each step. It outlives its service no longer than the claim, since on another host nobody
 * knows of it: whoever comes next copies what is missing (docs/adr/0005-a-local-copy-ends-with-its-lease.md). A job on YARN outlives its client; it is found by its tag.
 */
export function createDistCp(options: DistCpOptions): DistCp {
  const running = new Map<string, Promise<unknown>>();
  const oneAtATime = <T>(stepId: string, work: () => Promise<T>): Promise<T> => {
    const before = running.get(stepId) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    running.set(stepId, mine);
    const forget = (): void => {
      if (running.get(stepId) === mine) running.delete(stepId);
    };
    mine.then(forget, forget);
    return mine;
  };
  return {
    run: (request) => oneAtATime(request.stepId, () => runOne(options, request)),
    end: (ending) => oneAtATime(ending.stepId, () => endAll(options, ending)),
  };
}

async function runOne(options: DistCpOptions, request: DistCpRequest): Promise<DistCpOutcome> {
  request.signal?.throwIfAborted();
  const stepDirectory = stepDirectoryOf(options, request);
  await mkdir(stepDirectory, { recursive: true });
  await outlastOthers(options, request);
  await endEarlier(options, request);
  request.signal?.throwIfAborted();
  await refuseExistingChildren(targetFiles(options, request), request);
  const lock = await start(options, request, stepDirectory);
  return await finish(options, request, { stepDirectory, lock });
}

async function start(options: DistCpOptions, request: DistCpRequest, stepDirectory: string): Promise<ChildLock> {
  const directory = join(stepDirectory, `${request.attempt}-${request.round}`);
  await makeEmptyDirectory(directory);
  const argv = ['distcp', ...(await writeArguments(options, request, directory))];
  const { command, environment } = options.hadoop;
  return await startChild(stepDirectory, { command, argv, environment, directory, timeLeft: request.timeLeft });
}

async function writeArguments(options: DistCpOptions, request: DistCpRequest, directory: string): Promise<readonly string[]> {
  const { job, stepId, attempt, link, blockSizeBytes } = request;
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
    ...(blockSizeBytes === undefined ? {} : { blockSizeBytes }),
    ...(options.queue === undefined ? {} : { queue: options.queue }),
    ...link,
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

async function outcomeOf(
  options: DistCpOptions,
  request: DistCpRequest,
  child: Running & { readonly end: ChildEnd },
): Promise<DistCpOutcome> {
  const { end, stepDirectory } = child;
  const logFile = join(end.directory, LOG_FILE);
  const lines = await tellingLines(logFile);
  const report = parseDistCpOutput(lines.join('\n'));
  // A client that fails, and does not say that its job did, may have lost sight of it.
  if (wasSignalled(end.exitCode) || (end.exitCode !== 0 && report.applicationId !== undefined)) {
    await removeTraces(options, request, child.lock);
  }
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
  if (end.exitCode === 0 && report.unlisted !== undefined) {
    throw new MigrationError(
      'DISTCP_DIRECTORY_LEFT_OUT',
      `${request.subject}: DistCp could not list ${report.unlisted} and left it out, though it ended well. Let the user that runs it read this directory, then resume. See ${logFile}.`,
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
