import { MigrationError, displayName, inOrder, slicesOf, tableOfSent } from '@hiveferry/core';
import type { Database, Partition, SentTable, Table } from '@hiveferry/core';
import type { MetastoreReader, ReadTablesOptions } from '@hiveferry/ports';
import type { AskRows, MetastoreConnections } from './metastore-connection.ts';
import { tableUnreadable, tooManyNames } from './metastore-database-faults.ts';
import { columnsOfSchema, databaseNames, functionNames, partitionIdsAfter, tableId, tableNamesAfter } from './metastore-statements.ts';
import type { MetastoreColumns } from './metastore-statements.ts';
import { readDatabase, readPartitions, readTables } from './object-rows.ts';
import type { MetastoreSchema } from './object-rows.ts';
import { textOf } from './storage-rows.ts';

/** Bound of the port. */
const MOST_NAMES_A_CALL = 1000;
const DEFAULT_PAGE_SIZE = 1000;
const TABLES_A_SNAPSHOT = 200;
const PARTITIONS_A_SNAPSHOT = 1000;
/** Names are sorted by the server at each page, so that pages are large. */
const NAMES_A_STATEMENT = 20_000;

/** Reads a metastore from its database; see the functions that make the connections. */
export class DatabaseMetastoreReader implements MetastoreReader {
  readonly #connections: MetastoreConnections;
  #schema: Promise<MetastoreSchema> | undefined;

  constructor(connections: MetastoreConnections) {
    this.#connections = connections;
  }

  async databaseNames(): Promise<readonly string[]> {
    const rows = await this.#ask(async (ask, { columns }) => await ask(databaseNames(columns), []));
    return rows.map((row) => textOf(row, 'name')).sort();
  }

  async database(name: string): Promise<Database | undefined> {
    return await this.#ask((ask, schema) => readDatabase(ask, schema, name));
  }

  async functionNames(database: string): Promise<readonly string[]> {
    const rows = await this.#ask(async (ask, { columns, dialect }) => await ask(functionNames(columns, dialect), [database.toLowerCase()]));
    return rows.map((row) => textOf(row, 'name')).sort();
  }

  async *tableNames(database: string, options: { readonly pageSize?: number } = {}): AsyncGenerator<readonly string[]> {
    const limit = options.pageSize ?? DEFAULT_PAGE_SIZE;
    for (let after: string | undefined = ''; after !== undefined;) {
      const names: readonly string[] = await this.#namesAfter(database, { after, limit });
      if (names.length > 0) yield names;
      after = names.length < limit ? undefined : names.at(-1);
    }
  }

  async tables(database: string, names: readonly string[], options: ReadTablesOptions = {}): Promise<readonly Table[]> {
    if (names.length > MOST_NAMES_A_CALL) throw tooManyNames(database, names.length);
    const tables: Table[] = [];
    for await (const page of this.#read(database, names, options)) tables.push(...page);
    return tables;
  }

  async *allTables(database: string, options: ReadTablesOptions = {}): AsyncGenerator<readonly Table[]> {
    for await (const names of this.tableNames(database, { pageSize: NAMES_A_STATEMENT })) yield* this.#read(database, names, options);
  }

  async *partitions(database: string, table: string): AsyncGenerator<readonly Partition[]> {
    const read = (ids: readonly string[]): Promise<readonly Partition[]> =>
      this.#ask(async (ask, { dialect }) => await unreadableAs(displayName({ database, table }), readPartitions(ask, dialect, ids)));
    for await (const ids of this.#partitionIds(database, table)) {
      for await (const page of inOrder(slicesOf(ids, PARTITIONS_A_SNAPSHOT), this.#connections.size, read)) if (page.length > 0) yield page;
    }
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #namesAfter(database: string, { after, limit }: { readonly after: string; readonly limit: number }): Promise<readonly string[]> {
    const rows = await this.#ask(
      async (ask, { columns, dialect }) => await ask(tableNamesAfter(columns, dialect, limit), [database.toLowerCase(), after]),
    );
    return rows.map((row) => textOf(row, 'name'));
  }

  async *#partitionIds(database: string, table: string): AsyncGenerator<readonly string[]> {
    const place = [database.toLowerCase(), table.toLowerCase()];
    const [found] = await this.#ask(async (ask, { columns, dialect }) => await ask(tableId(columns, dialect), place));
    if (found === undefined) return;
    for (let after: string | undefined = ''; after !== undefined;) {
      const key: readonly [bigint, string] = [BigInt(textOf(found, 'id')), after];
      const rows = await this.#ask(async (ask, { dialect }) => await ask(partitionIdsAfter(dialect, NAMES_A_STATEMENT), key));
      yield rows.map((row) => textOf(row, 'id'));
      const last = rows.at(-1);
      after = rows.length < NAMES_A_STATEMENT || last === undefined ? undefined : textOf(last, 'name');
    }
  }

  async *#read(database: string, names: readonly string[], options: ReadTablesOptions): AsyncGenerator<readonly Table[]> {
    const read = (slice: readonly string[]): Promise<readonly SentTable[]> =>
      this.#ask(async (ask, schema) => inOrderOf(slice, await readTables(ask, schema, { database, names: slice })));
    for await (const sent of inOrder(slicesOf(names, TABLES_A_SNAPSHOT), this.#connections.size, read)) {
      yield sent.flatMap((table) => readable(table, options));
    }
  }

  async #ask<T>(work: (ask: AskRows, schema: MetastoreSchema) => Promise<T>): Promise<T> {
    this.#schema ??= this.#findSchema().catch((error: unknown) => {
      this.#schema = undefined;
      throw error;
    });
    const schema = await this.#schema;
    return await this.#connections.inSnapshot((ask) => work(ask, schema));
  }

  async #findSchema(): Promise<MetastoreSchema> {
    const rows = await this.#connections.inSnapshot((ask) => ask(columnsOfSchema(this.#connections.dialect), []));
    const has = (table: string, column: string): boolean => rows.some((row) => row['table'] === table && row['column'] === column);
    const columns: MetastoreColumns = {
      hasCatalogs: has('DBS', 'CTLG_NAME'),
      hasOwnerType: has('TBLS', 'OWNER_TYPE'),
      hasManagedLocation: has('DBS', 'DB_MANAGED_LOCATION_URI'),
    };
    return { columns, dialect: this.#connections.dialect };
  }
}

function inOrderOf(names: readonly string[], tables: readonly SentTable[]): readonly SentTable[] {
  const byName = new Map(tables.map((table) => [table.tableName, table]));
  return names.flatMap((name) => byName.get(name.toLowerCase()) ?? []);
}

function readable(sent: SentTable, { onUnreadable }: ReadTablesOptions): readonly Table[] {
  try {
    return [tableOfSent(sent)];
  } catch (cause) {
    const name = { database: sent.dbName, table: sent.tableName };
    const fault = tableUnreadable(displayName(name), cause);
    if (onUnreadable === undefined) throw fault;
    onUnreadable(name, fault);
    return [];
  }
}

/** What is not said by a fault of the database lies with the rows. */
async function unreadableAs<T>(subject: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw cause instanceof MigrationError ? cause : tableUnreadable(subject, cause);
  }
}
