import type { Database } from '../model/table.ts';
import { lines } from './create-table.ts';
import { identifier, literal, propertyList } from './quote.ts';

/** `CREATE DATABASE IF NOT EXISTS`. MANAGEDLOCATION is never written: Hive 3 cannot parse it. */
export function createDatabase(database: Database): string {
  const properties = propertyList(database.parameters);
  return lines([
    `CREATE DATABASE IF NOT EXISTS ${identifier(database.name)}`,
    database.description === undefined ? undefined : `COMMENT ${literal(database.description)}`,
    database.locationUri === undefined ? undefined : `LOCATION ${literal(database.locationUri)}`,
    properties === undefined ? undefined : `WITH DBPROPERTIES ${properties}`,
  ]);
}
