import type { Database, Partition, Table } from '@hiveferry/core';
import { compareText } from '@hiveferry/core';
import type { SnapshotLine } from '@hiveferry/contracts';
import type { MetastoreReader, ReadTablesOptions } from '@hiveferry/ports';

/** A metastore piece by piece, database by database, each with its tables in the order of their names. */
export type Piece =
  | { readonly kind: 'database'; readonly database: Database; readonly functions: readonly string[] }
  | { readonly kind: 'table'; readonly table: Table }
  /** Of the table before. */
  | { readonly kind: 'partitions'; readonly partitions: readonly Partition[] };

interface Reading extends ReadTablesOptions {
  readonly databases: readonly string[];
}

/** Read from a live metastore; memory holds one batch. */
export async function* livePieces(reader: MetastoreReader, { databases, ...options }: Reading): AsyncGenerator<Piece> {
  for (const name of databases.toSorted(compareText)) {
    const database = await reader.database(name);
    if (database === undefined) continue;
    yield { kind: 'database', database, functions: await reader.functionNames(name) };
    for await (const tables of reader.allTables(name, options)) {
      for (const table of tables) yield* tablePieces(reader, table);
    }
  }
}

async function* tablePieces(reader: MetastoreReader, table: Table): AsyncGenerator<Piece> {
  yield { kind: 'table', table };
  if (table.partitionKeys.length === 0) return;
  for await (const partitions of reader.partitions(table.database, table.name)) yield { kind: 'partitions', partitions };
}

/** The source's side of a snapshot. */
export async function* snapshotPieces(lines: AsyncIterable<SnapshotLine>): AsyncGenerator<Piece> {
  for await (const line of lines) {
    if (line.type === 'snapshot' || line.side === 'target') continue;
    if (line.type === 'database') yield { kind: 'database', database: line.database, functions: line.functions ?? [] };
    else if (line.type === 'table') yield { kind: 'table', table: line.table };
    else yield { kind: 'partitions', partitions: line.partitions };
  }
}

/** A database, or a table with all its partitions. */
export type Entry =
  | { readonly kind: 'database'; readonly name: string; readonly database: Database; readonly functions: readonly string[] }
  | { readonly kind: 'table'; readonly name: string; readonly table: Table; readonly partitions: readonly Partition[] };

/** Whole objects in the order of the pieces; memory holds one table with its partitions. */
export async function* entriesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Entry> {
  let open: { readonly table: Table; readonly partitions: Partition[] } | undefined;
  for await (const piece of pieces) {
    if (piece.kind === 'partitions') {
      for (const partition of piece.partitions) open?.partitions.push(partition);
      continue;
    }
    if (open !== undefined) yield tableEntry(open);
    open = piece.kind === 'table' ? { table: piece.table, partitions: [] } : undefined;
    if (piece.kind === 'database') yield { ...piece, name: piece.database.name };
  }
  if (open !== undefined) yield tableEntry(open);
}

function tableEntry({ table, partitions }: { readonly table: Table; readonly partitions: readonly Partition[] }): Entry {
  return { kind: 'table', name: `${table.database}.${table.name}`, table, partitions };
}
