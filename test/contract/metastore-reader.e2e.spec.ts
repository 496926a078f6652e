import { ThriftConnectionPool, createMetastoreReader, createMetastoreWriter, metastoreTypes } from '@hiveferry/adapters/hive-metastore';
import type { MetastoreOptions } from '@hiveferry/adapters/hive-metastore';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import { readLab } from '../../lab/src/index.ts';
import type { Lab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';
import { CONTRACT_DATABASES, FIXTURE_STATEMENTS, MANY_DATABASE, manyNames } from './metastore-fixture.ts';
import { metastoreContract } from './metastore-reader.contract.ts';
import type { MetastoreStage } from './metastore-reader.contract.ts';

type Side = keyof Lab['clusters'];

const DATA = '/data/ct_reader';

for (const side of ['source', 'target'] as const)
  metastoreContract(`the metastore of the lab's ${side} over Thrift`, async () => await openStage(side));

async function openStage(side: Side): Promise<MetastoreStage> {
  const lab = readLab();
  const options = metastoreOptions(lab, side);
  const { hdfs, hiveServer2 } = lab.clusters[side];
  const pool = new ThriftConnectionPool({ ...options, connections: 8 });
  const hive = createHiveSql({ ...hiveServer2, maxSessions: 1 });
  const session = await hive.openSession();
  const drop = async (): Promise<void> => {
    for (const name of CONTRACT_DATABASES) await session.execute(`drop database if exists ${name} cascade`);
    await new Hdfs(hdfs).remove(DATA);
  };
  await drop();
  for (const name of CONTRACT_DATABASES) await session.execute(`create database ${name}`);
  for (const statement of FIXTURE_STATEMENTS) await session.execute(statement);
  await createMany(pool, `${hdfs.namespace}${DATA}/many`);
  const [reader, writer] = [createMetastoreReader(options), createMetastoreWriter(options)];
  return {
    reader,
    writer,
    dataRoot: `${hdfs.namespace}${DATA}`,
    dropTable: async (database, table) => await session.execute(`drop table ${database}.${table}`),
    close: async () => {
      await drop();
      await Promise.all([session.close(), reader.close(), writer.close(), pool.close()]);
      await hive.close();
    },
  };
}

function metastoreOptions(lab: Lab, side: Side): MetastoreOptions {
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
