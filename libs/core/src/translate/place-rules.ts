import type { Issue } from '../model/issue.ts';
import type { LocationMap, LocationMapEntry } from '../model/script-settings.ts';
import { liesWithin, namespaceIn, pathIn, place, restBelow } from './place.ts';

/** A location that is to be mapped: a table's or a partition's. */
export interface PlaceOf {
  /** With its namespace; in scripts, as it was recorded. */
  readonly from: string;
  /** Which directories of the location map and of the database count. */
  readonly kind: 'external' | 'managed';
  /** The kind for directories of the database, where it differs from the map's. */
  readonly alignedKind?: 'external' | 'managed';
  /** Hive's name of the partition; absent for the table. */
  readonly partition?: string;
}

/** Where a location goes, by which rule and why; or why it goes nowhere. */
export type TranslatedPlace =
  | { readonly kind: 'placed'; readonly to: string; readonly isMapped: boolean; readonly rule: string; readonly reason: string }
  | { readonly kind: 'refused'; readonly issue: Issue };

/** Undefined for a location that the rule does not cover. */
export type PlaceRule = (of: PlaceOf) => TranslatedPlace | undefined;

/**
 * The one mapper of locations, for the service and for scripts: the first rule that covers a location decides.
 *
 * @returns undefined when none covers it: nothing is guessed
 */
export function mapPlace(rules: readonly PlaceRule[], of: PlaceOf): TranslatedPlace | undefined {
  for (const rule of rules) {
    const found = rule(of);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A location map and what its paths are of. */
export interface MapOfLocations {
  readonly map: LocationMap;
  /** Whether entries are found by whole locations, or by paths, which count on any namespace. */
  readonly keys: 'locations' | 'paths';
  /** Where entries lead that say no namespace. */
  readonly namespace: string;
}

/**
 * By the location map: the longest entry that covers the location, counted in whole segments. An entry without a place for this kind
 * of table ends the search in the map.
 */
export function byLocationMap({ map, keys, namespace }: MapOfLocations): PlaceRule {
  if (map.size === 0) return () => undefined;
  const covering = coveringEntries(map);
  return ({ from, kind }) => {
    const path = pathIn(from);
    const entry = covering(keys === 'paths' ? '' : (namespaceIn(from) ?? ''), path);
    const to = entry?.[kind];
    if (entry === undefined || to === undefined) return undefined;
    const rest = restBelow(path, pathIn(entry.from)) ?? '';
    const target = namespaceIn(to) === undefined ? below(place(namespace, to), rest) : place(to, rest);
    const reason = `the location map sends ${entry.from} to ${to}${forKind(entry, kind)}`;
    return placed(target, { isMapped: true, rule: 'location-map', reason });
  };
}

function below(base: string, rest: string): string {
  return rest === '' ? base : place(base, rest);
}

/** Finds entries; what covers a directory is looked for once for all that lies directly in it, one after the other. */
function coveringEntries(map: LocationMap): (namespace: string, path: string) => LocationMapEntry | undefined {
  let last: { readonly directory: string; readonly entry: LocationMapEntry | undefined } | undefined;
  return (namespace, path) => {
    const own = map.get(`${namespace}${path}`);
    if (own !== undefined || path === '/') return own;
    const directory = `${namespace}${parentPath(path)}`;
    if (last?.directory !== directory) last = { directory, entry: covering(map, namespace, parentPath(path)) };
    return last.entry;
  };
}

function covering(map: LocationMap, namespace: string, path: string): LocationMapEntry | undefined {
  for (let at = path; ; at = parentPath(at)) {
    const found = map.get(`${namespace}${at}`);
    if (found !== undefined || at === '/') return found;
  }
}

function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** An entry that sends both kinds to one place need not tell them apart. */
function forKind({ external, managed }: LocationMapEntry, kind: PlaceOf['kind']): string {
  return external === managed ? '' : ` for ${kind} tables`;
}

/** A directory whose content goes to another one; databases below it get a prefix. */
export interface WarehouseMove {
  readonly from: string;
  readonly to: string;
  /** A directory inside `from` that is not meant. */
  readonly except?: string;
  readonly databasePrefix: string;
}

/**
 * From the managed warehouse to the external one: a copy is an external table, and Hive 4 refuses external tables inside its managed
 * warehouse; CREATE DATABASE fails there when the directory exists already.
 */
export function byWarehouse({ from: warehouse, to, except, databasePrefix }: WarehouseMove): PlaceRule {
  return ({ from }) => {
    if (except !== undefined && liesWithin(from, except)) return undefined;
    const rest = restBelow(from, warehouse);
    if (rest === undefined) return undefined;
    const reason = `the managed warehouse ${warehouse} goes to the target's external warehouse ${to}`;
    return placed(place(to, prefixDatabase(rest, databasePrefix)), { rule: 'managed-to-external-warehouse', reason });
  };
}

/** With a prefix the database's directory is another too, or the copy would share it with an unprefixed one. */
function prefixDatabase(rest: string, prefix: string): string {
  const [first = ''] = rest.split('/');
  return first.endsWith('.db') ? `${prefix}${rest}` : rest;
}

/** The same path on another namespace. */
export interface SamePath {
  readonly rule: string;
  /** Only locations of this namespace. @default those of any */
  readonly from?: string;
  readonly to: string;
  /** Changes the path. @default kept */
  readonly renamed?: (path: string) => string;
}

export function bySamePath({ rule, from: own, to, renamed }: SamePath): PlaceRule {
  return ({ from }) => {
    if (own !== undefined && namespaceIn(from) !== own) return undefined;
    const path = pathIn(from);
    const reason = `same path on ${to}${own === undefined ? '' : ` as on ${own}`}`;
    return placed(place(to, renamed === undefined ? path : renamed(path)), { rule, reason });
  };
}

/** Where the target's table points at the source's files. */
export const staying: PlaceRule = ({ from }) =>
  placed(from, { rule: 'location-kept', reason: 'the files stay where they are, and the target reads them there' });

interface Why {
  readonly rule: string;
  readonly reason: string;
  /** An entry of the location map said it in so many words. @default false */
  readonly isMapped?: boolean;
}

export function placed(to: string, { rule, reason, isMapped = false }: Why): TranslatedPlace {
  return { kind: 'placed', to, isMapped, rule, reason };
}
