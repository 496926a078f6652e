import type { Location } from './location.ts';
import type { Table, TableName } from './table.ts';

/**
 * How Hive itself moves the rows of a table. Each attempt has tables and directories of its own (`attemptTables`), so that one that goes on
 * too late meets no other; what an attempt brought to the target is published by the rename of its directory, or of its table where that
 * owns its files.
 */
export type RowMove = InsertMove | ExportMove;

interface PublishedRows {
  /** What the target inserts or imports into. */
  readonly working: HeldTable | OwnedTable;
  /** Where the directory of the attempt that is published goes; it is on the same file system as what holds it. */
  readonly destination: Location;
}

/** The target reads the rows and writes them anew. */
export interface InsertMove extends PublishedRows {
  /** What the source writes for the target to read, where the target cannot read the table itself. */
  readonly transfer?: HeldTable;
  /** What the target reads: over the source's files, or over those of the transfer table. */
  readonly shadow: Table;
}

/** The source exports the table with its partitions, the target imports it. */
export interface ExportMove extends PublishedRows {
  readonly exports: ExportPlace;
}

/** Exports of all attempts lie in a hidden directory of their step below `holder`. */
export interface ExportPlace {
  readonly holder: Location;
  /** Whose file systems it is one of. */
  readonly side: 'source' | 'target';
  /** Directory of a plain table, whose files must stay as they are meanwhile; of a transactional one Hive reads a snapshot. */
  readonly files?: Location;
}

/** A table that each attempt has under a name of its own, in a hidden directory of its own below `holder`. */
export interface HeldTable {
  readonly table: Table;
  readonly holder: Location;
}

/** A managed table that each attempt has under a name of its own, where Hive places it; Hive moves its directory with its name. */
export interface OwnedTable {
  /** Without a location. */
  readonly table: Table;
  readonly publishedAs: TableName;
}
