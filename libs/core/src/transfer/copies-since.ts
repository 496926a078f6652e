import type { TablePlan } from '../model/plan.ts';
import { nearestAbove } from '../translate/places-above.ts';
import { incrementalCopies } from './incremental.ts';
import type { IncrementalCopies } from './incremental.ts';
import { recordsOfPlaces, surelyTracked } from './tracked-places.ts';
import { bySnapshots } from './snapshot-diff.ts';
import type { RefusedDiff, SnapshotInput } from './snapshot-diff.ts';
import type { TrackedPlaces } from './tracked-places.ts';
import { unitsOfPlan } from './units-of-plans.ts';

/** What of the planned copies is to be made, and how that is known. */
export type CopyChoice =
  /** What the metastore says otherwise than in an earlier reading, after which all was copied to where it goes now. */
  | { readonly kind: 'since'; readonly earlier: TrackedPlaces; readonly readAt: string }
  /** What Hive wrote after a moment, ISO-8601 UTC. */
  | { readonly kind: 'modified-after'; readonly moment: string }
  /** What holds a path that failed. */
  | { readonly kind: 'failed'; readonly paths: readonly string[] }
  /** What changed between two snapshots of HDFS, where that may be; all of the others. */
  | { readonly kind: 'snapshots'; readonly facts: SnapshotInput };

/** The copies that are to be made. */
export interface ChosenUnits extends IncrementalCopies {
  /** Copied as a whole, though a difference of snapshots was asked for. */
  readonly wholly?: readonly RefusedDiff[];
}

/**
 * The copies of plans, cut down to those of a choice; what nothing is known of is copied.
 *
 * @param now what the metastore says of the directories today
 */
export function chosenCopies(plans: readonly TablePlan[], now: TrackedPlaces, choice: CopyChoice): ChosenUnits {
  switch (choice.kind) {
    case 'since':
      return copiesSince(plans, now, choice);
    case 'snapshots': {
      const { units, refused } = bySnapshots(
        plans.flatMap((plan) => unitsOfPlan(plan)),
        choice.facts,
      );
      return { units, unchanged: [], gone: [], wholly: refused };
    }
    case 'modified-after':
    case 'failed':
      return incrementalCopies(
        plans.flatMap((plan) => unitsOfPlan(plan, now)),
        choice,
      );
  }
}

/** Of the paths that failed, those that no planned copy holds: nothing copies them again. */
export function pathsInNoCopy(plans: readonly TablePlan[], paths: readonly string[]): readonly string[] {
  const units = plans.flatMap((plan) => unitsOfPlan(plan));
  return paths.filter((path) => incrementalCopies(units, { kind: 'failed', paths: [path] }).units.length === 0);
}

function copiesSince(
  plans: readonly TablePlan[],
  now: TrackedPlaces,
  { earlier, readAt }: Extract<CopyChoice, { kind: 'since' }>,
): IncrementalCopies {
  const sure = surelyTracked(now, readAt);
  const units = plans.flatMap((plan) => unitsOfPlan(plan, sure));
  const roots = new Set(units.map(({ source }) => source));
  const gone = [...earlier.keys()].filter((path) => !now.has(path) && nearestAbove(path, (above) => roots.has(above)) !== undefined);
  return { ...incrementalCopies(units, { kind: 'changed', records: recordsOfPlaces(units, earlier) }), gone: gone.sort() };
}
