import { parseLocation } from '../model/location.ts';
import type { CopyJob, ListCopyJob, PairCopyJob } from '../model/plan.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import type { PlannedCopy, TransferJob, TransferPlan } from '../model/transfer.ts';
import { lower } from '../transfer/settings-of-request.ts';
import type { CopyScript } from './copy-script.ts';
import { stepName } from './scripted-job.ts';
import type { ScriptedJob } from './scripted-job.ts';

/** One side's jobs of a transfer plan as a script runs them, and its waves by their numbers there. */
export function jobsOfTransfer(
  { jobs, waves, settings }: TransferPlan,
  { side, stem, copies }: { readonly side: ScriptCopy['side']; readonly stem: string; readonly copies: readonly ScriptCopy[] },
): Pick<CopyScript, 'jobs' | 'waves'> {
  const own = jobs.filter((job) => job.side === side);
  const numbers = new Map(own.map(({ id }, index) => [id, index + 1]));
  const whole = new Set(copies.map(({ source }) => source));
  const lanes = waves.map((wave) => wave.lanes.map((lane) => lane.jobs.flatMap((id) => numbers.get(id) ?? [])));
  return {
    jobs: own.map((job) => withLink(scriptedJob(job, stem, whole), settings)),
    waves: lanes.map((wave) => wave.filter((lane) => lane.length > 0)).filter((wave) => wave.length > 0),
  };
}

/** Each mapper keeps to its share of the link, and to what is said for each. */
function withLink(scripted: ScriptedJob, { link = {} }: TransferPlan['settings']): ScriptedJob {
  if (scripted.kind === 'impossible') return scripted;
  const { mappers = 1, bandwidthMbPerMapper } = scripted.options;
  const share = bandwidthMbPerMapper === undefined ? { mappers } : { mappers, bandwidthMbPerMapper };
  return { ...scripted, options: { ...link, ...scripted.options, ...lower(share, link.bandwidthMbPerMapper) } };
}

function scriptedJob(job: TransferJob, stem: string, whole: ReadonlySet<string>): ScriptedJob {
  const { id, copies, mappers, bandwidthMbPerMapper } = job;
  const pairs = copies.map((copy) => pairOf(copy, id));
  const title = titleOf(copies);
  const impossible = copies.find((_, index) => pairs[index] === undefined);
  if (impossible !== undefined) return { kind: 'impossible', title, reason: withoutFileSystem(impossible) };
  return {
    kind: 'distcp',
    title,
    jobs: formed(
      job,
      pairs.flatMap((pair) => pair ?? []),
    ),
    mayBeAbsent: new Set(copies.map(({ source }) => source).filter((source) => !whole.has(source))),
    options: {
      stepId: stepName(`${stem}-${id}`),
      mappers,
      ...(bandwidthMbPerMapper === undefined ? {} : { bandwidthMbPerMapper }),
      ...(copies[0]?.snapshots === undefined ? {} : { snapshotDiff: copies[0].snapshots }),
    },
  };
}

function formed({ id, form }: TransferJob, pairs: readonly PairCopyJob[]): readonly CopyJob[] {
  const target = form.kind === 'list' ? parseLocation(form.target) : undefined;
  if (target === undefined) return pairs;
  const list: ListCopyJob = {
    id,
    kind: 'list',
    target,
    sources: pairs.map(({ source }) => source),
    excluded: pairs.flatMap(({ excluded }) => excluded),
    visible: pairs.flatMap(({ visible = [] }) => visible),
  };
  return [list];
}

/** @returns undefined when a place names no file system */
function pairOf(copy: PlannedCopy, id: string): PairCopyJob | undefined {
  const source = parseLocation(copy.source);
  const target = parseLocation(copy.target);
  if (source === undefined || target === undefined) return undefined;
  const located = (places: readonly string[]) => places.flatMap((place) => parseLocation(place) ?? []);
  return { id, kind: 'pair', source, target, excluded: located(copy.excluded), visible: located(copy.visible ?? []) };
}

function titleOf(copies: readonly PlannedCopy[]): string {
  const [first] = copies;
  if (first === undefined) return 'nothing';
  return copies.length === 1 ? first.source : `${copies.length} directories, the first is ${first.source}`;
}

function withoutFileSystem({ source, target }: PlannedCopy): string {
  const place = parseLocation(source) === undefined ? source : target;
  return `${place} names no file system: say hcfsNamespace of its cluster, or a target namespace, and plan again.`;
}
