import {
  createManagedDatabase,
  setDatabaseLocation,
  setDatabaseOwner,
  setDatabaseProperty,
  setManagedLocation,
} from '../hiveql/alter-database.ts';
import type { CreatedDatabase } from '../hiveql/alter-database.ts';
import { faultOfSetting } from '../hiveql/session-variable.ts';
import type { Side, TargetDatabase } from '../inventory/script-input.ts';
import { functionIssues } from '../inventory/function-names.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { DatabaseHead } from '../model/data-set.ts';
import { sortedEntries } from '../model/order.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { ScriptSettings, WarehouseDirectories } from '../model/script-settings.ts';
import { scriptTargetDatabase, targetNamespaceOf, targetProfile } from '../translate/script-rules.ts';
import { plannedLocations, warehouseOf } from '../translate/database-locations.ts';
import type { PlannedLocations } from '../translate/database-locations.ts';
import type { Database } from '../model/table.ts';
import { executed } from './script-statements.ts';
import { NOT_NEEDED, noWayBack, undoOfCreateDatabase, undoneBy, withUndo } from './undo.ts';

/** Statements of a database, and how it stands afterwards. */
export interface DatabaseDraft {
  readonly target: TargetDatabase;
  readonly warehouse?: WarehouseDirectories;
  readonly statements: readonly ScriptStatement[];
  readonly issues: readonly Issue[];
}

export function draftDatabase(database: DatabaseHead, settings: ScriptSettings): DatabaseDraft {
  const drafted = draftOf(database, settings);
  return { ...drafted, issues: [...drafted.issues, ...functionIssues(database.name, database.functions)] };
}

function draftOf(database: DatabaseHead, settings: ScriptSettings): DatabaseDraft {
  const name = scriptTargetDatabase(database.name, settings);
  const warehouse = warehouseOf(database.name, settings);
  const known = { ...(warehouse === undefined ? {} : { warehouse }), target: existing(database, name) };
  const wrong = wrongSettings(database, settings);
  if (wrong.length > 0) return { ...known, statements: [], issues: wrong };
  if (settings.strategy === 'DUMP') return { ...known, statements: dumped(database, name), issues: [] };
  if (settings.selection.views || isInPlaceBySql(settings)) return { ...known, statements: [], issues: [] };
  const refusal = missing(database, settings, warehouse);
  if (refusal !== undefined) return { ...known, statements: [], issues: [refusal] };
  if (settings.strategy === 'CONVERT_LINKED' || settings.strategy === 'ICEBERG_CONVERSION') return { ...known, statements: [], issues: [] };
  return { ...known, issues: [], ...built(database, settings, name) };
}

/** Property overrides that would not be one SET each: nothing of the run is to be executed. */
function wrongSettings({ name }: DatabaseHead, { inserts }: ScriptSettings): readonly Issue[] {
  return inserts.overrides.flatMap(({ key, value }) => {
    const reason = faultOfSetting(key, value);
    return reason === undefined ? [] : [issue('SETTING_INVALID', name, { key, reason })];
  });
}

function isInPlaceBySql({ strategy, acid }: ScriptSettings): boolean {
  return strategy === 'SQL' && acid.inPlace;
}

function missing({ name }: DatabaseHead, settings: ScriptSettings, warehouse: WarehouseDirectories | undefined): Issue | undefined {
  if (settings.strategy === 'ICEBERG_CONVERSION') return undefined;
  if (targetNamespaceOf(settings) === undefined) return issue('TARGET_NAMESPACE_MISSING', name);
  return warehouse === undefined ? issue('WAREHOUSE_DIRECTORIES_MISSING', name) : undefined;
}

function existing({ target }: DatabaseHead, name: string): TargetDatabase {
  return {
    name,
    ...(target?.locationUri === undefined ? {} : { location: target.locationUri }),
    ...(target?.managedLocationUri === undefined ? {} : { managedLocation: target.managedLocationUri }),
  };
}

function dumped({ source }: DatabaseHead, name: string): readonly ScriptStatement[] {
  const created = createManagedDatabase({
    name,
    ...(source?.description === undefined ? {} : { comment: source.description }),
    ...(source?.locationUri === undefined ? {} : { location: source.locationUri }),
    ...(source?.managedLocationUri === undefined ? {} : { managedLocation: source.managedLocationUri }),
  });
  return [withUndo(executed('source', 'create-database', created), NOT_NEEDED)];
}

function built(database: DatabaseHead, settings: ScriptSettings, name: string): Pick<DatabaseDraft, 'target' | 'statements'> {
  const planned = plannedLocations(database, settings, name);
  const target = {
    ...existing(database, name),
    ...(planned.location === undefined ? {} : { location: planned.location }),
    ...(planned.managedLocation === undefined ? {} : { managedLocation: planned.managedLocation }),
  };
  if (settings.strategy !== 'STORAGE_MIGRATION') return { target, statements: onTarget(database, settings, { name, planned }) };
  return {
    target: settings.movement.keepDatabaseLocation ? existing(database, name) : target,
    statements: onSource(database, settings, { name, planned }),
  };
}

