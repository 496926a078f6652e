/**
 * Hive's metadata objects as plain values, one shape for every reader and for both Hive versions.
 * Field meanings are those of `hive_metastore.thrift`; absent is `undefined`, never `null` or an empty placeholder.
 */

/** Hive's parameter maps (table, partition, SerDe). Key order carries no meaning; printers sort. */
export type Parameters = Readonly<Record<string, string>>;

export interface Column {
  readonly name: string;
  /** Hive type text as the metastore holds it, e.g. `decimal(10,2)` or `struct<a:int,b:string>`. */
  readonly type: string;
  readonly comment?: string;
}

export interface SerDeInfo {
  readonly name?: string;
  readonly serializationLib?: string;
  readonly parameters: Parameters;
}

export interface SortColumn {
  readonly column: string;
  readonly order: 'ASC' | 'DESC';
}

export interface SkewedInfo {
  readonly columns: readonly string[];
  readonly values: readonly (readonly string[])[];
}

export interface StorageDescriptor {
  readonly columns: readonly Column[];
  /** Text as the metastore holds it, not normalised; parse with `parseLocation`. Absent for views. */
  readonly location?: string;
  readonly inputFormat?: string;
  readonly outputFormat?: string;
  readonly compressed: boolean;
  /** Number of buckets; 0 when the table is not bucketed (the metastore says -1 or 0). */
  readonly numBuckets: number;
  readonly serde: SerDeInfo;
  readonly bucketColumns: readonly string[];
  readonly sortColumns: readonly SortColumn[];
  readonly skewed?: SkewedInfo;
  readonly storedAsSubDirectories: boolean;
  readonly parameters: Parameters;
}

export const TABLE_TYPES = ['MANAGED_TABLE', 'EXTERNAL_TABLE', 'VIRTUAL_VIEW', 'MATERIALIZED_VIEW'] as const;
export type TableType = (typeof TABLE_TYPES)[number];

export const OWNER_TYPES = ['USER', 'ROLE', 'GROUP'] as const;
export type OwnerType = (typeof OWNER_TYPES)[number];

export interface Owner {
  readonly name: string;
  readonly type: OwnerType;
}

export interface Table {
  readonly database: string;
  readonly name: string;
  readonly tableType: TableType;
  readonly owner?: Owner;
  readonly storage: StorageDescriptor;
  readonly partitionKeys: readonly Column[];
  /** Includes `comment`, `EXTERNAL`, `transactional`, statistics and whatever users put there. */
  readonly parameters: Parameters;
  readonly viewOriginalText?: string;
  readonly viewExpandedText?: string;
}

/** One partition with its own descriptor: location, format and SerDe may differ from its table's. */
export interface Partition {
  /** Decoded values in the order of the table's partition keys, `__HIVE_DEFAULT_PARTITION__` for the default one. */
  readonly values: readonly string[];
  readonly storage: StorageDescriptor;
  readonly parameters: Parameters;
}

export interface Database {
  readonly name: string;
  readonly description?: string;
  readonly locationUri?: string;
  /** Hive 4 only. */
  readonly managedLocationUri?: string;
  readonly parameters: Parameters;
  readonly owner?: Owner;
}

export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** A table with all its partitions, as read from one metastore. */
export interface TableWithPartitions {
  readonly table: Table;
  readonly partitions: readonly Partition[];
}

/** `database.table`, for messages and keys; not quoted, not for HiveQL. */
export function displayName(name: TableName): string {
  return `${name.database}.${name.table}`;
}
