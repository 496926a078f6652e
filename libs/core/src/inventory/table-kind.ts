import type { RecordedTable } from '../model/data-set.ts';
import type { Table } from '../model/table.ts';

/** A table parameter, whatever the case of its key; undefined when absent. */
export function parameterOf({ parameters }: Table, key: string): string | undefined {
  return Object.entries(parameters).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

export function isView({ tableType }: Table): boolean {
  return tableType === 'VIRTUAL_VIEW' || tableType === 'MATERIALIZED_VIEW';
}

export function isManaged({ tableType }: Table): boolean {
  return tableType === 'MANAGED_TABLE';
}

export function isExternal({ tableType }: Table): boolean {
  return tableType === 'EXTERNAL_TABLE';
}

/** Full ACID and insert-only tables alike. */
export function isTransactional(table: Table): boolean {
  return isManaged(table) && parameterOf(table, 'transactional')?.toLowerCase() === 'true';
}

export function isInsertOnly(table: Table): boolean {
  return isTransactional(table) && parameterOf(table, 'transactional_properties')?.toLowerCase() === 'insert_only';
}

/** A table with files of its own in its own directory, whatever engine made it. */
export function hasOwnFiles(table: Table): boolean {
  return !isView(table) && table.storage.location !== undefined && table.storage.location !== '';
}

export function isIceberg(table: Table): boolean {
  return /iceberg/i.test(`${parameterOf(table, 'storage_handler') ?? ''} ${parameterOf(table, 'table_type') ?? ''}`);
}

/** Dropping the table, or one of its partitions, removes files. */
export function ownsItsFiles(table: Table): boolean {
  return isExternal(table) && parameterOf(table, 'external.table.purge')?.toLowerCase() === 'true';
}

export function isPartitioned({ table, partitions }: RecordedTable): boolean {
  return table.partitionKeys.length > 0 || partitions.length > 0;
}

/** Columns, partitioning, buckets and formats are equal; location and properties may differ. */
export function haveEqualSchemas(a: Table, b: Table): boolean {
  return schemaText(a) === schemaText(b);
}

function schemaText({ storage, partitionKeys }: Table): string {
  const { columns, inputFormat, outputFormat, serde, bucketColumns, sortColumns, numBuckets, skewed } = storage;
  return JSON.stringify([columns, partitionKeys, inputFormat, outputFormat, serde, bucketColumns, sortColumns, numBuckets, skewed]);
}
