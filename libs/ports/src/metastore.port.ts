import type { Database, Location, MigrationError, Partition, Table, TableName } from '@hiveferry/core';

export interface ReadTablesOptions {
  /** Told of each table that is there but cannot be read; it is left out. Without it the first such table is thrown: `METASTORE_TABLE_UNREADABLE`. */
  readonly onUnreadable?: (name: TableName, fault: MigrationError) => void;
}

/** Reads one metastore. All adapters pass one contract suite and give equal tables. Faults: `METASTORE_*` as MigrationError. */
export interface MetastoreReader {
  databaseNames(): Promise<readonly string[]>;
  /** @returns undefined when there is none of that name */
  database(name: string): Promise<Database | undefined>;
  /** Names of a database's permanent functions, sorted; none of one that is not there. */
  functionNames(database: string): Promise<readonly string[]>;
  /** All table and view names of a database, sorted, in pages; undefined database gives no page. */
  tableNames(database: string, options?: { readonly pageSize?: number }): AsyncIterable<readonly string[]>;
  /** Tables by name, in the order asked for; one that vanished meanwhile is left out. At most 1,000 names a call. */
  tables(database: string, names: readonly string[], options?: ReadTablesOptions): Promise<readonly Table[]>;
  /** All tables and views of a database in the order of their names, streamed in small batches and read ahead: the way to read a whole database. */
  allTables(database: string, options?: ReadTablesOptions): AsyncIterable<readonly Table[]>;
  /** All partitions in batches of at most 1,000, in the order of their names; one that vanished meanwhile is left out. */
  partitions(database: string, table: string): AsyncIterable<readonly Partition[]>;
  close(): Promise<void>;
}

export interface AddPartitionsRequest {
  readonly database: string;
  readonly table: string;
  /** Each with its own full descriptor and location. */
  readonly partitions: readonly Partition[];
}

export interface DropPartitionsRequest {
  readonly database: string;
  readonly table: string;
  /** Hive's escaped names. */
  readonly names: readonly string[];
}

export interface MovePartitionsRequest {
  readonly database: string;
  readonly table: string;
  readonly moves: readonly PartitionMove[];
}

export interface PartitionMove {
  /** Hive's escaped name. */
  readonly name: string;
  readonly from: Location;
  readonly to: Location;
}

/**
 * Writes what HiveQL cannot say: partitions with their own format, the default partition, a DROP that touches no file whatever the table says.
 * A writer that has nothing but HiveQL refuses these before anything is done: `METASTORE_URI_MISSING`.
 */
export interface MetastoreWriter {
  /** Adds partitions that are not there, leaves existing ones untouched (`ifNotExists`): can run twice. Batches of 1,000. */
  addPartitions(request: AddPartitionsRequest): Promise<void>;
  /** Removes partitions from the metastore and no file; those that are not there are passed over: can run twice. Batches of 1,000. */
  dropPartitions(request: DropPartitionsRequest): Promise<void>;
  /**
   * Lets partitions lie elsewhere, and touches no file: one that lies at `from` comes to lie at `to`; one that is not there, or lies anywhere
   * else, is left as it is: can run twice. Batches of 1,000.
   */
  movePartitions(request: MovePartitionsRequest): Promise<void>;
  close(): Promise<void>;
}
