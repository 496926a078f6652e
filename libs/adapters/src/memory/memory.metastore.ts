import { MigrationError, displayName, namespaceOf, parseLocation, partitionName } from '@hiveferry/core';
import type { Database, Partition, Table, TableName, TableWithPartitions } from '@hiveferry/core';
import type {
  AddPartitionsRequest,
  DropPartitionsRequest,
  MetastoreReader,
  MetastoreWriter,
  MovePartitionsRequest,
  ReadTablesOptions,
} from '@hiveferry/ports';

const MOST_A_CALL = 1000;

export interface MemoryMetastoreContent {
  readonly databases: readonly Database[];
  readonly tables: readonly TableWithPartitions[];
  /** Names of functions by database. @default none */
  readonly functions?: Readonly<Record<string, readonly string[]>>;
}

/** A metastore as a map in memory: for tests and for planning from a data set. Obeys the contract suite of the ports. */
export class MemoryMetastore implements MetastoreReader, MetastoreWriter {
  readonly #databases: Map<string, Database>;
  readonly #tables: Map<string, Entry>;
  readonly #functions: ReadonlyMap<string, readonly string[]>;
  readonly #unreadable = new Map<string, string>();

  constructor(content: MemoryMetastoreContent) {
    this.#databases = new Map(content.databases.map((database) => [database.name, database]));
    this.#tables = new Map(content.tables.map((each) => [keyOf(each.table), entryOf(each)]));
    this.#functions = new Map(Object.entries(content.functions ?? {}));
  }

  putTable(content: TableWithPartitions): void {
    this.#tables.set(keyOf(content.table), entryOf(content));
  }

  dropTable(name: TableName): void {
    this.#tables.delete(displayName(name).toLowerCase());
  }

  /** Lets a table be listed but not read, as a metastore does whose row is damaged. */
  damageTable(name: TableName, reason: string): void {
    this.#unreadable.set(displayName(name).toLowerCase(), reason);
  }

  async databaseNames(): Promise<readonly string[]> {
    return [...this.#databases.keys()].sort();
  }

  async database(name: string): Promise<Database | undefined> {
    return this.#databases.get(name.toLowerCase());
  }

  async functionNames(database: string): Promise<readonly string[]> {
    return (this.#functions.get(database.toLowerCase()) ?? []).toSorted();
  }

  async *tableNames(database: string, options: { readonly pageSize?: number } = {}): AsyncGenerator<readonly string[]> {
    const names = [...this.#tables.values()]
      .filter(({ table }) => table.database === database.toLowerCase())
      .map(({ table }) => table.name);
    yield* slicesOf(names.sort(), options.pageSize ?? MOST_A_CALL);
  }

  async tables(database: string, names: readonly string[], options: ReadTablesOptions = {}): Promise<readonly Table[]> {
    if (names.length > MOST_A_CALL) throw fault('METASTORE_TOO_MANY_NAMES', database, `${names.length} names, at most ${MOST_A_CALL}`);
    return names.flatMap((table) => this.#readable({ database, table }, options));
  }

  async *allTables(database: string, options: ReadTablesOptions = {}): AsyncGenerator<readonly Table[]> {
    for await (const names of this.tableNames(database)) yield await this.tables(database, names, options);
  }

  async *partitions(database: string, table: string): AsyncGenerator<readonly Partition[]> {
    const entry = this.#tables.get(displayName({ database, table }).toLowerCase());
    if (entry === undefined) return;
    const sorted = [...entry.partitions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, partition]) => partition);
    yield* slicesOf(sorted, MOST_A_CALL);
  }

  async addPartitions({ database, table, partitions }: AddPartitionsRequest): Promise<void> {
    const entry = this.#tables.get(displayName({ database, table }).toLowerCase());
    if (entry === undefined) throw fault('METASTORE_CALL_FAILED', `${database}.${table}`, 'there is no such table');
    for (const partition of partitions) {
      const name = partitionName(entry.table.partitionKeys, partition.values);
      if (!entry.partitions.has(name)) entry.partitions.set(name, partition);
    }
  }

  async dropPartitions({ database, table, names }: DropPartitionsRequest): Promise<void> {
    const entry = this.#tables.get(displayName({ database, table }).toLowerCase());
    if (entry === undefined) throw fault('METASTORE_CALL_FAILED', `${database}.${table}`, 'there is no such table');
    for (const name of names) entry.partitions.delete(name);
  }

  async movePartitions({ database, table, moves }: MovePartitionsRequest): Promise<void> {
    const entry = this.#tables.get(displayName({ database, table }).toLowerCase());
    if (entry === undefined) throw fault('METASTORE_CALL_FAILED', `${database}.${table}`, 'there is no such table');
    for (const { name, from, to } of moves) {
      const there = entry.partitions.get(name);
      if (there === undefined || parseLocation(there.storage.location ?? '', namespaceOf(from)) !== from) continue;
      entry.partitions.set(name, { ...there, storage: { ...there.storage, location: to } });
    }
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #readable(name: TableName, options: ReadTablesOptions): readonly Table[] {
    const key = displayName(name).toLowerCase();
    const entry = this.#tables.get(key);
    const reason = this.#unreadable.get(key);
    if (entry === undefined) return [];
    if (reason === undefined) return [entry.table];
    const unreadable = fault('METASTORE_TABLE_UNREADABLE', displayName(name), reason);
    if (options.onUnreadable === undefined) throw unreadable;
    options.onUnreadable(name, unreadable);
    return [];
  }
}

interface Entry {
  readonly table: Table;
  /** By Hive's escaped name. */
  readonly partitions: Map<string, Partition>;
}

function entryOf({ table, partitions }: TableWithPartitions): Entry {
  return { table, partitions: new Map(partitions.map((each) => [partitionName(table.partitionKeys, each.values), each])) };
}

const keyOf = (table: Table): string => displayName({ database: table.database, table: table.name }).toLowerCase();

function slicesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function fault(code: string, subject: string, reason: string): MigrationError {
  return new MigrationError(code, `${subject}: ${reason}`, {
    category: 'environment',
    retry: 'operator',
    subject,
    detail: { text: reason },
  });
}
