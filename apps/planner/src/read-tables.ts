import { MigrationError } from '@hiveferry/core';
import type { Partition, Table } from '@hiveferry/core';
import { failureOf } from '@hiveferry/platform';
import type { Failure, MetastoreReader } from '@hiveferry/ports';

export type ReadTable =
  | { readonly kind: 'table'; readonly name: string; readonly table: Table }
  | { readonly kind: 'unreadable'; readonly name: string; readonly failure: Failure };

/** Reads tables of one page. One that cannot be read is in the answer with its reason and spoils nothing; one that vanished is left out. */
export async function readTables(reader: MetastoreReader, database: string, names: readonly string[]): Promise<readonly ReadTable[]> {
  const unreadable: ReadTable[] = [];
  const tables = await reader.tables(database, names, {
    onUnreadable: ({ table: name }, fault) => unreadable.push({ kind: 'unreadable', name, failure: failureOf(fault) }),
  });
  return [...tables.map((table): ReadTable => ({ kind: 'table', name: table.name, table })), ...unreadable];
}

export async function readPartitions(reader: MetastoreReader, table: Table): Promise<readonly Partition[]> {
  if (table.partitionKeys.length === 0) return [];
  const partitions: Partition[] = [];
  for await (const batch of reader.partitions(table.database, table.name)) partitions.push(...batch);
  return partitions;
}

/** The metastore as a whole is away: a matter of the run, not of the table that was asked for. */
export function isOutage(error: unknown): boolean {
  return error instanceof MigrationError && (error.retry === 'now' || error.retry === 'later');
}
