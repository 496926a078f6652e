import type { CopyUnit, TransferJob, TransferLane, TransferPlan, TransferSettings, TransferWave } from '../model/transfer.ts';
import { knownSizes } from './copy-sizes.ts';
import type { KnownSizes } from './copy-sizes.ts';
import { forecastOf } from './forecast.ts';
import { limitsOfJob, restartSeconds, secondsOf } from './job-seconds.ts';
import { slotsWithin } from './link-budget.ts';
import { packCopies } from './pack-copies.ts';
import type { CopyGroup, JobDraft } from './pack-copies.ts';
import { recommend } from './recommendations.ts';
import { schedule } from './schedule.ts';
import type { Timed } from './schedule.ts';
import { splitUnit } from './split-unit.ts';
import { windowSeconds } from './time-window.ts';

const GIB = 1024 ** 3;

/**
 * Makes jobs of copies and puts them into waves: huge copies are split by their parts, small ones share a job, the load of the lanes is
 * balanced. Each file is copied by exactly one job, to where its unit says.
 *
 * @param units in any order, but for those that must be done first: they come before those that name them
 */
export function planTransfer(units: readonly CopyUnit[], settings: TransferSettings): TransferPlan {
  const sizes = knownSizes(units);
  const drafts = draftJobs(units, settings, sizes);
  const timed = timeJobs(drafts, units, { settings, sizes });
  const { jobs, waves } = numbered(timed, settings);
  const forecast = forecastOf({ units, jobs, waves }, settings, sizes);
  return { settings, jobs, waves, forecast, recommendations: recommend({ units, jobs, forecast }, settings) };
}

/** How large a job is at most: see `TransferSettings.jobBytes`. */
function jobBytesOf({ known }: KnownSizes, settings: TransferSettings): number {
  return settings.jobBytes ?? Math.min(1024 * GIB, Math.max(16 * GIB, Math.ceil(known.bytes / slotsWithin(settings) / 4)));
}

function draftJobs(units: readonly CopyUnit[], settings: TransferSettings, sizes: KnownSizes): readonly JobDraft[] {
  const jobBytes = jobBytesOf(sizes, settings);
  const stages = stagesOf(units);
  const groups = units.flatMap((unit) =>
    splitUnit(unit, jobBytes).map((copies): CopyGroup => ({ side: unit.side, stage: stages.get(unit.id) ?? 0, copies })),
  );
  return packCopies(groups, settings, jobBytes);
}

function stagesOf(units: readonly CopyUnit[]): ReadonlyMap<string, number> {
  const stages = new Map<string, number>();
  for (const { id, after } of units)
    stages.set(
      id,
      after.reduce((most, before) => Math.max(most, (stages.get(before) ?? 0) + 1), 0),
    );
  return stages;
}

/** A job with its time, its place in the waves, and what must be done before it. */
interface TimedDraft extends JobDraft {
  readonly after: ReadonlySet<number>;
  readonly seconds: number;
  readonly fields: Pick<TransferJob, 'mappers' | 'bandwidthMbPerMapper' | 'size' | 'unknownSizes'>;
}

interface Timing {
  readonly settings: TransferSettings;
  readonly sizes: KnownSizes;
}

function timeJobs(drafts: readonly JobDraft[], units: readonly CopyUnit[], { settings, sizes }: Timing): readonly TimedDraft[] {
  const before = new Map(units.filter(({ after }) => after.length > 0).map(({ id, after }) => [id, after]));
  const jobsOfUnit = before.size === 0 ? new Map<string, Set<number>>() : byUnit(drafts);
  return drafts.map((draft): TimedDraft => {
    const job = { ...draft, assumed: sizes.mean };
    const { known, unknown } = knownSizes(draft.copies);
    const awaited = draft.copies.flatMap(({ unit }) => before.get(unit) ?? []).flatMap((unit) => [...(jobsOfUnit.get(unit) ?? [])]);
    const fields = { ...limitsOfJob(job, settings), size: known, unknownSizes: unknown };
    return { ...draft, after: new Set(awaited), seconds: secondsOf(job, settings), fields };
  });
}

