/** Three ways to read one metastore give equal objects, for all databases of the lab's data set; what may differ is named here. */
import { beforeAll, describe, expect, it } from 'vitest';
import { displayName, partitionName } from '@hiveferry/core';
import type { Parameters, Table } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import { catalogOf } from '../../lab/src/data/catalog.ts';
import { LAB_READERS } from '../support/lab-readers.ts';

type Way = keyof typeof LAB_READERS;

const DATABASES = [...new Set(catalogOf('tiny').map(({ db }) => db))].sort();

/** Every object by its name. */
async function readAll(way: Way): Promise<ReadonlyMap<string, unknown>> {
  const reader = LAB_READERS[way]('source');
  const objects = new Map<string, unknown>();
  try {
    for (const name of DATABASES) await addDatabase(reader, name, objects);
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
  objects.set(key, { ...table, parameters: withoutSums(table.partitionKeys.length > 0, table.parameters) });
  for await (const partitions of reader.partitions(table.database, table.name)) {
    for (const partition of partitions) objects.set(`${key}/${partitionName(table.partitionKeys, partition.values)}`, partition);
  }
}

/**
 * `statistics-of-partitioned-tables`: HiveServer2 puts the sums of all partitions into the parameters of the table that it describes, so
 * what the table itself held of them cannot be told; the reader leaves them out. No plan takes statistics over.
 */
function withoutSums(isPartitioned: boolean, parameters: Parameters): Parameters {
  const isSum = (key: string): boolean =>
    /^(?:num(?:Files|Rows|Partitions|FilesErasureCoded)|rawDataSize|totalSize|COLUMN_STATS_ACCURATE)$/.test(key);
  return isPartitioned ? Object.fromEntries(Object.entries(parameters).filter(([key]) => !isSum(key))) : parameters;
}

describe("the data set of the lab's source", () => {
  let overThrift: ReadonlyMap<string, unknown>;
  beforeAll(async () => {
    overThrift = await readAll('over Thrift');
  });

  it('is read over Thrift, every table of it', () => {
    const wanted = catalogOf('tiny').map(({ db, table }) => displayName({ database: db, table }));
    expect([...overThrift.keys()]).toEqual(expect.arrayContaining(wanted));
  });

  it.each(['through HiveServer2', 'from its database'] as const)('is the same %s, object by object', async (way) => {
    const objects = await readAll(way);
    expect([...objects.keys()]).toEqual([...overThrift.keys()]);
    for (const [name, object] of overThrift) expect({ name, object: objects.get(name) }).toEqual({ name, object });
  });
});
