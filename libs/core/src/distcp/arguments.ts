import { MigrationError } from '../faults.ts';
import type { Location } from '../model/location.ts';
import { namespaceOf } from '../model/location.ts';
import { sortedEntries } from '../model/order.ts';
import type { CopyJob } from '../model/plan.ts';
import type { LinkOptions } from '../model/plan-settings.ts';

/** What a plan does not know: who runs the job, where its files lie, how hard it may work. */
export interface DistCpPrintOptions extends LinkOptions {
  readonly stepId: string;
  readonly attempt: number;
  /** Plain local path. DistCp opens it with java.io: a `file:` URI is unreadable to it and then filters nothing, with exit code 0. */
  readonly filtersFile?: string;
  /** Needed for a `list` job: URI or path as Hadoop's default file system resolves it; lines by `listLines`. */
  readonly listFile?: string;
  /** One directory an attempt: DistCp overwrites what an earlier one left in it. */
  readonly logDirectory?: Location;
  /** Block size of the new files on HDFS; the source's is kept (`-pb`) when absent, or when `preserve` says so. */
  readonly blockSizeBytes?: number;
  /** Of a pair: only what changed between two snapshots of the source, the first of which the target has too; see `transfer/snapshot-diff.ts`. */
  readonly snapshotDiff?: { readonly from: string; readonly to: string };
}

/**
 * The arguments after `distcp`: generic options first, then DistCp's own, then sources and target.
 *
 * @returns an argv, never to be joined into a shell string. `-i`, `-delete` and `-skipcrccheck` are never in it.
 * Faults: DISTCP_LIST_FILE_MISSING (defect).
 */
export function distcpArguments(job: CopyJob, options: DistCpPrintOptions): readonly string[] {
  return [
    ...properties(job, options),
    ...(job.kind === 'pair' ? ['-update', ...difference(options)] : []),
    ...preserved(job, options),
    ...(isObjectStore(namespaceOf(job.target)) ? ['-direct'] : []),
    ...option('-m', options.mappers),
    ...option('-bandwidth', options.bandwidthMbPerMapper),
    ...option('-filters', options.filtersFile),
    ...option('-log', options.logDirectory),
    ...paths(job, options),
  ];
}

/** Lines of the file that `-f` reads. No empty line: DistCp fails on it. */
export function listLines(job: CopyJob): readonly string[] {
  return sourcesOf(job).map(escapeGlob);
}

/** Makes a source literal: DistCp expands globs in its arguments and in lists. Targets are taken literally and must not be escaped. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[\\*?[\]{}]/g, String.raw`\$&`);
}

export function sourcesOf(job: CopyJob): readonly Location[] {
  return job.kind === 'pair' ? [job.source] : job.sources;
}

const OBJECT_STORES: readonly string[] = ['s3a', 's3', 's3n', 'gs', 'abfs', 'abfss', 'wasb', 'wasbs', 'adl', 'oss', 'obs', 'cosn'];
const HDFS_SCHEMES: readonly string[] = ['hdfs', 'viewfs'];

/** True for stores where a rename is a copy, so that DistCp's temporary files only cost. Takes a namespace or a location. */
export function isObjectStore(place: string): boolean {
  return OBJECT_STORES.includes(schemeOf(place));
}

export function isHdfs(place: string): boolean {
  return HDFS_SCHEMES.includes(schemeOf(place));
}

export function schemeOf(place: string): string {
  return place.slice(0, place.indexOf('://'));
}

function isBetweenHdfs(job: CopyJob): boolean {
  return [job.target, ...sourcesOf(job)].every((location) => isHdfs(namespaceOf(location)));
}

function properties(job: CopyJob, options: DistCpPrintOptions): readonly string[] {
  const name = `hiveferry-${options.stepId}`;
  return [
    // Without it files of another block size fail with `Checksum mismatch`; the block size is that of DistCp's client unless said.
    ...(isBetweenHdfs(job) ? ['-Ddfs.checksum.combine.mode=COMPOSITE_CRC'] : []),
    ...(isHdfs(namespaceOf(job.target)) && !keepsBlockSize(job, options) ? property('dfs.blocksize', options.blockSizeBytes) : []),
    ...property('mapreduce.job.name', name),
    ...property('mapreduce.job.tags', `${name},${name}-${options.attempt}`),
    ...property('mapreduce.job.queuename', options.queue),
    ...sortedEntries(options.properties ?? {}).flatMap(([key, value]) => property(key, value)),
  ];
}

/** Attributes of HDFS: an object store has none of them, and DistCp fails at some. */
function preserved(job: CopyJob, options: DistCpPrintOptions): readonly string[] {
  if (!isBetweenHdfs(job)) return [];
  const letters = new Set([...(keepsBlockSize(job, options) ? ['b'] : []), ...Array.from(options.preserve ?? '')]);
  return letters.size === 0 ? [] : [`-p${[...letters].join('')}`];
}

function difference({ snapshotDiff }: DistCpPrintOptions): readonly string[] {
  return snapshotDiff === undefined ? [] : ['-diff', snapshotDiff.from, snapshotDiff.to];
}

function keepsBlockSize(job: CopyJob, { blockSizeBytes, preserve = '' }: DistCpPrintOptions): boolean {
  return isBetweenHdfs(job) && (blockSizeBytes === undefined || preserve.includes('b'));
}

function paths(job: CopyJob, options: DistCpPrintOptions): readonly string[] {
  if (job.kind === 'pair') return [escapeGlob(job.source), job.target];
  if (options.listFile !== undefined) return ['-f', options.listFile, job.target];
  throw new MigrationError('DISTCP_LIST_FILE_MISSING', `Copy job ${job.id} is a list, but no list file was named for it.`, {
    category: 'defect',
    retry: 'never',
    subject: job.id,
  });
}

function property(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`-D${name}=${value}`];
}

function option(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [name, String(value)];
}
