import type { Column, TableName } from '../model/table.ts';
import { identifier, literal, qualified } from './quote.ts';

/** Statements that read metadata through HiveServer2. */

export const showDatabases = 'show databases';

export const showTables = (database: string): string => `show tables in ${identifier(database)}`;

export const describeDatabase = (database: string): string => `describe database extended ${identifier(database)}`;

export const describeTable = (name: TableName): string => `describe extended ${qualified(name)}`;

/** For people: every field that Hive prints of a table, one a row. */
export const describeFormatted = (name: TableName): string => `describe formatted ${qualified(name)}`;

export const showCreateDatabase = (database: string): string => `show create database ${identifier(database)}`;

export const showCreateTable = (name: TableName): string => `show create table ${qualified(name)}`;

export const showPartitions = (name: TableName): string => `show partitions ${qualified(name)}`;

/** @param values decoded, in the order of the keys */
export function describePartition(name: TableName, keys: readonly Column[], values: readonly string[]): string {
  return `${describeTable(name)} partition (${specText(keys, values)})`;
}

export function describeFormattedPartition(name: TableName, keys: readonly Column[], values: readonly string[]): string {
  return `${describeFormatted(name)} partition (${specText(keys, values)})`;
}

/** Makes the server look which functions the metastore has: it knows those of its start, and its own since then. */
export const reloadFunctions = 'reload function';

/** Those of all databases, as `database.name`, among the built-in ones, which have no database. */
export const showFunctions = 'show functions';

/** Every setting of Hive and Hadoop as the session has it, a row each. */
export const showSettings = 'set -v';

/** Hive's own version, before the first blank. */
export const selectVersion = 'select version()';

/** How the session answers the statements above: `json` gives whole objects, `text` columns for people. */
export const outputFormat = (format: 'json' | 'text'): string => `set hive.ddl.output.format=${format}`;

function specText(keys: readonly Column[], values: readonly string[]): string {
  return keys.map((key, index) => `${identifier(key.name)}=${literal(values[index] ?? '')}`).join(', ');
}
