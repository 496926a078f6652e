import { compareText } from '../model/order.ts';
import { isWithin, partsOf } from '../model/location.ts';
import { displayName } from '../model/table.ts';
import type { Neighbour } from './table-input.ts';

/**
 * For each table the other tables that lie at or below its location. One sort and one scan: a location's descendants follow it
 * directly when locations are ordered by whole segments.
 *
 * @param tables all tables of the source cluster that have a location, any order
 * @returns by `displayName`; tables without neighbours are left out
 */
export function neighboursByTable(tables: readonly Neighbour[]): ReadonlyMap<string, readonly Neighbour[]> {
  const ordered = tables.map((table) => ({ table, key: sortKey(table) })).sort((a, b) => compareText(a.key, b.key));
  const found = new Map<string, Neighbour[]>();
  const open: Neighbour[] = [];
  for (const { table } of ordered) {
    closeLeft(open, table);
    for (const outer of open) link(found, outer, table);
    open.push(table);
  }
  return found;
}

function closeLeft(open: Neighbour[], next: Neighbour): void {
  for (let last = open.at(-1); last !== undefined && !isWithin(next.location, last.location); last = open.at(-1)) open.pop();
}

function link(found: Map<string, Neighbour[]>, outer: Neighbour, inner: Neighbour): void {
  append(found, displayName(outer.table), inner);
  if (outer.location === inner.location) append(found, displayName(inner.table), outer);
}

function append(found: Map<string, Neighbour[]>, key: string, neighbour: Neighbour): void {
  const list = found.get(key);
  if (list === undefined) found.set(key, [neighbour]);
  else list.push(neighbour);
}

/** NUL sorts before every character of a segment, so that `/a/b` comes before `/a-x`. */
function sortKey({ location, table }: Neighbour): string {
  const { namespace, segments } = partsOf(location);
  return `${[namespace, ...segments].join('\u0000')}\u0000\u0000${displayName(table)}`;
}
