import type { Neighbour } from '../inventory/table-input.ts';
import { isWithin } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { Issue } from '../model/issue.ts';
import { sortedBy } from '../model/order.ts';
import type { PlannedPartition } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import { summary } from '../translate/map-table.ts';
import { ancestorsOf } from './copy-jobs.ts';

/** Other tables in a table's directory: those left out of its copy, and what to say of them. */
export interface ForeignTables {
  readonly excluded: readonly Location[];
  /** Those whose files are also this table's. */
  readonly shared: readonly { readonly name: string }[];
  readonly issues: readonly Issue[];
}

/**
 * A table that lies in this one's directory is copied with its own plan, unless its files are also those of a registered
 * partition of this table.
 */
export function foreignTables(
  subject: string,
  tables: { readonly from: Location; readonly neighbours: readonly Neighbour[]; readonly partitions: readonly PlannedPartition[] },
): ForeignTables {
  const { from, neighbours, partitions } = tables;
  const named = sortedBy(neighbours, ({ table }) => displayName(table)).map(({ table, location }) => ({
    name: displayName(table),
    location,
  }));
  const inside = named.filter(({ location }) => location !== from && isWithin(location, from));
  const isOurs = ownedBy(partitions);
  const foreign = inside.filter(({ location }) => !isOurs(location));
  const twins = named.filter(({ location }) => location === from);
  const onPartitions = inside.filter(({ location }) => isOurs(location));
  return {
    excluded: [...new Set(foreign.map(({ location }) => location))],
    shared: [...twins, ...onPartitions],
    issues: [
      ...summary('LOCATION_SHARED', subject, twins),
      ...summary('LOCATION_HOLDS_OTHER_TABLES', subject, foreign),
      ...summary('PARTITION_HOLDS_OTHER_TABLES', subject, onPartitions),
    ],
  };
}

/** Each table is used at its new place as soon as it lies there: the copy of another one would bring old files over what was written since. */
export function refuseShared(subject: string, { shared }: ForeignTables): readonly Issue[] {
  return summary('MOVES_SHARED_FILES', subject, shared);
}

/** True for a location that is, holds, or lies in the directory of a partition. */
function ownedBy(partitions: readonly PlannedPartition[]): (location: Location) => boolean {
  const own = new Set(partitions.map(({ source }) => source));
  const above = new Set(partitions.flatMap(({ source }) => ancestorsOf(source)));
  return (location) => own.has(location) || above.has(location) || ancestorsOf(location).some((ancestor) => own.has(ancestor));
}
