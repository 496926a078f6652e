/** Makes and drops the benchmark's databases by Thrift: small external tables of 20 columns, all over one empty directory. */
import { ThriftConnectionPool, metastoreTypes } from '@hiveferry/adapters/hive-metastore';
import type { MetastoreOptions } from '@hiveferry/adapters/hive-metastore';

const COLUMNS = 20;

export interface BenchDatabase {
  readonly name: string;
  readonly tables: number;
  /** Directory for the database and its tables. */
  readonly location: string;
}

export async function createTables(options: MetastoreOptions, database: BenchDatabase): Promise<void> {
  await withPool(options, async (pool) => {
    const made = new metastoreTypes.Database({
      name: database.name,
      description: '',
      locationUri: database.location,
      parameters: {},
      ownerName: 'hive',
      ownerType: metastoreTypes.PrincipalType.USER,
    });
    await pool.run({ method: 'create_database', subject: database.name, invoke: (client) => client.create_database(made) });
    const create = async (name: string): Promise<void> => {
      await pool.run({ method: 'create_table', subject: name, invoke: (client) => client.create_table(tableOf(database, name)) });
    };
    await Promise.all(namesOf(database).map(create));
  });
}

export async function dropTables(options: MetastoreOptions, { name }: BenchDatabase): Promise<void> {
  await withPool(options, async (pool) => {
    const names = await pool.run({ method: 'get_all_databases', subject: 'the metastore', invoke: (client) => client.get_all_databases() });
    if (!names.includes(name)) return;
    // One by one over several connections: cascading takes three times as long.
    const tables = await pool.run({ method: 'get_all_tables', subject: name, invoke: (client) => client.get_all_tables(name) });
    const drop = async (table: string): Promise<void> => {
      await pool.run({ method: 'drop_table', subject: table, invoke: (client) => client.drop_table(name, table, false) });
    };
    await Promise.all(tables.map(drop));
    await pool.run({ method: 'drop_database', subject: name, invoke: (client) => client.drop_database(name, true, true) });
  });
}

async function withPool(options: MetastoreOptions, work: (pool: ThriftConnectionPool) => Promise<void>): Promise<void> {
  const pool = new ThriftConnectionPool({ ...options, connections: 8 });
  try {
    await work(pool);
  } finally {
    await pool.close();
  }
}

const namesOf = ({ tables }: BenchDatabase): readonly string[] =>
  Array.from({ length: tables }, (_, i) => `t${String(i).padStart(6, '0')}`);

function tableOf(database: BenchDatabase, tableName: string): InstanceType<typeof metastoreTypes.Table> {
  return new metastoreTypes.Table({
    tableName,
    dbName: database.name,
    owner: 'hive',
    createTime: 0,
    lastAccessTime: 0,
    retention: 0,
    sd: storageOf(database),
    partitionKeys: [],
    parameters: { EXTERNAL: 'TRUE', comment: 'made by the inventory benchmark' },
    viewOriginalText: '',
    viewExpandedText: '',
    tableType: 'EXTERNAL_TABLE',
  });
}

function storageOf(database: BenchDatabase): InstanceType<typeof metastoreTypes.StorageDescriptor> {
  const cols = Array.from({ length: COLUMNS }, (_, i) => {
    return new metastoreTypes.FieldSchema({ name: `column_${i}`, type: i % 2 === 0 ? 'bigint' : 'string', comment: `number ${i}` });
  });
  return new metastoreTypes.StorageDescriptor({
    cols,
    location: `${database.location}/shared`,
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
    compressed: false,
    numBuckets: -1,
    serdeInfo: new metastoreTypes.SerDeInfo({
      name: '',
      serializationLib: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
      parameters: { 'serialization.format': '1' },
    }),
    bucketCols: [],
    sortCols: [],
    parameters: {},
  });
}
