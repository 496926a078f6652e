import { tableOfSent } from '@hiveferry/core';
import type { MigrationError, Table } from '@hiveferry/core';
import { isCallFailure, isMissing, isUnknownMethod, tableUnreadable } from './metastore-faults.ts';
import { metastoreTypes } from './thrift-binding.ts';
import type { ThriftTable } from './thrift-binding.ts';
import type { ThriftConnectionPool } from './thrift.connection-pool.ts';

export interface TablePage {
  readonly database: string;
  readonly names: readonly string[];
}

export interface TablePageResult {
  readonly tables: readonly Table[];
  readonly unreadable: readonly { readonly name: string; readonly fault: MigrationError }[];
}

/**
 * Reads one small page of tables. One table that the metastore cannot give fails its whole call, so a failed page
 * is halved until the bad ones stand alone.
 */
export async function readTablePage(pool: ThriftConnectionPool, page: TablePage): Promise<TablePageResult> {
  try {
    return converted(page, await sentTables(pool, page));
  } catch (fault) {
    if (isMissing(fault)) return { tables: [], unreadable: [] };
    if (!isCallFailure(fault)) throw fault;
    await ensureMetastoreWorks(pool);
    return await readHalves(pool, page, fault);
  }
}

async function readHalves(pool: ThriftConnectionPool, page: TablePage, fault: MigrationError): Promise<TablePageResult> {
  const { database, names } = page;
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    return { tables: [], unreadable: [{ name: only, fault: tableUnreadable(`${database}.${only}`, fault) }] };
  }
  const middle = Math.ceil(names.length / 2);
  const first = await readTablePage(pool, { database, names: names.slice(0, middle) });
  const second = await readTablePage(pool, { database, names: names.slice(middle) });
  return { tables: [...first.tables, ...second.tables], unreadable: [...first.unreadable, ...second.unreadable] };
}

/** A metastore without its database fails every call: that must not be taken for a hundred bad tables. */
async function ensureMetastoreWorks(pool: ThriftConnectionPool): Promise<void> {
  await pool.run({ method: 'get_all_databases', subject: 'the metastore', invoke: (client) => client.get_all_databases() });
}

async function sentTables(pool: ThriftConnectionPool, page: TablePage): Promise<readonly ThriftTable[]> {
  const subject = page.names.length === 1 ? `${page.database}.${page.names.join('')}` : `${page.names.length} tables of ${page.database}`;
  try {
    const request = tablesRequest(page);
    const method = 'get_table_objects_by_name_req';
    const result = await pool.run({ method, subject, invoke: (client) => client.get_table_objects_by_name_req(request) });
    return result.tables;
  } catch (fault) {
    if (!isUnknownMethod(fault)) throw fault;
    const names = [...page.names];
    const method = 'get_table_objects_by_name';
    return await pool.run({ method, subject, invoke: (client) => client.get_table_objects_by_name(page.database, names) });
  }
}

/**
 * Without the capability one insert-only table fails the call. Processor capabilities are not sent: with none Hive 4 gives
 * tables unchanged, with an incomplete list it drops the bucketing.
 */
function tablesRequest({ database, names }: TablePage): InstanceType<typeof metastoreTypes.GetTablesRequest> {
  const insertOnly = new metastoreTypes.ClientCapabilities({ values: [metastoreTypes.ClientCapability.INSERT_ONLY_TABLES] });
  return new metastoreTypes.GetTablesRequest({ dbName: database, tblNames: [...names], capabilities: insertOnly });
}

/** In the order asked for; the metastore answers in its own, in lower case. */
function converted({ database, names }: TablePage, sent: readonly ThriftTable[]): TablePageResult {
  const byName = new Map(sent.map((table) => [table.tableName, table]));
  const tables: Table[] = [];
  const unreadable: { name: string; fault: MigrationError }[] = [];
  for (const name of names) {
    const table = byName.get(name.toLowerCase());
    if (table === undefined) continue;
    try {
      tables.push(tableOfSent(table));
    } catch (cause) {
      unreadable.push({ name, fault: tableUnreadable(`${database}.${name}`, cause) });
    }
  }
  return { tables, unreadable };
}
