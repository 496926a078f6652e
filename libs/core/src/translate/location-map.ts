import type { DatabaseHead, RecordedTable, TablePair } from '../model/data-set.ts';
import type { LocationMap, LocationMapEntry, ScriptSettings, WarehouseDirectories } from '../model/script-settings.ts';
import { lastNameIn, liesWithin, parentOf, pathIn, place, renameDatabaseIn } from './place.ts';
import { movesToNewHive, readsPartitions, scriptTargetDatabase } from './script-rules.ts';

/** True when the map depends on where tables lie, and all of them are to be looked at. */
export function mapsByTables(database: string, settings: ScriptSettings): boolean {
  return settings.locations.plans[database] !== undefined && readsPartitions(settings);
}

/** The user's entries, and those that warehouse plans make; the user's win where both have the same source. */
export function locationMapOf(database: DatabaseHead, settings: ScriptSettings, tables: Iterable<TablePair>): LocationMap {
  const own = settings.locations.map.map((entry) => [pathIn(entry.from), entry] as const);
  return new Map([...automaticEntries(database, settings, tables), ...own]);
}

/** With a plan, whatever directory tables or strayed partitions lie in goes to the planned directory of their kind. */
function automaticEntries(database: DatabaseHead, settings: ScriptSettings, tables: Iterable<TablePair>): LocationMap {
  const found = new Map<string, LocationMapEntry>();
  const plan = settings.locations.plans[database.name];
  if (plan === undefined || !readsPartitions(settings)) return found;
  const renamed = scriptTargetDatabase(database.name, settings);
  const targets = plannedDirectories(database, plan, renamed);
  for (const { source } of tables) {
    if (source === undefined) continue;
    const kind = source.table.tableType === 'EXTERNAL_TABLE' ? 'external' : 'managed';
    for (const from of sourceDirectories(source, renamed === database.name)) {
      const to = targets[kind];
      if (to === undefined || liesWithin(from, to)) continue;
      found.set(from, { ...(found.get(from) ?? { from }), ...entryFor(kind, targets, settings) });
    }
  }
  return found;
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
  { name, source }: DatabaseHead,
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
