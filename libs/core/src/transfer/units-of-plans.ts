import type { PairCopyJob, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { CopyPart, CopyUnit } from '../model/transfer.ts';
import { place, restBelow } from '../translate/place.ts';
import { nearestAbove } from '../translate/places-above.ts';

/** Smaller copies are never split, see `TransferSettings.jobBytes`: their parts need not be told, there may be millions. */
const SPLIT_FROM_BYTES = 16 * 1024 ** 3;

/** The copies of a table's plan as units, each with the partitions that lie in it where it may be split by them. */
export function unitsOfPlan(plan: TablePlan): readonly CopyUnit[] {
  const subject = displayName(plan.source);
  return plan.copyJobs.filter((job) => job.kind === 'pair').map((job) => unitOf(job, plan, subject));
}

/** Partitions below the source of a copy that go along with it, sorted, none in another. */
function partsOfJob({ source, target, excluded }: PairCopyJob, { partitions }: TablePlan): readonly CopyPart[] {
  const left = new Set<string>(excluded);
  const inside = partitions.filter((partition) => {
    const rest = restBelow(partition.source, source) ?? '';
    return rest !== '' && place(target, rest) === partition.target && !isIn(left, partition.source);
  });
  const places = new Set<string>(inside.map((partition) => partition.source));
  return [...places]
    .filter((path) => nearestAbove(path, (above) => places.has(above)) === undefined)
    .sort()
    .map((path) => ({ source: path }));
}

function isIn(places: ReadonlySet<string>, path: string): boolean {
  return places.has(path) || nearestAbove(path, (above) => places.has(above)) !== undefined;
}

function unitOf(job: PairCopyJob, plan: TablePlan, subject: string): CopyUnit {
  const { id, source, target, excluded, visible } = job;
  const { copySide, copySizes } = plan;
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
    parts: (size?.bytes ?? 0) < SPLIT_FROM_BYTES ? [] : partsOfJob(job, plan),
  };
}