function byUnit(drafts: readonly JobDraft[]): ReadonlyMap<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const [index, { copies }] of drafts.entries()) {
    for (const { unit } of copies) {
      const jobs = found.get(unit);
      if (jobs === undefined) found.set(unit, new Set([index]));
      else jobs.add(index);
    }
  }
  return found;
}

/** A lane of a wave, its jobs by their index among the drafts. */
interface PlacedLane {
  readonly side: CopyUnit['side'];
  readonly jobs: readonly number[];
  readonly seconds: number;
}

/** Stage by stage: what waits for others begins in the wave after theirs, beside what runs at the other side. */
function placed(drafts: readonly TimedDraft[], settings: TransferSettings): readonly (readonly PlacedLane[])[] {
  const waves: PlacedLane[][] = [];
  const lastWave = new Map<number, number>();
  const stages = [...new Set(drafts.map(({ stage }) => stage))].sort((a, b) => a - b);
  for (const stage of stages) {
    for (const side of ['source', 'target'] as const) {
      const from = 1 + waves.findLastIndex((lanes) => lanes.some((lane) => lane.side === side));
      const own = drafts.flatMap((draft, index) => (draft.stage === stage && draft.side === side ? [{ draft, index }] : []));
      const timed = own.map(({ draft, index }): Timed => ({
        index,
        seconds: draft.seconds,
        restartSeconds: restartSeconds(draft.fields.size, settings),
        release: [...draft.after].reduce((wave, job) => Math.max(wave, 1 + (lastWave.get(job) ?? 0)), from),
      }));
      schedule(timed, waveLimits(settings)).waves.forEach((lanes, number) => {
        const filled = lanes.filter(({ jobs }) => jobs.length > 0);
        (waves[number] ??= []).push(...filled.map((lane) => ({ ...lane, side })));
        for (const job of filled.flatMap(({ jobs }) => jobs)) lastWave.set(job, number);
      });
    }
  }
  return waves.filter((lanes) => lanes.length > 0);
}

function waveLimits(settings: TransferSettings): Parameters<typeof schedule>[1] {
  const slots = slotsWithin(settings);
  if (settings.window === undefined) return { slots, waveSeconds: settings.waveMinutes * 60, isWindow: false };
  return { slots, waveSeconds: windowSeconds(settings.window), isWindow: true };
}

function numbered(
  drafts: readonly TimedDraft[],
  settings: TransferSettings,
): { readonly jobs: readonly TransferJob[]; readonly waves: readonly TransferWave[] } {
  const lanes = placed(drafts, settings);
  const order = [...new Set(lanes.flatMap((wave) => wave.flatMap(({ jobs }) => jobs)))];
  const names = new Map(order.map((index, at) => [index, `job-${at + 1}`]));
  const nameOf = (index: number): string => names.get(index) ?? '';
  const spans = settings.window === undefined ? undefined : windowsOf(lanes);
  const jobs = order.flatMap((index): TransferJob[] => {
    const draft = drafts[index];
    if (draft === undefined) return [];
    const { side, form, copies, after, seconds, fields } = draft;
    const windows = spans?.get(index);
    const job = { id: nameOf(index), side, form, copies, after: [...after].sort((a, b) => a - b).map(nameOf), seconds, ...fields };
    return [windows === undefined ? job : { ...job, windows }];
  });
  const waves = lanes.map((wave, at): TransferWave => {
    const named = wave.map((lane): TransferLane => ({ ...lane, jobs: lane.jobs.map(nameOf) }));
    return { number: at + 1, lanes: named, seconds: named.reduce((most, { seconds }) => Math.max(most, seconds), 0) };
  });
  return { jobs, waves };
}

function windowsOf(waves: readonly (readonly PlacedLane[])[]): ReadonlyMap<number, { readonly first: number; readonly last: number }> {
  const spans = new Map<number, { readonly first: number; readonly last: number }>();
  for (const [at, lanes] of waves.entries()) {
    for (const job of lanes.flatMap(({ jobs }) => jobs)) spans.set(job, { first: spans.get(job)?.first ?? at + 1, last: at + 1 });
  }
  return spans;
}
