import type { Column, Owner, TableName } from '../model/table.ts';
import { identifier, literal, qualified } from './quote.ts';

/** Hive has this statement for tables since 3.0, for views in no version. */
export function setOwner(name: TableName, owner: Owner): string {
  return `ALTER TABLE ${qualified(name)} SET OWNER ${owner.type} ${identifier(owner.name)}`;
}

export function dropTable(name: TableName): string {
  return `DROP TABLE IF EXISTS ${qualified(name)}`;
}

export function countRows(name: TableName): string {
  return `SELECT count(*) FROM ${qualified(name)}`;
}

/** Fails when it holds something. */
export function dropEmptyDatabase(name: string): string {
  return `DROP DATABASE IF EXISTS ${identifier(name)}`;
}

/** Says whether the table's storage can be read at all; of a table without rows too. */
export function readOneRow(name: TableName): string {
  return `SELECT 1 FROM ${qualified(name)} LIMIT 1`;
}

/** One partition of an ADD PARTITION; values are written as strings, which Hive casts to the key's type. */
export interface AddedPartition {
  readonly values: readonly string[];
  readonly location: string;
}

/** Hive refuses the default partition here and gives each partition the table's format. */
export function addPartitions(name: TableName, keys: readonly Column[], partitions: readonly AddedPartition[]): string {
  const entries = partitions.map(({ values, location }) => `  PARTITION (${specText(keys, values)}) LOCATION ${literal(location)}`);
  return [`ALTER TABLE ${qualified(name)} ADD IF NOT EXISTS`, ...entries].join('\n');
}

function specText(keys: readonly Column[], values: readonly string[]): string {
  return keys.map((key, index) => `${identifier(key.name)}=${literal(values[index] ?? '')}`).join(', ');
}
