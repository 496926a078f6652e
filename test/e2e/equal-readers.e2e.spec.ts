/** Three ways to read one metastore give equal objects, for all databases of the lab's data set; what may differ is named here. */
import { beforeAll, describe, expect, it } from 'vitest';
import { displayName } from '@hiveferry/core';
import type { Table } from '@hiveferry/core';
import { catalogOf } from '../../lab/src/data/catalog.ts';
import { readAll } from '../support/all-objects.ts';
import { LAB_READERS } from '../support/lab-readers.ts';

type Way = keyof typeof LAB_READERS;

/** Every object by its name. */
async function readBy(way: Way): Promise<ReadonlyMap<string, unknown>> {
  const objects = await readAll(LAB_READERS[way]('source'));
  return new Map([...objects].map(([name, object]) => [name, isPartitioned(object) ? withoutSums(object) : object]));
}

const isPartitioned = (object: unknown): object is Table =>
  typeof object === 'object' && object !== null && 'partitionKeys' in object && (object as Table).partitionKeys.length > 0;

/**
 * `statistics-of-partitioned-tables`: HiveServer2 puts the sums of all partitions into the parameters of the table that it describes, so
 * what the table itself held of them cannot be told; the reader leaves them out. No plan takes statistics over.
 */
function withoutSums({ parameters, ...table }: Table): Table {
  const isSum = (key: string): boolean =>
    /^(?:num(?:Files|Rows|Partitions|FilesErasureCoded)|rawDataSize|totalSize|COLUMN_STATS_ACCURATE)$/.test(key);
  return { ...table, parameters: Object.fromEntries(Object.entries(parameters).filter(([key]) => !isSum(key))) };
}

describe("the data set of the lab's source", () => {
  let overThrift: ReadonlyMap<string, unknown>;
  beforeAll(async () => {
    overThrift = await readBy('over Thrift');
  });

  it('is read over Thrift, every table of it', () => {
    const wanted = catalogOf('tiny').map(({ db, table }) => displayName({ database: db, table }));
    expect([...overThrift.keys()]).toEqual(expect.arrayContaining(wanted));
  });

  it.each(['through HiveServer2', 'through HiveServer2, without JSON', 'from its database'] as const)(
    'is the same %s, object by object',
    async (way) => {
      const objects = await readBy(way);
      expect([...objects.keys()]).toEqual([...overThrift.keys()]);
      for (const [name, object] of overThrift) expect({ name, object: objects.get(name) }).toEqual({ name, object });
    },
  );
});
