import type { DistCpCause } from './distcp-causes.ts';
import { causeInLog } from './distcp-causes.ts';

/** Numbers of a finished job; a counter that DistCp does not print is 0. */
export interface DistCpCounts {
  readonly filesCopied: number;
  readonly filesSkipped: number;
  readonly filesFailed: number;
  readonly bytesCopied: number;
  readonly bytesSkipped: number;
  readonly directoriesCopied: number;
}

/** What DistCp wrote to standard error, in facts. */
export interface DistCpReport {
  /** `job_...`; absent before the job was submitted. */
  readonly jobId?: string;
  /** On YARN only. */
  readonly applicationId?: string;
  /** Absent when there was no job: nothing to copy, or refused before. */
  readonly counts?: DistCpCounts;
  /** The first cause that a known pattern names; may stand in the log of a job that recovered and succeeded. */
  readonly cause?: DistCpCause;
  /** DistCp could not read its filter file, and then filters nothing, with exit code 0. */
  readonly areFiltersIgnored: boolean;
  /** A directory that DistCp could not list and then leaves out, with exit code 0. */
  readonly unlisted?: string;
}

/** Reads the log of one run of DistCp 2 or 3 (log4j console). */
export function parseDistCpOutput(log: string): DistCpReport {
  const lines = log.split(/\r?\n/);
  const jobId = /DistCp job-id: (job_\w+)/.exec(log)?.[1];
  const applicationId = /Submitted application (application_\d+_\d+)/.exec(log)?.[1];
  const counts = countsOf(lines);
  const cause = causeInLog(lines);
  const unlisted = /SimpleCopyListing: Giving up on (.+) after \d+ retries/.exec(log)?.[1];
  return {
    ...(jobId === undefined ? {} : { jobId }),
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(counts === undefined ? {} : { counts }),
    ...(cause === undefined ? {} : { cause }),
    ...(unlisted === undefined ? {} : { unlisted }),
    areFiltersIgnored: /ERROR .*RegexCopyFilter: (?:Can't find filters file|An error occurred while attempting to read)/.test(log),
  };
}

/** Percent done that a line of the log tells (`map 37% reduce 0%`); DistCp has no reduce phase. */
export function progressOf(line: string): number | undefined {
  const percent = /mapreduce\.Job: +map (\d+)% reduce \d+%/.exec(line)?.[1];
  return percent === undefined ? undefined : Number(percent);
}

const COUNTERS: Readonly<Record<keyof DistCpCounts, readonly string[]>> = {
  filesCopied: ['Files Copied', 'COPY'],
  filesSkipped: ['Files Skipped', 'SKIP'],
  filesFailed: ['Files Failed', 'FAIL'],
  bytesCopied: ['Bytes Copied', 'BYTESCOPIED'],
  bytesSkipped: ['Bytes Skipped', 'BYTESSKIPPED'],
  directoriesCopied: ['DIR_COPY', 'Directories Copied'],
};

/** The last block counts: in local mode the task prints one before the job does. */
function countsOf(lines: readonly string[]): DistCpCounts | undefined {
  const start = lines.findLastIndex((line) => /^\s*(?:DistCp Counters|\S*CopyMapper\$Counter)\s*$/.test(line));
  if (start < 0) return undefined;
  const found = new Map<string, number>();
  for (const line of lines.slice(start + 1)) {
    const [, name, value] = /^\s+(\S.*?)=(\d+)\s*$/.exec(line) ?? [];
    if (name === undefined) break;
    found.set(name, Number(value));
  }
  const count = (key: keyof DistCpCounts): number => COUNTERS[key].map((name) => found.get(name) ?? 0).reduce((a, b) => a + b, 0);
  return {
    filesCopied: count('filesCopied'),
    filesSkipped: count('filesSkipped'),
    filesFailed: count('filesFailed'),
    bytesCopied: count('bytesCopied'),
    bytesSkipped: count('bytesSkipped'),
    directoriesCopied: count('directoriesCopied'),
  };
}