interface NewDatabase {
  readonly name: string;
  readonly planned: PlannedLocations;
}

function onSource(database: DatabaseHead, settings: ScriptSettings, { name, planned }: NewDatabase): readonly ScriptStatement[] {
  const created = name === database.name ? [] : [creatingDatabase('source', { name })];
  const before = name === database.name ? database.source : undefined;
  if (settings.movement.keepDatabaseLocation) return created;
  return [...created, ...altering('source', name, { planned, isHdp3: settings.clusters.source.isHdp3, before })];
}

function onTarget(database: DatabaseHead, settings: ScriptSettings, { name, planned }: NewDatabase): readonly ScriptStatement[] {
  const { isHdp3 } = targetProfile(settings);
  const changed = changes(database, planned);
  const comment = database.source?.description;
  const described = { name, ...(comment === undefined ? {} : { comment }) };
  const isWhole = database.target === undefined && settings.databases.consolidateCreate && !isHdp3;
  const created = database.target === undefined ? [creatingDatabase('target', described)] : [];
  return [
    ...(isWhole
      ? [creatingDatabase('target', { ...described, ...said(changed) })]
      : [...created, ...altering('target', name, { planned: changed, isHdp3, before: database.target })]),
    ...propertiesOf(database, settings, name),
    ...ownerOf(database, settings, name),
  ];
}

function creatingDatabase(side: Side, database: CreatedDatabase): ScriptStatement {
  return withUndo(executed(side, 'create-database', createManagedDatabase(database)), undoOfCreateDatabase(database.name));
}

/** Locations that the target's database does not have yet. */
function changes({ target }: DatabaseHead, planned: PlannedLocations): PlannedLocations {
  return {
    ...planned,
    isLocationImplied: planned.isLocationImplied || target?.locationUri === planned.location,
    isManagedImplied: planned.isManagedImplied || target?.managedLocationUri === planned.managedLocation,
  };
}

function said({ location, managedLocation, isLocationImplied, isManagedImplied }: PlannedLocations) {
  return {
    ...(location === undefined || isLocationImplied ? {} : { location }),
    ...(managedLocation === undefined || isManagedImplied ? {} : { managedLocation }),
  };
}

interface Altering {
  readonly planned: PlannedLocations;
  readonly isHdp3: boolean;
  /** The database as it stands; absent when the plan makes it. */
  readonly before: Database | undefined;
}

/** HDP 3 has no MANAGEDLOCATION: the location of a database is where its managed tables lie. */
function altering(side: 'source' | 'target', name: string, { planned, isHdp3, before }: Altering): readonly ScriptStatement[] {
  const { location, managedLocation } = said(planned);
  const alter = (set: (name: string, location: string) => string, to: string, was: string | undefined): ScriptStatement =>
    altered(executed(side, 'alter-database', set(name, to)), before, was === undefined ? undefined : set(name, was));
  return [
    ...(location === undefined || isHdp3 ? [] : [alter(setDatabaseLocation, location, before?.locationUri)]),
    ...(managedLocation === undefined
      ? []
      : [
          isHdp3
            ? alter(setDatabaseLocation, managedLocation, before?.locationUri)
            : alter(setManagedLocation, managedLocation, before?.managedLocationUri),
        ]),
  ];
}

/** A database that the plan makes takes what is set of it along. */
function altered(statement: ScriptStatement, before: Database | undefined, back: string | undefined): ScriptStatement {
  if (before === undefined) return withUndo(statement, NOT_NEEDED);
  return withUndo(statement, back === undefined ? noWayBack('Hive cannot unset what was not set before') : undoneBy(back));
}

function propertiesOf({ source, target }: DatabaseHead, settings: ScriptSettings, name: string): readonly ScriptStatement[] {
  const skipped = settings.databases.skipProperties.map((pattern) => new RegExp(`^(?:${pattern})$`));
  return sortedEntries(source?.parameters ?? {})
    .filter(([key, value]) => target?.parameters[key] !== value && !skipped.some((pattern) => pattern.test(key)))
    .map(([key, value]) => {
      const was = target?.parameters[key];
      const back = was === undefined ? undefined : setDatabaseProperty(name, key, was);
      return altered(executed('target', 'alter-database', setDatabaseProperty(name, key, value)), target, back);
    });
}

function ownerOf({ source, target }: DatabaseHead, settings: ScriptSettings, name: string): readonly ScriptStatement[] {
  const owner = source?.owner;
  if (!settings.ownership.database || owner?.type !== 'USER') return [];
  const { ownerTakesKind } = targetProfile(settings);
  const set = (to: string): string => setDatabaseOwner(name, to, ownerTakesKind);
  const back = target?.owner?.type === 'USER' ? set(target.owner.name) : undefined;
  return [altered(executed('target', 'set-owner', set(owner.name)), target, back)];
}
