import type { TableConstraint } from './constraint.ts';
import type { Database, Table } from './table.ts';

/** A partition as recorded: Hive's name of it and its location as written, absent when it is not known. */
export interface RecordedPartition {
  /** `k=v/k2=v2`, escaped as Hive escapes it. */
  readonly name: string;
  readonly location?: string;
}

/** A table of one side of a data set. */
export interface RecordedTable {
  readonly table: Table;
  readonly partitions: readonly RecordedPartition[];
  /** @default none */
  readonly constraints?: readonly TableConstraint[];
  /** Lines of SHOW CREATE TABLE, as recorded. */
  readonly definition: readonly string[];
  /** Statistics of its directory, when recorded. */
  readonly statistics?: { readonly sizeBytes?: number; readonly files?: number; readonly partitions?: number };
}

/** One name on both sides; a side without it is absent. */
export interface TablePair {
  readonly name: string;
  readonly source?: RecordedTable;
  readonly target?: RecordedTable;
}

/** One database on both sides. */
export interface DatabaseHead {
  readonly name: string;
  readonly source?: Database;
  readonly target?: Database;
  /** Names of the source's permanent functions, where they were recorded. */
  readonly functions?: readonly string[];
}

/** One database on both sides, with all its tables. */
export interface RecordedDatabase extends DatabaseHead {
  /** In the order of the file. */
  readonly tables: readonly TablePair[];
}
