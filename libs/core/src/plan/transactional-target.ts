import { targetDatabase } from '../inventory/table-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { below, namespaceOf, parseLocation } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { displayName } from '../model/table.ts';
import { mapLocation } from '../translate/map-location.ts';
import { mapTable } from '../translate/map-table.ts';
import type { MappedTable } from '../translate/map-table.ts';

/** The source's table is transactional, and the request says that it stays so. */
export function staysTransactional({ source: { table }, settings }: TableInput): boolean {
  return settings.transactionalTables === 'migrate' && isTransactional(table);
}

/**
 * A managed table lies where Hive puts it, below the managed directory of its database: only there its rename, which publishes it, takes the
 * directory along (measured, Hive 3.1.3 and 4.0.1). Location maps say nothing about it.
 */
export function mapTransactional(input: TableInput): MappedTable {
  const { target } = input.clusters;
  const to = below(managedDirectory(input), [input.source.table.name]);
  const reason = `Hive of ${target.name} keeps the managed tables of that database there, and their rename moves them there`;
  const mapped = mapTable({ ...input, source: { ...input.source, partitions: [] } }, () => ({ to, rule: 'managed-place', reason }));
  if (mapped.move === undefined) return mapped;
  return { ...mapped, issues: [...mapped.issues, ...standing(input), ...elsewhere(input, to), ...mapIgnored(input, mapped.move)] };
}

/** Hive 3 has one directory for a database; Hive 4 has another for managed tables. */
function managedDirectory({ source, settings, standingDatabase, clusters: { target } }: TableInput): Location {
  const said = target.hiveMajor < 4 ? standingDatabase?.locationUri : standingDatabase?.managedLocationUri;
  const own = parseLocation(said ?? '', target.namespace);
  if (own !== undefined) return own;
  const database = targetDatabase(source.table.database, settings);
  return below(target.managedWarehouse, database === 'default' ? [] : [`${database}.db`]);
}

/** Rows are not moved into a table that is there: a rename takes no name that is taken. */
function standing(input: TableInput): readonly Issue[] {
  const { target } = input;
  if (target === undefined) return [];
  const name = displayName({ database: target.database, table: target.name });
  return [issue('TRANSACTIONAL_TARGET_EXISTS', subjectOf(input), { target: name, kind: target.tableType })];
}

function elsewhere(input: TableInput, to: Location): readonly Issue[] {
  const { name, namespace } = input.clusters.target;
  return namespaceOf(to) === namespace
    ? []
    : [issue('MANAGED_PLACE_NOT_ON_HDFS', subjectOf(input), { location: to, cluster: name, namespace })];
}

function mapIgnored(input: TableInput, { from, to }: { readonly from: Location; readonly to: Location }): readonly Issue[] {
  const mapped = mapLocation(from, input);
  if (mapped?.rule !== 'location-map' || mapped.to === to) return [];
  return [issue('LOCATION_MAP_NOT_FOR_MANAGED', subjectOf(input), { mapped: mapped.to, to })];
}

const subjectOf = ({ source: { table } }: TableInput): string => displayName({ database: table.database, table: table.name });
