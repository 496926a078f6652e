import { MigrationError } from '@hiveferry/core';
import type { Partition, Table } from '@hiveferry/core';
import { failureOf } from '@hiveferry/platform';
import type { Failure, MetastoreReader } from '@hiveferry/ports';

export type ReadTable =
  | { readonly kind: 'table'; readonly name: string; readonly table: Table }
  | { readonly kind: 'unreadable'; readonly name: string; readonly failure: Failure };

/** Reads tables of one page. One that cannot be read spoils a whole call, so the page is then read one by one. */
export async function readTables(reader: MetastoreReader, database: string, names: readonly string[]): Promise<readonly ReadTable[]> {
  try {
    return (await reader.tables(database, names)).map((table) => ({ kind: 'table', name: table.name, table }));
  } catch (error) {
    if (isOutage(error)) throw error;
    const read: ReadTable[] = [];
    for (const name of names) read.push(...(await readAlone(reader, database, name)));
    return read;
  }
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

async function readAlone(reader: MetastoreReader, database: string, name: string): Promise<readonly ReadTable[]> {
  try {
    return (await reader.tables(database, [name])).map((table) => ({ kind: 'table', name, table }));
  } catch (error) {
    if (isOutage(error)) throw error;
    return [{ kind: 'unreadable', name, failure: failureOf(error) }];
  }
}
