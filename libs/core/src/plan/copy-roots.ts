import { locate, partsOf } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { PairCopyJob, TablePlan } from '../model/plan.ts';

/** One directory whose content is the same on both sides once it is copied. */
export interface CopyRoot {
  /** Id of the copy job that fills it. */
  readonly id: string;
  readonly source: Location;
  readonly target: Location;
  /** Locations below the source that are not part of it: other tables', or another root's of the same table. */
  readonly excluded: readonly Location[];
  /** Directories of registered partitions below the root, segments joined by `/`: what `isHidden` must know. */
  readonly registered: ReadonlySet<string>;
}

/** Where a plan's files lie, in the order of its copy jobs. Both sides list these, and name files by path below them. */
export function copyRootsOf(plan: TablePlan): readonly CopyRoot[] {
  const jobs = plan.copyJobs.filter((job) => job.kind === 'pair');
  const registered = registeredBelow(
    jobs,
    plan.partitions.map(({ source }) => source),
  );
  return jobs.map(({ id, source, target, excluded }) => ({
    id,
    source,
    target,
    excluded,
    registered: registered.get(source) ?? new Set(),
  }));
}

/** Walks up from each partition and looks for a root on the way: linear, however many roots there are. */
function registeredBelow(jobs: readonly PairCopyJob[], partitions: readonly Location[]): ReadonlyMap<Location, ReadonlySet<string>> {
  const found = new Map<Location, Set<string>>(jobs.map(({ source }) => [source, new Set()]));
  for (const partition of partitions) {
    const { namespace, segments } = partsOf(partition);
    segments.forEach((_, depth) => found.get(locate(namespace, segments.slice(0, depth)))?.add(segments.slice(depth).join('/')));
  }
  return found;
}
