/** What the metastore contract is tried on, made once on a cluster of the lab, for all readers that are tried there. */
import { ThriftConnectionPool, createMetastoreWriter, metastoreTypes } from '@hiveferry/adapters/hive-metastore';
import type { MetastoreOptions } from '@hiveferry/adapters/hive-metastore';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import type { MetastoreReader } from '@hiveferry/ports';
import { readLab } from '../../lab/src/index.ts';
import type { Lab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';
import { CONTRACT_DATABASES, FIXTURE_STATEMENTS, MANY_DATABASE, manyNames } from './metastore-fixture.ts';
import type { MetastoreStage } from './metastore-reader.contract.ts';

export type Side = keyof Lab['clusters'];

const DATA = '/data/ct_reader';

export interface ContractLake {
  /** One stage a reader; closing it leaves the lake. */
  stage(reader: MetastoreReader): Promise<MetastoreStage>;
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
    for (const name of CONTRACT_DATABASES) await session.execute(`drop database if exists ${name} cascade`);
    const files = new Hdfs(hdfs);
    await files.remove(DATA);
    // Hive 4 makes no database whose managed directory an interrupted drop left behind.
    for (const name of CONTRACT_DATABASES) await files.remove(`/warehouse/managed/${name}.db`);
  };
  await drop();
  for (const name of CONTRACT_DATABASES) await session.execute(`create database ${name}`);
  for (const statement of FIXTURE_STATEMENTS) await session.execute(statement);
  await createMany(pool, `${hdfs.namespace}${DATA}/many`);
  return {
    stage: async (reader) => {
      for (const statement of FIXTURE_STATEMENTS.filter((text) => text.includes('vanishing'))) await createAgain(statement);
      const writer = createMetastoreWriter(options);
      return {
        reader,
        writer,
        dataRoot: `${hdfs.namespace}${DATA}`,
        dropTable: async (database, table) => await session.execute(`drop table ${database}.${table}`),
        close: async () => {
          await Promise.all([reader.close(), writer.close()]);
        },
      };
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
