import { parsePartitionName } from '../inventory/partition-name.ts';
import type { Parameters, TableName } from '../model/table.ts';
import { identifier, literal, propertyList, qualified } from './quote.ts';

/** A partition by Hive's name of it, and where it lies. */
export interface PartitionAt {
  readonly name: string;
  readonly location: string;
}

export function dropView(name: TableName): string {
  return `DROP VIEW IF EXISTS ${qualified(name)}`;
}

/** Attaches partitions whose directories are found below the table's. */
export function repairPartitions(name: TableName): string {
  return `MSCK REPAIR TABLE ${qualified(name)}`;
}

/** Attaches what has a directory and drops what has none. */
export function syncPartitions(name: TableName): string {
  return `MSCK REPAIR TABLE ${qualified(name)} SYNC PARTITIONS`;
}

/** Both names in one database: Hive 1 moves no files across. */
export function renameTable(name: TableName, to: TableName): string {
  return `ALTER TABLE ${qualified(name)} RENAME TO ${qualified(to)}`;
}

/**
 * Whether SET LOCATION takes the place: Hive makes a URI of its text, and says of any other that it cannot connect to the namenode
 * (measured, 3.1.3 and 4.0.1). CREATE and ADD PARTITION take it.
 */
export function isSettable(location: string): boolean {
  return !/[\s"#<>?[\\\]^`{|}]|%(?![0-9A-Fa-f]{2})/.test(location);
}

export function setLocation(name: TableName, location: string): string {
  return `ALTER TABLE ${qualified(name)} SET LOCATION ${literal(location)}`;
}

export function setPartitionLocation(name: TableName, { name: partition, location }: PartitionAt): string {
  return `ALTER TABLE ${qualified(name)} PARTITION (${partitionSpec(partition)}) SET LOCATION ${literal(location)}`;
}

/** One statement for all partitions, sorted by name. */
export function addPartitionsAt(name: TableName, partitions: readonly PartitionAt[]): string {
  const entries = partitions.map(
    ({ name: partition, location }) => `  PARTITION (${partitionSpec(partition)}) LOCATION ${literal(location)}`,
  );
  return [`ALTER TABLE ${qualified(name)} ADD IF NOT EXISTS`, ...entries].join('\n');
}

export function dropPartitions(name: TableName, partitions: readonly string[]): string {
  const specs = partitions.map((partition) => `PARTITION (${partitionSpec(partition)})`);
  return `ALTER TABLE ${qualified(name)} DROP IF EXISTS ${specs.join(', ')}`;
}

export function setTableProperties(name: TableName, properties: Parameters): string {
  return `ALTER TABLE ${qualified(name)} SET TBLPROPERTIES ${propertyList(properties) ?? '()'}`;
}

export function setSerDeProperties(name: TableName, properties: Parameters): string {
  return `ALTER TABLE ${qualified(name)} SET SERDEPROPERTIES ${propertyList(properties) ?? '()'}`;
}

export function unsetTableProperty(name: TableName, key: string): string {
  return `ALTER TABLE ${qualified(name)} UNSET TBLPROPERTIES (${literal(key)})`;
}

export function exportTable(name: TableName, location: string): string {
  return `EXPORT TABLE ${qualified(name)} TO ${literal(location)}`;
}

/** How an exported table is taken in. */
export interface ImportOptions {
  readonly from: string;
  readonly external: boolean;
  readonly location?: string;
}

export function importTable(name: TableName, { from, external, location }: ImportOptions): string {
  const place = location === undefined ? '' : ` LOCATION ${literal(location)}`;
  return `IMPORT ${external ? 'EXTERNAL ' : ''}TABLE ${qualified(name)} FROM ${literal(from)}${place}`;
}

/** One INSERT that moves all rows. */
export interface InsertAll {
  readonly from: TableName;
  readonly to: TableName;
  /** Partition columns, filled dynamically; none for a table without partitions, or when the target's handler knows them. */
  readonly partitionedBy: readonly string[];
  /** Expressions that spread rows over reducers. */
  readonly distributeBy: readonly string[];
}

export function insertAll({ from, to, partitionedBy, distributeBy }: InsertAll): string {
  const partition = partitionedBy.length === 0 ? '' : ` PARTITION (${partitionedBy.map(identifier).join(', ')})`;
  const distribute = distributeBy.length === 0 ? '' : ` DISTRIBUTE BY ${distributeBy.join(', ')}`;
  return `FROM ${qualified(from)} INSERT OVERWRITE TABLE ${qualified(to)}${partition} SELECT *${distribute}`;
}

/** Session variables are not quoted: what would end the statement is refused first, see `faultOfSetting`. */
export function setVariable(key: string, value: string | undefined): string {
  return value === undefined ? `SET ${key}` : `SET ${key}=${value}`;
}

function partitionSpec(name: string): string {
  const pairs = parsePartitionName(name) ?? [];
  return pairs.map(({ key, value }) => `${identifier(key)}=${literal(value)}`).join(', ');
}
