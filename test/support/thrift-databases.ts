/** Databases made, copied and dropped over Thrift: a statement for each of a thousand tables takes minutes. */
import { metastoreTypes } from '@hiveferry/adapters/hive-metastore';
import type { ThriftConnectionPool } from '@hiveferry/adapters/hive-metastore';
import { slicesOf } from '@hiveferry/core';

type Client = Parameters<Parameters<ThriftConnectionPool['run']>[0]['invoke']>[0];

/** One call; `subject` says in messages what it is about. */
async function call<T>(pool: ThriftConnectionPool, subject: string, invoke: (client: Client) => Promise<T>): Promise<T> {
  return await pool.run({ method: 'a call of the test', subject, invoke });
}

/** With all their tables and no file of them; those that are not there are passed over. */
export async function dropDatabases(pool: ThriftConnectionPool, names: readonly string[]): Promise<void> {
  const known = await call(pool, 'the metastore', (client) => client.get_all_databases());
  for (const name of names.filter((each) => known.includes(each))) {
    const tables = await call(pool, name, (client) => client.get_all_tables(name));
    await Promise.all(tables.map((table) => dropTable(pool, name, table)));
    await call(pool, name, (client) => client.drop_database(name, false, true));
  }
}

export async function dropTable(pool: ThriftConnectionPool, database: string, table: string): Promise<void> {
  await call(pool, `${database}.${table}`, (client) => client.drop_table(database, table, false));
}

export interface Copying {
  readonly from: ThriftConnectionPool;
  readonly to: ThriftConnectionPool;
}

/** A database with its tables, as one metastore sends them and the other takes them; without partitions. */
export async function copyDatabase({ from, to }: Copying, name: string): Promise<void> {
  // Its managed directory is the other's, and Hive 4 makes no database whose managed directory is there.
  const { managedLocationUri: _, ...database } = await call(from, name, (client) => client.get_database(name));
  await call(to, name, (client) => client.create_database(new metastoreTypes.Database(database)));
  const tables = await call(from, name, (client) => client.get_all_tables(name));
  const values = [metastoreTypes.ClientCapability.INSERT_ONLY_TABLES];
  for (const tblNames of slicesOf(tables, 100)) {
    const capabilities = new metastoreTypes.ClientCapabilities({ values });
    const request = new metastoreTypes.GetTablesRequest({ dbName: name, tblNames: [...tblNames], capabilities });
    const sent = await call(from, name, (client) => client.get_table_objects_by_name_req(request));
    await Promise.all(sent.tables.map((table) => call(to, `${name}.${table.tableName}`, (client) => client.create_table(table))));
  }
}

export interface NewFunction {
  readonly database: string;
  readonly name: string;
  readonly className: string;
}

export async function createFunction(pool: ThriftConnectionPool, { database, name, className }: NewFunction): Promise<void> {
  const made = new metastoreTypes.Function({
    functionName: name,
    dbName: database,
    className,
    ownerName: 'hive',
    ownerType: metastoreTypes.PrincipalType.USER,
    createTime: 0,
    functionType: metastoreTypes.FunctionType.JAVA,
    resourceUris: [],
  });
  await call(pool, `${database}.${name}`, (client) => client.create_function(made));
}
