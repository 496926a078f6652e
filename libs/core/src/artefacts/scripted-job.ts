import { distcpArguments } from '../distcp/arguments.ts';
import type { DistCpPrintOptions } from '../distcp/arguments.ts';
import { filterLines } from '../distcp/filters.ts';
import { below, lastSegment } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { CopyJob, ListCopyJob, PairCopyJob } from '../model/plan.ts';
import type { ShellCommand, ShellWord } from './shell.ts';

/** A job of a script: its DistCp and how it is called, or why there can be none. */
export type ScriptedJob = DistCpJob | { readonly kind: 'impossible'; readonly title: string; readonly reason: string };

export interface DistCpJob {
  readonly kind: 'distcp';
  readonly title: string;
  /** A list, or pairs one after another. */
  readonly jobs: readonly CopyJob[];
  /** Sources that only the metastore knows of: nobody may have made them. */
  readonly mayBeAbsent?: ReadonlySet<string>;
  /** `stepId` names and tags the job; attempt and files are the script's own. */
  readonly options: Omit<DistCpPrintOptions, 'attempt' | 'filtersFile' | 'listFile' | 'logDirectory'>;
}

/** A job in the words of the script's library. */
export function jobCommands(scripted: ScriptedJob): readonly ShellCommand[] {
  if (scripted.kind === 'impossible')
    return [
      ['title', scripted.title],
      ['cannot', scripted.reason],
    ];
  const { title, jobs, options } = scripted;
  return [['title', title], ['tag', `hiveferry-${options.stepId}`], ...jobs.flatMap((job) => copyCommands(job, scripted))];
}

function copyCommands(job: CopyJob, { options, mayBeAbsent = new Set() }: DistCpJob): readonly ShellCommand[] {
  const described = [
    ['left_out', ...filterLines(listedJob(job, options))],
    ...pairsOf(job).map((pair) => [...directoryCommand(pair), ...(mayBeAbsent.has(pair.source) ? ['-o', 'yes'] : [])]),
  ];
  if (job.kind === 'list') return [...described, ...listCommands(job, options)];
  const argv = argumentsOf(job, options);
  const to = options.snapshotDiff?.to;
  if (to !== undefined) return [...described, ['distcp_diff', job.target, to, ...argv]];
  return [...described, mayBeAbsent.has(job.source) ? ['distcp_if_there', job.source, ...argv] : ['distcp', ...argv]];
}

/** By the difference of snapshots DistCp lists the latter one (3.4.2), whose own path looks hidden. */
function listedJob(job: CopyJob, { snapshotDiff }: DistCpJob['options']): CopyJob {
  if (job.kind === 'list' || snapshotDiff === undefined) return job;
  return { ...job, source: below(job.source, ['.snapshot', snapshotDiff.to]) };
}

/** One pair of directories for each source, with what lies in it and is treated otherwise. */
export function pairsOf(job: CopyJob): readonly PairCopyJob[] {
  return job.kind === 'pair' ? [job] : job.sources.map((source) => childOf(job, source));
}

/** A name for jobs on YARN, made of any text. */
export function stepName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.-]/g, '_');
}

function childOf(job: ListCopyJob, source: Location): PairCopyJob {
  const { id, excluded, visible = [] } = job;
  return { id, kind: 'pair', source, target: below(job.target, [lastSegment(source) ?? '']), excluded, visible };
}

function directoryCommand({ source, target, excluded, visible = [] }: PairCopyJob): ShellCommand {
  return ['directory', source, target, ...excluded.flatMap((path) => ['-x', path]), ...visible.flatMap((path) => ['-v', path])];
}

/** The list, and the options with which its directories are copied one by one when it may not be used. */
function listCommands(job: ListCopyJob, options: DistCpJob['options']): readonly ShellCommand[] {
  const [first] = pairsOf(job);
  const alone = first === undefined ? [] : argumentsOf(first, options).slice(0, -2);
  return [
    ['distcp_list', ...argumentsOf(job, options)],
    ['distcp_each', ...alone],
  ];
}

/** The arguments that an executor gives to DistCp, with the script's own files in their places. */
function argumentsOf(job: CopyJob, options: DistCpJob['options']): readonly ShellWord[] {
  const argv = distcpArguments(job, { ...options, attempt: 1, filtersFile: FILTERS, listFile: LIST });
  return argv.map((word) => PLACES.get(word) ?? word);
}

/** Stand for files until the script's own take their places; no argument can be equal to them. */
const FILTERS = '\u0000filters';
const LIST = '\u0000list';
const PLACES: ReadonlyMap<string, ShellWord> = new Map([
  [FILTERS, { variable: 'FILTERS' }],
  [LIST, { variable: 'LIST' }],
]);
