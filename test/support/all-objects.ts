/** All that a reader gives for the lab's data set. */
import { displayName, partitionName } from '@hiveferry/core';
import type { Table } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import { catalogOf } from '../../lab/src/data/catalog.ts';

export const DATA_SET_DATABASES = [...new Set(catalogOf('tiny').map(({ db }) => db))].sort();

/** Databases, tables and partitions by their names; the reader is closed. */
export async function readAll(reader: MetastoreReader): Promise<ReadonlyMap<string, unknown>> {
  const objects = new Map<string, unknown>();
  try {
    for (const name of DATA_SET_DATABASES) await addDatabase(reader, name, objects);
  } finally {
    await reader.close();
  }
  return objects;
}

async function addDatabase(reader: MetastoreReader, name: string, objects: Map<string, unknown>): Promise<void> {
  objects.set(name, await reader.database(name));
  for await (const tables of reader.allTables(name)) {
    for (const table of tables) await addTable(reader, table, objects);
  }
}

async function addTable(reader: MetastoreReader, table: Table, objects: Map<string, unknown>): Promise<void> {
  const key = displayName({ database: table.database, table: table.name });
  objects.set(key, table);
  for await (const partitions of reader.partitions(table.database, table.name)) {
    for (const partition of partitions) objects.set(`${key}/${partitionName(table.partitionKeys, partition.values)}`, partition);
  }
}
