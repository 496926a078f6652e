import { MigrationError, displayName } from '@hiveferry/core';
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

/** Faults: METASTORE_TABLE_UNREADABLE when only this table's partitions cannot be read, for the metastore answers other questions. */
export async function readPartitions(reader: MetastoreReader, table: Table): Promise<readonly Partition[]> {
  if (table.partitionKeys.length === 0) return [];
  const partitions: Partition[] = [];
  try {
    for await (const batch of reader.partitions(table.database, table.name)) partitions.push(...batch);
  } catch (error) {
    if (!(error instanceof MigrationError && error.code === 'METASTORE_CALL_FAILED')) throw error;
    await reader.databaseNames();
    throw unreadable(table, error);
  }
  return partitions;
}

function unreadable({ database, name }: Table, cause: MigrationError): MigrationError {
  const subject = displayName({ database, table: name });
  const message = `The metastore does not give the partitions of ${subject}: ${cause.message}. Repair the table, or raise the limit that is named.`;
  return new MigrationError('METASTORE_TABLE_UNREADABLE', message, { category: 'environment', retry: 'operator', subject, cause });
}

/** The metastore as a whole is away: a matter of the run, not of the table that was asked for. */
export function isOutage(error: unknown): boolean {
  return error instanceof MigrationError && (error.retry === 'now' || error.retry === 'later');
}
