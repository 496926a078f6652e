import { targetDatabase } from '@hiveferry/core';
import type { Database, Partition, Table } from '@hiveferry/core';
import { failureOf } from '@hiveferry/platform';
import type { Failure } from '@hiveferry/ports';
import { isOutage, readPartitions, readTables } from './read-tables.ts';
import type { ReadTable } from './read-tables.ts';
import type { TargetPart } from './target-parts.ts';

/** What stands on a target under the names of one page, and its database; that is absent when it does not stand. */
export interface TablesThere {
  readonly database?: Database;
  readonly tables: ReadonlyMap<string, ReadTable>;
}

/** What stands under one name; with its partitions where it is made like the source's, or converted. */
export type StandingTable =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly failure: Failure }
  | { readonly kind: 'table'; readonly table: Table; readonly partitions?: readonly Partition[] };

export async function tablesOnTarget(
  { client, settings }: TargetPart,
  { database, names }: { readonly database: string; readonly names: readonly string[] },
): Promise<TablesThere> {
  const name = targetDatabase(database, settings);
  const standing = await client.metastore.database(name);
  if (standing === undefined) return { tables: new Map() };
  const read = await readTables(client.metastore, name, names);
  return { database: standing, tables: new Map(read.map((each) => [each.name, each])) };
}

/** Partitions are read one table at a time, so that memory does not grow with the page. What is wrong with one table stays with it. */
export async function standingTable({ client, settings }: TargetPart, there: ReadTable | undefined): Promise<StandingTable> {
  if (there === undefined) return { kind: 'absent' };
  const isChanged = settings.onExisting === 'sync' || settings.strategy === 'CONVERT_LINKED';
  if (there.kind === 'unreadable' || !isChanged) return there;
  try {
    return { kind: 'table', table: there.table, partitions: await readPartitions(client.metastore, there.table) };
  } catch (error) {
    if (isOutage(error)) throw error;
    return { kind: 'unreadable', failure: failureOf(error) };
  }
}
