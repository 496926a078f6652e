import type { Neighbour } from '../inventory/table-input.ts';
import { below, isWithin, relativeTo } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import { summary } from '../translate/map-table.ts';
import { copyRootsOf } from './copy-roots.ts';
import { refusePlan } from './destinations.ts';

/** Where the files of one table come from or go to, each place by its name. */
export const placesOf = (plan: TablePlan, side: 'source' | 'target'): readonly Neighbour[] =>
  plan.copiedBy === undefined ? copyRootsOf(plan).map((root) => ({ table: plan[side], location: root[side] })) : [];

/**
 * Refuses a plan whose copies go where other tables stand on the target. One whose directory is left out, or that lies there as a table of
 * the source does, is not in the way: the same files come to it.
 *
 * @param standing tables of the target at or below the destinations, without its own
 * @param atSource tables of the source at or below the directories that are copied
 */
export function refuseOccupied(
  plan: TablePlan,
  { standing, atSource }: { readonly standing: readonly Neighbour[]; readonly atSource: readonly Neighbour[] },
): TablePlan {
  const known = new Set(atSource.map(({ location }) => location));
  const isInTheWay = ({ location }: Neighbour): boolean =>
    copyRootsOf(plan).some(({ source, target, excluded }) => {
      const path = relativeTo(location, target);
      if (path === undefined) return false;
      const from = below(source, path);
      return !known.has(from) && !excluded.some((other) => isWithin(from, other));
    });
  const others = standing.filter(isInTheWay).map(({ table, location }) => ({ name: displayName(table), location }));
  const [refusal] = summary('DESTINATION_HOLDS_OTHER_TABLES', displayName(plan.source), others);
  return refusal === undefined ? plan : refusePlan(plan, refusal);
}
