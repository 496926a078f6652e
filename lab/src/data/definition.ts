/** What a table of the data set is made of. Everything is deterministic, so the hash of it says what is loaded. */

export type TableKind = 'external' | 'managed' | 'view' | 'acid' | 'insert-only';

export interface FileDefinition {
  /** Absolute path on the source's HDFS. */
  readonly path: string;
  readonly content: string;
}

export interface TableDefinition {
  readonly db: string;
  readonly table: string;
  readonly kind: TableKind;
  /** HiveQL that makes it; run before any statement that moves rows. */
  readonly create: readonly string[];
  readonly files?: readonly FileDefinition[];
  /** HiveQL that writes rows, run in order when every table and file of the data set is there. */
  readonly insert?: readonly string[];
  /** HiveQL that changes it afterwards; views are made here. */
  readonly after?: readonly string[];
  /** Files that come last, behind Hive's back. */
  readonly lateFiles?: readonly FileDefinition[];
}

export const file = (path: string, content: string): FileDefinition => ({ path, content });

/** `count` lines; the callback gets 0, 1, 2 ... */
export function lines(count: number, line: (index: number) => readonly (string | number)[], delimiter = '\t'): string {
  return Array.from({ length: count }, (_, index) => `${line(index).join(delimiter)}\n`).join('');
}

export const externalDirectory = (db: string, table: string): string => `/warehouse/external/${db}.db/${table}`;
