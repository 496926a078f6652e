import { databaseOfSent, partitionOfSent } from '@hiveferry/core';
import type { Database, Partition, SentTable } from '@hiveferry/core';
import type { AskRows, SqlDialect } from './metastore-connection.ts';
import { databaseOfName, partitionKeysOf, partitionValuesOf, partitionsOfIds, tablesOfNames } from './metastore-statements.ts';
import type { MetastoreColumns } from './metastore-statements.ts';
import { askOwned, columnOf, nullable, parametersByOwner, storagesOf, textOf, valueOf } from './storage-rows.ts';

/** A metastore's database, as it was found. */
export interface MetastoreSchema {
  readonly columns: MetastoreColumns;
  readonly dialect: SqlDialect;
}

export async function readDatabase(ask: AskRows, { columns, dialect }: MetastoreSchema, name: string): Promise<Database | undefined> {
  const [row] = await ask(databaseOfName(columns, dialect), [name.toLowerCase()]);
  if (row === undefined) return undefined;
  const id = textOf(row, 'id');
  const parameters = await parametersByOwner(askOwned(ask), { of: ['DATABASE_PARAMS', 'DB_ID'], dialect }, [id]);
  return databaseOfSent({
    name: textOf(row, 'name'),
    description: nullable(row, 'description'),
    locationUri: nullable(row, 'location'),
    managedLocationUri: nullable(row, 'managed'),
    ownerName: nullable(row, 'owner'),
    ownerType: nullable(row, 'ownerType'),
    parameters: parameters(id),
  });
}

/** In the database's own order. Eleven statements, however many tables. */
export async function readTables(
  ask: AskRows,
  { columns, dialect }: MetastoreSchema,
  { database, names }: { readonly database: string; readonly names: readonly string[] },
): Promise<readonly SentTable[]> {
  const heads = await ask(tablesOfNames(columns, dialect), [database.toLowerCase(), names.map((name) => name.toLowerCase())]);
  const ids = heads.map((head) => textOf(head, 'id'));
  const owned = askOwned(ask);
  const parameters = await parametersByOwner(owned, { of: ['TABLE_PARAMS', 'TBL_ID'], dialect }, ids);
  const keys = await owned(partitionKeysOf(dialect), ids);
  const storageOf = await storagesOf(heads, owned, dialect);
  return heads.map((head) => ({
    dbName: textOf(head, 'database'),
    tableName: textOf(head, 'name'),
    tableType: nullable(head, 'type'),
    owner: nullable(head, 'owner'),
    ownerType: nullable(head, 'ownerType'),
    sd: head['storage'] === null ? null : storageOf(head),
    partitionKeys: keys(textOf(head, 'id')).map(columnOf),
    parameters: parameters(textOf(head, 'id')),
    viewOriginalText: nullable(head, 'viewOriginal'),
    viewExpandedText: nullable(head, 'viewExpanded'),
  }));
}

/** In the order of the ids; one that vanished is left out. */
export async function readPartitions(ask: AskRows, dialect: SqlDialect, ids: readonly string[]): Promise<readonly Partition[]> {
  const heads = await ask(partitionsOfIds(dialect), [ids.map(BigInt)]);
  const owned = askOwned(ask);
  const parameters = await parametersByOwner(owned, { of: ['PARTITION_PARAMS', 'PART_ID'], dialect }, ids);
  const values = await owned(partitionValuesOf(dialect), ids);
  const storageOf = await storagesOf(heads, owned, dialect);
  const byId = new Map(heads.map((head) => [textOf(head, 'id'), head]));
  return ids.flatMap((id) => {
    const head = byId.get(id);
    if (head === undefined) return [];
    return [
      partitionOfSent({
        values: values(id).map(valueOf),
        parameters: parameters(id),
        sd: head['storage'] === null ? null : storageOf(head),
      }),
    ];
  });
}
