import type { DatabaseHead } from '../model/data-set.ts';
import type { ScriptSettings, WarehouseDirectories } from '../model/script-settings.ts';
import { lastNameIn, parentOf, pathIn, place, renameDatabaseIn } from './place.ts';
import { targetNamespaceOf, targetProfile } from './script-rules.ts';

/** Where a database of the target lies; implied ones need no statement. */
export interface PlannedLocations {
  readonly location?: string;
  readonly managedLocation?: string;
  /** The cluster's own default gives it. */
  readonly isLocationImplied: boolean;
  readonly isManagedImplied: boolean;
}

/** Directories of a database: its own plan, else the general ones, else those that the target cluster uses by itself. */
export function warehouseOf(database: string, settings: ScriptSettings): WarehouseDirectories | undefined {
  const { plans, warehouse } = settings.locations;
  const candidates = [plans[database], whole(warehouse), whole(targetProfile(settings).warehouse)];
  return candidates.find((candidate) => candidate !== undefined);
}

/** Locations by the source's own (RELATIVE) or by the warehouse directories (ALIGNED), under the target's namespace. */
export function plannedLocations(database: DatabaseHead, settings: ScriptSettings, name: string): PlannedLocations {
  const namespace = targetNamespaceOf(settings) ?? '';
  const { location, managed } = originals(database, settings);
  const isForced = isAligned(settings) || settings.strategy === 'SQL';
  const warehouse = isAligned(settings) ? warehouseOf(database.name, settings) : undefined;
  const fallback = defaultLocation(settings, name);
  const from = location ?? (isForced ? fallback : undefined);
  const external = from === undefined ? undefined : relocated(from, warehouse?.external, { database, settings, name });
  const directory = managed ?? (isAligned(settings) ? `/${leftDirectory(database)}` : undefined);
  const owned = directory === undefined ? undefined : relocated(directory, warehouse?.managed, { database, settings, name });
  const own = targetProfile(settings).warehouse;
  return {
    ...(external === undefined ? {} : { location: place(namespace, external) }),
    ...(owned === undefined ? {} : { managedLocation: place(namespace, owned) }),
    isLocationImplied: isAligned(settings) && isDefault(external, own?.external),
    isManagedImplied: isAligned(settings) && isDefault(owned, own?.managed),
  };
}

/** In HDP 3 the location of a database is where its managed tables lie. */
function originals({ source }: DatabaseHead, { clusters }: ScriptSettings) {
  return clusters.source.isHdp3
    ? { location: undefined, managed: source?.locationUri }
    : { location: source?.locationUri, managed: source?.managedLocationUri };
}

function isAligned({ strategy, locations }: ScriptSettings): boolean {
  return strategy === 'STORAGE_MIGRATION' || locations.translation === 'ALIGNED';
}

function defaultLocation({ clusters }: ScriptSettings, name: string): string {
  return place(undefined, clusters.source.warehouse?.external ?? '/warehouse/tablespace/external/hive', `${name}.db`);
}

interface Relocating {
  readonly database: DatabaseHead;
  readonly settings: ScriptSettings;
  readonly name: string;
}

function relocated(from: string, base: string | undefined, { database, settings, name }: Relocating): string {
  const path = base === undefined ? pathIn(from) : place(undefined, base, lastNameIn(from));
  const renamed = renameDatabaseIn(path, database.name, name);
  const isUnnamed = !lastNameIn(renamed).includes(name);
  return settings.names.databaseRename !== undefined && isUnnamed ? place(parentOf(renamed), `${name}.db`) : renamed;
}

function leftDirectory({ name, source }: DatabaseHead): string {
  return source?.locationUri === undefined ? `${name}.db` : lastNameIn(source.locationUri);
}

function isDefault(path: string | undefined, directory: string | undefined): boolean {
  return path !== undefined && directory !== undefined && parentOf(path) === pathIn(directory);
}

function whole(directories: WarehouseDirectories | undefined): WarehouseDirectories | undefined {
  return directories?.external === undefined || directories.managed === undefined ? undefined : directories;
}
