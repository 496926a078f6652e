import type { TableInput } from '../inventory/table-input.ts';
import { partitionName } from '../inventory/partition-name.ts';
import { issue } from '../issues.ts';
import type { IssueCode } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { below, isWithin, parseLocation, relativeTo } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import type { LocationMapping, PlannedPartition } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Partition } from '../model/table.ts';
import { mapLocation } from './map-location.ts';
import type { LocationMapper } from './map-location.ts';
import { partitionParameters } from './properties.ts';
import { descriptor } from './translate-table.ts';
import type { TableMove } from './translate-table.ts';

/** Where a table and its partitions go. `move` is absent when the table itself goes nowhere. */
export interface MappedTable {
  readonly move?: TableMove;
  readonly partitions: readonly PlannedPartition[];
  readonly mappings: readonly LocationMapping[];
  readonly issues: readonly Issue[];
}

/** Maps a table's directory and each partition's: below the table directory relative to it, elsewhere by the rules of locations. */
export function mapTable(input: TableInput, mapper: LocationMapper = mapLocation): MappedTable {
  const subject = displayName({ database: input.source.table.database, table: input.source.table.name });
  const text = input.source.table.storage.location;
  if (text === undefined || text === '') return nowhere(issue('TABLE_LOCATION_MISSING', subject));
  const from = parseLocation(text, input.clusters.source.namespace);
  if (from === undefined) return nowhere(issue('TABLE_LOCATION_INVALID', subject, { location: text }));
  const mapped = mapper(from, input);
  if (mapped === undefined) return nowhere(issue('TABLE_LOCATION_UNMAPPED', subject, { location: from }));
  const move = { from, to: mapped.to };
  const places = sortedBy(
    input.source.partitions.map((partition) => placeOf(partition, { input, move, mapper })),
    ({ name }) => name,
  );
  return {
    move,
    partitions: places.flatMap(plannedPartition),
    mappings: [{ subject: 'table', from, ...mapped }, ...places.flatMap(partitionMapping)],
    issues: issuesOf(places, subject, move),
  };
}

type Place =
  | {
      readonly kind: 'mapped';
      readonly name: string;
      readonly partition: Partition;
      readonly from: Location;
      readonly to: Location;
      readonly rule: string;
      readonly reason: string;
    }
  | { readonly kind: 'refused'; readonly name: string; readonly code: IssueCode };

interface Placing {
  readonly input: TableInput;
  readonly move: TableMove;
  readonly mapper: LocationMapper;
}

function placeOf(partition: Partition, { input, move, mapper }: Placing): Place {
  const name = partitionName(input.source.table.partitionKeys, partition.values);
  const from = parseLocation(partition.storage.location ?? '', input.clusters.source.namespace);
  if (from === undefined) return { kind: 'refused', name, code: 'PARTITION_LOCATION_INVALID' };
  const rest = relativeTo(from, move.from);
  if (rest !== undefined) {
    return {
      kind: 'mapped',
      name,
      partition,
      from,
      to: below(move.to, rest),
      rule: 'inside-table',
      reason: 'keeps its place below the table directory',
    };
  }
  // A directory that stays where it is may hold the table's.
  if (isWithin(move.from, from) && move.to !== move.from) return { kind: 'refused', name, code: 'PARTITION_ABOVE_TABLE' };
  const mapped = mapper(from, input);
  return mapped === undefined
    ? { kind: 'refused', name, code: 'PARTITION_LOCATION_UNMAPPED' }
    : { kind: 'mapped', name, partition, from, ...mapped };
}

function plannedPartition(place: Place): readonly PlannedPartition[] {
  if (place.kind === 'refused') return [];
  const { name, partition, from, to } = place;
  return [
    {
      name,
      values: partition.values,
      source: from,
      target: to,
      storage: descriptor(partition.storage, to),
      parameters: partitionParameters(partition.parameters),
    },
  ];
}

/** Partitions that keep their place are told by the table's mapping: only the others are listed. */
function partitionMapping(place: Place): readonly LocationMapping[] {
  if (place.kind === 'refused' || place.rule === 'inside-table') return [];
  const { name, from, to, rule, reason } = place;
  return [{ subject: 'partition', partition: name, from, to, rule, reason }];
}

function issuesOf(places: readonly Place[], subject: string, move: TableMove): readonly Issue[] {
  const mapped = places.filter((place) => place.kind === 'mapped');
  const refused = places.filter((place) => place.kind === 'refused');
  return [
    ...REFUSALS.flatMap((code) =>
      summary(
        code,
        subject,
        refused.filter((place) => place.code === code),
      ),
    ),
    ...summary(
      'PARTITION_OUTSIDE_TABLE',
      subject,
      mapped.filter(({ rule }) => rule !== 'inside-table'),
    ),
    ...summary(
      'PARTITION_AT_TABLE_LOCATION',
      subject,
      mapped.filter(({ from }) => from === move.from),
    ),
    ...summary('PARTITIONS_SHARE_LOCATION', subject, sharing(mapped)),
  ];
}

/** All but the first partition of each location that has several. */
function sharing<P extends { readonly from: Location }>(places: readonly P[]): readonly P[] {
  const first = new Map<Location, P>();
  for (const place of places) if (!first.has(place.from)) first.set(place.from, place);
  return places.filter((place) => first.get(place.from) !== place);
}

/** One issue for all partitions of a kind, so that a plan does not grow with what is wrong with it. */
export function summary(code: IssueCode, subject: string, found: readonly { readonly name: string }[]): readonly Issue[] {
  if (found.length === 0) return [];
  return [issue(code, subject, { count: found.length, examples: found.slice(0, 5).map(({ name }) => name) })];
}

function nowhere(refusal: Issue): MappedTable {
  return { partitions: [], mappings: [], issues: [refusal] };
}

const REFUSALS: readonly IssueCode[] = ['PARTITION_LOCATION_INVALID', 'PARTITION_LOCATION_UNMAPPED', 'PARTITION_ABOVE_TABLE'];
