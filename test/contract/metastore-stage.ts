/** What the metastore contract is tried on, made once on a cluster of the lab, for all readers that are tried there. */
import { ThriftConnectionPool, createMetastoreWriter, metastoreTypes } from '@hiveferry/adapters/hive-metastore';
import type { MetastoreOptions } from '@hiveferry/adapters/hive-metastore';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import type { MetastoreReader } from '@hiveferry/ports';
import { readLab } from '../../lab/src/index.ts';
import type { Lab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';
import { copyDatabase, createFunction, dropDatabases, dropTable } from '../support/thrift-databases.ts';
import {
  CONTRACT_DATABASES,
  FIXTURE_STATEMENTS,
  FUNCTION_CLASS,
  FUNCTION_NAMES,
  MANY_DATABASE,
  READER_DATABASE,
  manyNames,
} from './metastore-fixture.ts';
import type { MetastoreStage } from './metastore-reader.contract.ts';

export type Side = keyof Lab['clusters'];

const DATA = '/data/ct_reader';

export interface ContractLake {
  /** One stage a reader; closing it leaves the lake. */
  stage(reader: MetastoreReader): Promise<MetastoreStage>;
  /** All of it in another metastore, whose locations are those of the lake. */
  copyTo(metastore: MetastoreOptions): Promise<void>;
  close(): Promise<void>;
}

export async function makeContractLake(side: Side): Promise<ContractLake> {
  const lab = readLab();
  const options = thriftOptions(lab, side);
  const { hdfs, hiveServer2 } = lab.clusters[side];
  const pool = new ThriftConnectionPool({ ...options, connections: 8 });
  const hive = createHiveSql({ ...hiveServer2, maxSessions: 1 });
  const session = await hive.openSession();
  const drop = async (): Promise<void> => {
    await dropDatabases(pool, CONTRACT_DATABASES);
    const files = new Hdfs(hdfs);
    await files.remove(DATA);
    // Over Thrift no file was dropped, and Hive 4 makes no database whose managed directory is there.
    for (const name of CONTRACT_DATABASES) {
      for (const kind of ['managed', 'external']) await files.remove(`/warehouse/${kind}/${name}.db`);
    }
  };
  await drop();
  for (const name of CONTRACT_DATABASES) await session.execute(`create database ${name}`);
  for (const statement of FIXTURE_STATEMENTS) await session.execute(statement);
  for (const name of FUNCTION_NAMES) await session.execute(`create function ${READER_DATABASE}.${name} as '${FUNCTION_CLASS}'`);
  await createMany(pool, `${hdfs.namespace}${DATA}/many`);
  return {
    stage: async (reader) => {
      for (const statement of FIXTURE_STATEMENTS.filter((text) => text.includes('vanishing'))) await createAgain(statement);
      return stageOn(options, { reader, dataRoot: `${hdfs.namespace}${DATA}` });
    },
    copyTo: async (metastore) => {
      const to = new ThriftConnectionPool({ ...metastore, connections: 8 });
      try {
        for (const name of CONTRACT_DATABASES) await copyDatabase({ from: pool, to }, name);
        for (const name of FUNCTION_NAMES) await createFunction(to, { database: READER_DATABASE, name, className: FUNCTION_CLASS });
      } finally {
        await to.close();
      }
    },
    close: async () => {
      await drop();
      await Promise.all([session.close(), pool.close()]);
      await hive.close();
    },
  };

  async function createAgain(statement: string): Promise<void> {
    await session.execute(statement.replace('create external table', 'create external table if not exists'));
  }
}

/** @param metastore where partitions are added and tables dropped */
export function stageOn(metastore: MetastoreOptions, { reader, dataRoot }: Pick<MetastoreStage, 'reader' | 'dataRoot'>): MetastoreStage {
  const writer = createMetastoreWriter(metastore);
  const pool = new ThriftConnectionPool({ ...metastore, connections: 1 });
  return {
    reader,
    writer,
    dataRoot,
    dropTable: async (database, table) => await dropTable(pool, database, table),
    close: async () => {
      await Promise.all([reader.close(), writer.close(), pool.close()]);
    },
  };
}

export function thriftOptions(lab: Lab, side: Side): MetastoreOptions {
  const { hostname, port } = new URL(lab.clusters[side].metastoreUri);
  return { host: hostname, port: Number(port) };
}

/** By Thrift: HiveQL would take minutes. */
async function createMany(pool: ThriftConnectionPool, location: string): Promise<void> {
  const storage = new metastoreTypes.StorageDescriptor({
    cols: [new metastoreTypes.FieldSchema({ name: 'id', type: 'int', comment: '' })],
    location,
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    compressed: false,
    numBuckets: -1,
    serdeInfo: new metastoreTypes.SerDeInfo({
      name: '',
      serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      parameters: {},
    }),
    bucketCols: [],
    sortCols: [],
    parameters: {},
  });
  await Promise.all(
    manyNames.map(async (tableName) => {
      const table = new metastoreTypes.Table({
        tableName,
        dbName: MANY_DATABASE,
        owner: 'hive',
        createTime: 0,
        lastAccessTime: 0,
        retention: 0,
        sd: storage,
        partitionKeys: [],
        parameters: { EXTERNAL: 'TRUE' },
        tableType: 'EXTERNAL_TABLE',
        viewOriginalText: '',
        viewExpandedText: '',
      });
      await pool.run({ method: 'create_table', subject: tableName, invoke: (client) => client.create_table(table) });
    }),
  );
}
