import type { Column, Owner, StorageDescriptor, TableName } from '../model/table.ts';
import { identifier, literal, propertyList, qualified } from './quote.ts';

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

/** All locks; a row each: id, database, table, partition, state, blocked by, type, transaction, .. (3.1.3 and 4.0.1). */
export const showLocks = 'SHOW LOCKS';

/** What they write is never seen, and their locks are gone (measured, 4.0.1: a DROP goes on at once, their statements fail). */
export function abortTransactions(ids: readonly string[]): string {
  return `ABORT TRANSACTIONS ${ids.join(' ')}`;
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

/** A partition whose files are of another format than its table's. */
export interface FormattedPartition {
  readonly values: readonly string[];
  readonly storage: StorageDescriptor;
}

/** Gives a partition that is there its own format: what `ADD PARTITION` cannot say. */
export function setPartitionFormat(name: TableName, keys: readonly Column[], { values, storage }: FormattedPartition): readonly string[] {
  const { inputFormat = '', outputFormat = '', serde } = storage;
  const partition = `ALTER TABLE ${qualified(name)} PARTITION (${specText(keys, values)})`;
  const reader = serde.serializationLib === undefined ? '' : ` SERDE ${literal(serde.serializationLib)}`;
  const properties = propertyList(serde.parameters);
  return [
    `${partition} SET FILEFORMAT INPUTFORMAT ${literal(inputFormat)} OUTPUTFORMAT ${literal(outputFormat)}${reader}`,
    ...(properties === undefined ? [] : [`${partition} SET SERDEPROPERTIES ${properties}`]),
  ];
}

function specText(keys: readonly Column[], values: readonly string[]): string {
  return keys.map((key, index) => `${identifier(key.name)}=${literal(values[index] ?? '')}`).join(', ');
}
