import { MigrationError, databaseOfSent, evenSlicesOf, inOrder, parsePartitionName, partitionOfSent, slicesOf } from '@hiveferry/core';
import type { Database, Partition, Table } from '@hiveferry/core';
import type { MetastoreReader, ReadTablesOptions } from '@hiveferry/ports';

import { isMissing, tableUnreadable } from './metastore-faults.ts';
import type { ThriftPartition } from './thrift-binding.ts';
import { ThriftConnectionPool } from './thrift.connection-pool.ts';
import type { MetastoreOptions } from './thrift.connection-pool.ts';
import { readTablePage } from './thrift.table-pages.ts';
import type { TablePageResult } from './thrift.table-pages.ts';

/** Bound of the port. */
const MOST_NAMES_A_CALL = 1000;
/** At most. Measured: 100 tables a call over four connections are twice as fast as 500 over one (lab, Hive 3.1.3 and 4.0.1). */
const TABLES_A_CALL = 100;
const PARTITIONS_A_CALL = 500;
const DEFAULT_PAGE_SIZE = 1000;

/** Reads a metastore over Thrift; knows Hive 2 to 4. Connects when first asked. */
export function createMetastoreReader(options: MetastoreOptions): MetastoreReader {
  return new ThriftMetastoreReader(new ThriftConnectionPool(options));
}

class ThriftMetastoreReader implements MetastoreReader {
  readonly #pool: ThriftConnectionPool;

  constructor(pool: ThriftConnectionPool) {
    this.#pool = pool;
  }

  async databaseNames(): Promise<readonly string[]> {
    const call = { method: 'get_all_databases', subject: 'the metastore' };
    const names = await this.#pool.run({ ...call, invoke: (client) => client.get_all_databases() });
    return names.sort();
  }

  async database(name: string): Promise<Database | undefined> {
    const call = { method: 'get_database', subject: name };
    return await unlessMissing(async () =>
      databaseOfSent(await this.#pool.run({ ...call, invoke: (client) => client.get_database(name) })),
    );
  }

  async functionNames(database: string): Promise<readonly string[]> {
    const call = { method: 'get_functions', subject: database };
    const names = await unlessMissing(() => this.#pool.run({ ...call, invoke: (client) => client.get_functions(database, '*') }));
    return (names ?? []).sort();
  }

  async *tableNames(database: string, options: { readonly pageSize?: number } = {}): AsyncGenerator<readonly string[]> {
    const call = { method: 'get_all_tables', subject: database };
    const names = await unlessMissing(() => this.#pool.run({ ...call, invoke: (client) => client.get_all_tables(database) }));
    yield* slicesOf((names ?? []).sort(), options.pageSize ?? DEFAULT_PAGE_SIZE);
  }

  async tables(database: string, names: readonly string[], options: ReadTablesOptions = {}): Promise<readonly Table[]> {
    if (names.length > MOST_NAMES_A_CALL) throw tooManyNames(database, names.length);
    const pages = evenSlicesOf(names, TABLES_A_CALL, this.#pool.size);
    const tables: Table[] = [];
    for await (const page of this.#read(database, pages, options)) tables.push(...page);
    return tables;
  }

  async *allTables(database: string, options: ReadTablesOptions = {}): AsyncGenerator<readonly Table[]> {
    for await (const names of this.tableNames(database, { pageSize: Number.MAX_SAFE_INTEGER })) {
      yield* this.#read(database, slicesOf(names, TABLES_A_CALL), options);
    }
  }

  async *partitions(database: string, table: string): AsyncGenerator<readonly Partition[]> {
    const call = { method: 'get_partition_names', subject: `${database}.${table}` };
    const names = await unlessMissing(() =>
      this.#pool.run({ ...call, invoke: (client) => client.get_partition_names(database, table, -1) }),
    );
    const read = (slice: readonly string[]): Promise<readonly Partition[]> => this.#partitionsByName(database, table, slice);
    for await (const batch of inOrder(slicesOf((names ?? []).sort(), PARTITIONS_A_CALL), this.#pool.size, read)) {
      if (batch.length > 0) yield batch;
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Reads ahead of who takes them, so that no connection idles; with two slices a connection this is all that is held. */
  async *#read(database: string, slices: readonly (readonly string[])[], options: ReadTablesOptions): AsyncGenerator<readonly Table[]> {
    const read = (names: readonly string[]): Promise<TablePageResult> => readTablePage(this.#pool, { database, names });
    for await (const { tables, unreadable } of inOrder(slices, this.#pool.size * 2, read)) {
      for (const { name, fault } of unreadable) {
        if (options.onUnreadable === undefined) throw fault;
        options.onUnreadable({ database, table: name }, fault);
      }
      yield tables;
    }
  }

  async #partitionsByName(database: string, table: string, names: readonly string[]): Promise<readonly Partition[]> {
    const call = { method: 'get_partitions_by_names', subject: `${database}.${table}` };
    const sent = await unlessMissing(() =>
      this.#pool.run({ ...call, invoke: (client) => client.get_partitions_by_names(database, table, [...names]) }),
    );
    try {
      return inNameOrder(names, sent ?? []).map(partitionOfSent);
    } catch (cause) {
      throw tableUnreadable(call.subject, cause);
    }
  }
}

/** The metastore answers in its own order and without names, so the values tell which is which. */
function inNameOrder(names: readonly string[], sent: readonly ThriftPartition[]): readonly ThriftPartition[] {
  const positions = new Map(names.map((name, position) => [JSON.stringify(valuesOf(name)), position]));
  const positionOf = ({ values }: ThriftPartition): number => positions.get(JSON.stringify(values)) ?? names.length;
  return sent.toSorted((a, b) => positionOf(a) - positionOf(b));
}

const valuesOf = (name: string): readonly string[] => (parsePartitionName(name) ?? []).map(({ value }) => value);

/** What vanished between two calls is drift, not an error. */
async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (fault) {
    if (isMissing(fault)) return undefined;
    throw fault;
  }
}

function tooManyNames(database: string, found: number): MigrationError {
  const message = `Tables of ${database} were asked for by ${found} names in one call; at most ${MOST_NAMES_A_CALL} are allowed.`;
  return new MigrationError('METASTORE_TOO_MANY_NAMES', message, { category: 'defect', retry: 'never', subject: database });
}
