import { createDatabase } from '../hiveql/create-database.ts';
import type { DatabaseInput } from '../inventory/table-input.ts';
import { targetDatabase } from '../inventory/table-input.ts';
import { functionIssues } from '../inventory/function-names.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { below, isWithin, parseLocation } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { DatabasePlan, PlannedStatement } from '../model/plan.ts';
import { mapLocation } from '../translate/map-location.ts';
import { strategyNamed } from '../strategies/registry.ts';
import { PREFLIGHT_DATABASE, onTarget } from './statements.ts';

/**
 * Plans a database: created when it is not there, before any data is (Hive 4 refuses one whose managed directory exists), and the
 * working database for trying CREATE statements.
 */
export function planDatabase(input: DatabaseInput): DatabasePlan {
  const files = strategyNamed(input.settings.strategy).service?.files;
  if (files === 'described') return describedDatabase(input);
  if (files === 'relocated') return standingDatabase(input);
  const { location, issues } = databaseLocation(input);
  const target = targetDatabase(input.source.name, input.settings);
  const { locationUri: _from, managedLocationUri: _managed, ...rest } = input.source;
  const database = { ...rest, name: target, ...(location === undefined ? {} : { locationUri: location }) };
  const statements: readonly PlannedStatement[] = [
    ...(target === 'default' ? [] : [{ ...onTarget('create-database', createDatabase(database)), subject: target }]),
    preflightDatabase(),
  ];
  return { source: input.source.name, target, statements, issues: [...issues, ...functionIssues(input.source.name, input.functions)] };
}

function preflightDatabase(): PlannedStatement {
  const sql = createDatabase({ name: PREFLIGHT_DATABASE, description: 'Hiveferry tries CREATE statements here', parameters: {} });
  return { ...onTarget('create-database', sql), subject: PREFLIGHT_DATABASE };
}

/** Its tables change their places, not it: tables to come go where it says. */
function standingDatabase({ source }: DatabaseInput): DatabasePlan {
  const location = source.locationUri ?? 'its default place';
  return {
    source: source.name,
    target: source.name,
    statements: [preflightDatabase()],
    issues: [issue('DATABASE_LOCATION_STAYS', source.name, { location })],
  };
}

/** As it stands at the source, for the source. */
function describedDatabase({ source }: DatabaseInput): DatabasePlan {
  const statements: readonly PlannedStatement[] =
    source.name === 'default' ? [] : [{ side: 'source', purpose: 'create-database', sql: createDatabase(source), subject: source.name }];
  return { source: source.name, target: source.name, statements, issues: [] };
}

interface DatabaseLocation {
  readonly location?: Location;
  readonly issues: readonly Issue[];
}

/** Only a location that is not the default one is carried over: the target has its own default. */
function databaseLocation(input: DatabaseInput): DatabaseLocation {
  const { source, clusters } = input;
  if (source.locationUri === undefined || source.locationUri === '') return { issues: [] };
  const from = parseLocation(source.locationUri, clusters.source.namespace);
  if (from === undefined) return { issues: [issue('DATABASE_LOCATION_INVALID', source.name, { location: source.locationUri })] };
  if (isDefault(from, input)) return { issues: [] };
  const mapped = mapLocation(from, input);
  if (mapped === undefined || isInManagedWarehouse(mapped.to, input)) {
    return { issues: [issue('DATABASE_LOCATION_UNMAPPED', source.name, { location: from })] };
  }
  return { location: mapped.to, issues: [] };
}

function isDefault(
  location: Location,
  {
    source,
    clusters: {
      source: { managedWarehouse, externalWarehouse },
    },
  }: DatabaseInput,
): boolean {
  const names = source.name === 'default' ? [] : [`${source.name}.db`];
  return [managedWarehouse, externalWarehouse].some((warehouse) => below(warehouse, names) === location);
}

function isInManagedWarehouse(location: Location, { clusters: { target } }: DatabaseInput): boolean {
  return isWithin(location, target.managedWarehouse) && !isWithin(location, target.externalWarehouse);
}
