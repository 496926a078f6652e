import { MemoryMetastore } from '@hiveferry/adapters/memory';
import { MigrationError } from '@hiveferry/core';
import type { Table } from '@hiveferry/core';
import { expect, it } from 'vitest';
import { isOutage, readPartitions } from './read-tables.ts';

const table: Table = {
  database: 'shop',
  name: 'orders',
  tableType: 'EXTERNAL_TABLE',
  partitionKeys: [{ name: 'dt', type: 'string' }],
  parameters: {},
  storage: {
    columns: [],
    compressed: false,
    numBuckets: 0,
    serde: { parameters: {} },
    bucketColumns: [],
    sortColumns: [],
    storedAsSubDirectories: false,
    parameters: {},
  },
};

function aMetastore({ isUp }: { readonly isUp: boolean }): MemoryMetastore {
  const refused = new MigrationError('METASTORE_CALL_FAILED', 'too many partitions', {
    category: 'environment',
    retry: 'later',
    subject: 's',
  });
  const metastore = new MemoryMetastore({ databases: [], tables: [] });
  metastore.partitions = async function* () {
    yield await Promise.reject(refused);
  };
  if (!isUp) metastore.databaseNames = () => Promise.reject(refused);
  return metastore;
}

it.each([
  { isUp: true, isRunsMatter: false },
  { isUp: false, isRunsMatter: true },
])(
  'takes partitions that cannot be read for the matter of their table while the metastore works: $isUp',
  async ({ isUp, isRunsMatter }) => {
    const fault: unknown = await readPartitions(aMetastore({ isUp }), table).catch((error: unknown) => error);
    expect(isOutage(fault)).toBe(isRunsMatter);
  },
);
