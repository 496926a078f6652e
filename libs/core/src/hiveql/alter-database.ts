import { identifier, literal } from './quote.ts';

export function setDatabaseLocation(name: string, location: string): string {
  return `ALTER DATABASE ${identifier(name)} SET LOCATION ${literal(location)}`;
}

export function setManagedLocation(name: string, location: string): string {
  return `ALTER DATABASE ${identifier(name)} SET MANAGEDLOCATION ${literal(location)}`;
}

export function setDatabaseProperty(name: string, key: string, value: string): string {
  return `ALTER DATABASE ${identifier(name)} SET DBPROPERTIES (${literal(key)}=${literal(value)})`;
}

/** @param withKind platforms that came with owner types want the word USER, others do not parse it */
export function setDatabaseOwner(name: string, owner: string, withKind: boolean): string {
  return `ALTER DATABASE ${identifier(name)} SET OWNER ${withKind ? 'USER ' : ''}${identifier(owner)}`;
}

/** Hive refuses it for a database that is not empty. */
export function dropDatabase(name: string): string {
  return `DROP DATABASE IF EXISTS ${identifier(name)} RESTRICT`;
}

/** A CREATE DATABASE that says its managed directory as well, which Hive 3 of CDP and Hive 4 know. */
export interface CreatedDatabase {
  readonly name: string;
  readonly comment?: string;
  readonly location?: string;
  readonly managedLocation?: string;
}

export function createManagedDatabase({ name, comment, location, managedLocation }: CreatedDatabase): string {
  return [
    `CREATE DATABASE IF NOT EXISTS ${identifier(name)}`,
    ...(comment === undefined || comment.trim() === '' ? [] : [`COMMENT ${literal(comment)}`]),
    ...(location === undefined ? [] : [`LOCATION ${literal(location)}`]),
    ...(managedLocation === undefined ? [] : [`MANAGEDLOCATION ${literal(managedLocation)}`]),
  ].join('\n');
}
