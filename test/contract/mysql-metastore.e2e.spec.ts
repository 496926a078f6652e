/** The metastore reader of MySQL and MariaDB, on metastores of the suite's own whose database is MariaDB. */
import { createMetastoreReader, createMetastoreWriter, ThriftConnectionPool } from '@hiveferry/adapters/hive-metastore';
import type { MetastoreOptions } from '@hiveferry/adapters/hive-metastore';
import { createDatabaseMetastoreReader } from '@hiveferry/adapters/metastore-database';
import { displayName } from '@hiveferry/core';
import type { Table } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogOf } from '../../lab/src/data/catalog.ts';
import { readLab } from '../../lab/src/index.ts';
import { DATA_SET_DATABASES, readAll } from '../support/all-objects.ts';
import { startOwnMetastore } from '../support/own-metastore.ts';
import type { OwnMetastore } from '../support/own-metastore.ts';
import { copyDatabase } from '../support/thrift-databases.ts';
import { metastoreContract } from './metastore-reader.contract.ts';
import { makeContractLake, stageOn, thriftOptions } from './metastore-stage.ts';
import type { ContractLake } from './metastore-stage.ts';

interface Tls {
  readonly verify: boolean;
  readonly ca?: () => Promise<string>;
}

const readerOf = (own: OwnMetastore, tls?: Tls): MetastoreReader =>
  createDatabaseMetastoreReader({
    product: 'mysql',
    ...own.database,
    password: async () => own.password,
    ...(tls === undefined ? {} : { tls }),
  });

describe.each(['source', 'target'] as const)("a metastore on MariaDB of the Hive of the lab's %s", (side) => {
  let lake: ContractLake;
  let own: OwnMetastore;
  beforeAll(async () => {
    [lake, own] = await Promise.all([makeContractLake(side), startOwnMetastore(readLab(), side)]);
    await lake.copyTo(own.thrift);
  });
  afterAll(async () => {
    await own.close();
    await lake.close();
  });

  metastoreContract('from its database', async () => {
    const { namespace } = readLab().clusters[side].hdfs;
    return stageOn(own.thrift, { reader: readerOf(own), dataRoot: `${namespace}/data/ct_reader` });
  });

  if (side === 'source') describe('and the data set of that side in it', () => describeDataSet(() => own));
});

/** @param metastore of the source's Hive; it starts but once in this suite */
function describeDataSet(metastore: () => OwnMetastore): void {
  let own: OwnMetastore;
  beforeAll(async () => {
    own = metastore();
    await copyDataSet(own);
  });

  it('is there, every table of it', async () => {
    const wanted = catalogOf('tiny').map(({ db, table }) => displayName({ database: db, table }));
    expect([...(await readAll(readerOf(own))).keys()]).toEqual(expect.arrayContaining(wanted));
  });

  it('is the same over Thrift and from its database, object by object', async () => {
    const overThrift = await readAll(createMetastoreReader(own.thrift));
    const objects = await readAll(readerOf(own));
    expect([...objects.keys()]).toEqual([...overThrift.keys()]);
    for (const [name, object] of overThrift) expect({ name, object: objects.get(name) }).toEqual({ name, object });
  });

  it('is read over TLS, when the certificate is vouched for or need not be', async () => {
    for (const tls of [{ verify: false }, { verify: true, ca: async () => own.authority }]) {
      const reader = readerOf(own, tls);
      expect(await reader.databaseNames()).toContain('sales');
      await reader.close();
    }
  });

  it.each([
    ['a certificate that nobody vouches for', { tls: { verify: true } }, 'METASTORE_DATABASE_UNTRUSTED'],
    ['a wrong password', { password: async () => 'wrong' }, 'METASTORE_DATABASE_REFUSED'],
    ['a database that is not there', { database: 'nothing' }, 'METASTORE_DATABASE_REFUSED'],
    ['a database that is no metastore', { database: 'information_schema' }, 'METASTORE_DATABASE_UNKNOWN'],
    ['a port where nothing listens', { port: 1 }, 'METASTORE_UNREACHABLE'],
  ])('is not read by %s, which is said', async (_, change, code) => {
    const options = { product: 'mysql' as const, ...own.database, password: async () => own.password, ...change };
    const reader = createDatabaseMetastoreReader(options);
    await expect(reader.databaseNames()).rejects.toMatchObject({ code, subject: expect.stringContaining('localhost:') as string });
    await reader.close();
  });
}

/** All of it, partitions too. */
async function copyDataSet(own: OwnMetastore): Promise<void> {
  const options = thriftOptions(readLab(), 'source');
  const [from, to] = [new ThriftConnectionPool(options), new ThriftConnectionPool({ ...own.thrift, connections: 8 })];
  try {
    for (const name of DATA_SET_DATABASES) await copyDatabase({ from, to }, name);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  await copyPartitions(options, own);
}

async function copyPartitions(options: MetastoreOptions, own: OwnMetastore): Promise<void> {
  const [reader, writer] = [createMetastoreReader(options), createMetastoreWriter(own.thrift)];
  const copyTable = async ({ database, name: table, partitionKeys }: Table): Promise<void> => {
    if (partitionKeys.length === 0) return;
    for await (const partitions of reader.partitions(database, table)) await writer.addPartitions({ database, table, partitions });
  };
  const copyOf = async (database: string): Promise<void> => {
    for await (const tables of reader.allTables(database)) for (const table of tables) await copyTable(table);
  };
  try {
    for (const database of DATA_SET_DATABASES) await copyOf(database);
  } finally {
    await Promise.all([reader.close(), writer.close()]);
  }
}
