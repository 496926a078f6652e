import type { RecordedDatabase, RecordedTable } from '../model/data-set.ts';
import { compareText } from '../model/order.ts';
import type { LocationMapEntry, ScriptSettings, WarehouseDirectories } from '../model/script-settings.ts';
import { lastNameIn, liesWithin, parentOf, pathIn, place, renameDatabaseIn, restBelow } from './place.ts';
import { movesToNewHive, readsPartitions, scriptTargetDatabase } from './script-rules.ts';

/** Where an entry of the location map sends a path. */
export interface MappedPath {
  readonly path: string;
  readonly entry: LocationMapEntry;
}

/**
 * Looks a path up: the longest entry that covers it decides, counted in whole segments. An entry without a place for this kind of
 * table ends the search.
 */
export function lookUp(map: readonly LocationMapEntry[], path: string, kind: 'external' | 'managed'): MappedPath | undefined {
  const [entry] = map.filter(({ from }) => liesWithin(path, pathIn(from))).sort(longestFirst);
  const to = entry?.[kind];
  if (entry === undefined || to === undefined) return undefined;
  return { path: place(undefined, to, restBelow(path, pathIn(entry.from)) ?? ''), entry };
}

/** The user's entries, then those that warehouse plans make; the user's win where both have the same source. */
export function locationMapOf(database: RecordedDatabase, settings: ScriptSettings): readonly LocationMapEntry[] {
  const own = settings.locations.map;
  const taken = new Set(own.map(({ from }) => pathIn(from)));
  return [...own, ...automaticEntries(database, settings).filter(({ from }) => !taken.has(from))];
}

/** With a plan, whatever directory tables or strayed partitions lie in goes to the planned directory of their kind. */
function automaticEntries(database: RecordedDatabase, settings: ScriptSettings): readonly LocationMapEntry[] {
  const plan = settings.locations.plans[database.name];
  if (plan === undefined || !readsPartitions(settings)) return [];
  const renamed = scriptTargetDatabase(database.name, settings);
  const targets = plannedDirectories(database, plan, renamed);
  const found = new Map<string, LocationMapEntry>();
  for (const { source } of database.tables) {
    if (source === undefined) continue;
    const kind = source.table.tableType === 'EXTERNAL_TABLE' ? 'external' : 'managed';
    for (const from of sourceDirectories(source, renamed === database.name)) {
      const to = targets[kind];
      if (to === undefined || liesWithin(from, to)) continue;
      found.set(from, { ...(found.get(from) ?? { from }), ...entryFor(kind, targets, settings) });
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.from, b.from));
}

/** Managed tables of Hive 1 and 2 become external ones: their directory is mapped for both kinds. */
function entryFor(
  kind: 'external' | 'managed',
  { external, managed }: WarehouseDirectories,
  settings: ScriptSettings,
): Omit<LocationMapEntry, 'from'> {
  if (kind === 'external') return external === undefined ? {} : { external };
  return {
    ...(managed === undefined ? {} : { managed }),
    ...(movesToNewHive(settings) && external !== undefined ? { external } : {}),
  };
}

function plannedDirectories(
  { name, source }: RecordedDatabase,
  { external, managed }: WarehouseDirectories,
  renamed: string,
): WarehouseDirectories {
  const below = (base: string, location: string | undefined): string =>
    place(undefined, base, renameDatabaseIn(location === undefined ? `${name}.db` : lastNameIn(location), name, renamed));
  return {
    ...(external === undefined ? {} : { external: below(external, source?.locationUri) }),
    ...(managed === undefined ? {} : { managed: below(managed, source?.managedLocationUri) }),
  };
}

/**
 * The directory above the table's, and the one above the place that each strayed partition's table directory would have.
 *
 * @param withTable false for a renamed database: its tables follow the new database directory by themselves
 */
function sourceDirectories({ table, partitions }: RecordedTable, withTable: boolean): readonly string[] {
  const { location } = table.storage;
  if (location === undefined) return [];
  const strayed = partitions.flatMap(({ name, location: at }) =>
    at === undefined || liesWithin(at, location) ? [] : [pathIn(above(at, name.split('/').length + 1))],
  );
  return [...new Set([...(withTable ? [pathIn(parentOf(location))] : []), ...strayed])];
}

function above(text: string, levels: number): string {
  return levels === 0 ? text : above(parentOf(text), levels - 1);
}

function longestFirst(a: LocationMapEntry, b: LocationMapEntry): number {
  return pathIn(b.from).length - pathIn(a.from).length || compareText(a.from, b.from);
}
