import { sizeInParameters } from '../inventory/recorded-size.ts';
import { parseLocation } from '../model/location.ts';
import type { Namespace } from '../model/location.ts';
import type { Parameters, TableWithPartitions } from '../model/table.ts';
import type { CopyPart, CopyUnit } from '../model/transfer.ts';
import { nearestAbove } from '../translate/places-above.ts';
import type { CopyRecord } from './incremental.ts';

/** What the metastore says of a directory: by it two readings tell whether Hive wrote there in between. */
export type TrackedPlace = Omit<CopyPart, 'source'>;

/** By location. */
export type TrackedPlaces = ReadonlyMap<string, TrackedPlace>;

/** Clocks of the metastore and of who reads it need not be nearer than this. */
const CLOCK_SECONDS = 60;
const NO_PARTITION: TrackedPlace = { listing: 'no file that Hive reads', modifiedAt: '1970-01-01T00:00:00.000Z' };

/**
 * The directories of a table's partitions, or its own when it has none, each with the time and the statistics that Hive writes when it
 * writes there. Files that others write are not seen.
 *
 * @param namespace of locations that name none
 */
export function trackedPlaces({ table, partitions }: TableWithPartitions, namespace: Namespace): TrackedPlaces {
  const at = (text: string | undefined, tracked: TrackedPlace): readonly (readonly [string, TrackedPlace])[] => {
    const location = text === undefined ? undefined : parseLocation(text, namespace);
    return location === undefined ? [] : [[location, tracked]];
  };
  if (table.partitionKeys.length === 0) return new Map(at(table.storage.location, trackedBy(table.parameters)));
  // A schema file may lie beside the partitions, and nobody tells when it changes.
  const own = Object.keys(table.parameters).some((key) => key.startsWith('avro.')) ? {} : NO_PARTITION;
  return new Map([
    ...at(table.storage.location, own),
    ...partitions.flatMap(({ storage, parameters }) => at(storage.location, trackedBy(parameters))),
  ]);
}

function trackedBy(parameters: Parameters): TrackedPlace {
  const { transient_lastDdlTime: time = '', totalSize = '', numFiles = '' } = parameters;
  const size = sizeInParameters(parameters);
  if (!/^\d{1,11}$/.test(time)) return size === undefined ? {} : { size };
  const modifiedAt = new Date(Number(time) * 1000).toISOString();
  return { listing: `${time} ${totalSize} ${numFiles}`, modifiedAt, ...(size === undefined ? {} : { size }) };
}

/** Without a listing where something may have been written while, or after, an earlier reading was made: it is copied again. */
export function surelyTracked(places: TrackedPlaces, readAt: string): TrackedPlaces {
  const from = Date.parse(readAt) - CLOCK_SECONDS * 1000;
  return new Map(
    [...places].map(([place, { listing, ...tracked }]) => {
      const isSure = listing !== undefined && (tracked.modifiedAt === undefined || Date.parse(tracked.modifiedAt) < from);
      return [place, isSure ? { ...tracked, listing } : tracked];
    }),
  );
}

/** What an earlier reading says of units that were copied then as they are planned now. */
export function recordsOfPlaces(units: readonly CopyUnit[], earlier: TrackedPlaces): readonly CopyRecord[] {
  const parts = new Map<string, Record<string, string>>(units.map(({ source }) => [source, {}]));
  for (const [place, { listing }] of earlier) {
    if (listing === undefined || parts.has(place)) continue;
    const holder = nearestAbove(place, (above) => parts.has(above));
    const held = holder === undefined ? undefined : parts.get(holder);
    if (held !== undefined) held[place] = listing;
  }
  return units.map(({ source, target }) => {
    const rest = earlier.get(source)?.listing;
    return { source, target, parts: parts.get(source) ?? {}, ...(rest === undefined ? {} : { rest }) };
  });
}
