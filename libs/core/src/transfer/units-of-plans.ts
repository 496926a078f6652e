import type { PairCopyJob, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { CopyPart, CopyUnit } from '../model/transfer.ts';
import { place, restBelow } from '../translate/place.ts';
import type { TrackedPlaces } from './tracked-places.ts';
import { nearestAbove } from '../translate/places-above.ts';

/** Smaller copies are never split, see `TransferSettings.jobBytes`: their parts need not be told, there may be millions. */
const SPLIT_FROM_BYTES = 16 * 1024 ** 3;

/**
 * The copies of a table's plan as units, each with the partitions that lie in it where it may be split by them.
 *
 * @param tracked what is known of directories: each unit then has all its partitions, and what is known of them
 */
export function unitsOfPlan(plan: TablePlan, tracked?: TrackedPlaces): readonly CopyUnit[] {
  const jobs = plan.copyJobs.filter((job) => job.kind === 'pair');
  return jobs.map((job) => {
    const unit = unitOf(job, plan);
    if (tracked !== undefined) return trackedUnit(unit, partsOfJob(job, plan), tracked);
    return (unit.size?.bytes ?? 0) < SPLIT_FROM_BYTES ? unit : { ...unit, parts: partsOfJob(job, plan).map(({ source }) => ({ source })) };
  });
}

function trackedUnit(unit: CopyUnit, parts: readonly PartOfJob[], tracked: TrackedPlaces): CopyUnit {
  const { listing, modifiedAt } = tracked.get(unit.source) ?? {};
  const rest = { ...(listing === undefined ? {} : { listing }), ...(modifiedAt === undefined ? {} : { modifiedAt }) };
  // Of what lies in another one nobody would see that it changed.
  const known = parts.map(({ source, holdsOthers }): CopyPart => (holdsOthers ? { source } : { source, ...tracked.get(source) }));
  return { ...unit, parts: known, rest };
}

interface PartOfJob {
  readonly source: string;
  readonly holdsOthers: boolean;
}

/** Partitions below the source of a copy that go along with it, sorted, none in another. */
function partsOfJob({ source, target, excluded }: PairCopyJob, { partitions }: TablePlan): readonly PartOfJob[] {
  const left = new Set<string>(excluded);
  const inside = partitions.filter((partition) => {
    const rest = restBelow(partition.source, source) ?? '';
    return rest !== '' && place(target, rest) === partition.target && !isIn(left, partition.source);
  });
  const places = new Set<string>(inside.map((partition) => partition.source));
  const holders = new Set([...places].flatMap((path) => nearestAbove(path, (above) => places.has(above)) ?? []));
  return [...places]
    .filter((path) => holders.size === 0 || nearestAbove(path, (above) => places.has(above)) === undefined)
    .sort()
    .map((path) => ({ source: path, holdsOthers: holders.has(path) }));
}

function isIn(places: ReadonlySet<string>, path: string): boolean {
  return places.has(path) || nearestAbove(path, (above) => places.has(above)) !== undefined;
}

function unitOf({ id, source, target, excluded, visible }: PairCopyJob, { source: table, copySide, copySizes }: TablePlan): CopyUnit {
  const subject = displayName(table);
  const size = copySizes?.[id];
  return {
    id: `${subject} ${id}`,
    subject,
    side: copySide ?? 'target',
    source,
    target,
    excluded,
    ...(visible === undefined ? {} : { visible }),
    after: [],
    ...(size === undefined ? {} : { size }),
    parts: [],
  };
}
