import {
  MigrationError,
  displayName,
  inOrder,
  reloadFunctions,
  showDatabases,
  showFunctions,
  showPartitions,
  showTables,
  slicesOf,
} from '@hiveferry/core';
import type { Database, Partition, Table, TableName } from '@hiveferry/core';
import type { HiveSql, MetastoreReader, ReadTablesOptions } from '@hiveferry/ports';
import { objectsOf } from './object-ways.ts';
import type { ObjectWay } from './object-ways.ts';
import { ReadingSessions } from './reading-sessions.ts';

/** Bounds of the port. */
const MOST_NAMES_A_CALL = 1000;
/** One is read by a statement of its own: more would keep who asks waiting for long. */
const PARTITIONS_A_BATCH = 100;
const TABLES_A_BATCH = 100;
const DEFAULT_PAGE_SIZE = 1000;
const STATEMENT_TIMEOUT_MS = 300_000;

/**
 * Reads a metastore through HiveServer2 alone, where nothing else can be reached: one statement a table (two where the server does not
 * allow JSON) and one a partition, over a few sessions. What differs from Thrift is said in `docs/explanation/ways-to-read.md`.
 *
 * @param hive of this reader alone: its sessions stay open
 */
export function createHiveMetastoreReader(hive: HiveSql, { sessions }: { readonly sessions: number }): MetastoreReader {
  return new HiveMetastoreReader(new ReadingSessions(hive, { sessions, timeoutMs: STATEMENT_TIMEOUT_MS }));
}

type ReadResult =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'unreadable'; readonly name: TableName; readonly fault: MigrationError };

interface PartitionName {
  readonly name: TableName;
  readonly partition: string;
}

class HiveMetastoreReader implements MetastoreReader {
  readonly #sessions: ReadingSessions;
  readonly #objects: ObjectWay;

  constructor(sessions: ReadingSessions) {
    this.#sessions = sessions;
    this.#objects = objectsOf(sessions);
  }

  async databaseNames(): Promise<readonly string[]> {
    return firstCells(await this.#sessions.ask(showDatabases, 'text')).sort();
  }

  async database(name: string): Promise<Database | undefined> {
    return await unlessMissing(() => this.#objects.database(name));
  }

  async functionNames(database: string): Promise<readonly string[]> {
    const prefix = `${database.toLowerCase()}.`;
    await this.#sessions.ask(reloadFunctions, 'text').catch(unlessRefused);
    const names = firstCells(await this.#sessions.ask(showFunctions, 'text'));
    return names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])).sort();
  }

  async *tableNames(database: string, options: { readonly pageSize?: number } = {}): AsyncGenerator<readonly string[]> {
    const rows = await unlessMissing(() => this.#sessions.ask(showTables(database), 'text'));
    yield* slicesOf(firstCells(rows ?? []).sort(), options.pageSize ?? DEFAULT_PAGE_SIZE);
  }

  async tables(database: string, names: readonly string[], options: ReadTablesOptions = {}): Promise<readonly Table[]> {
    if (names.length > MOST_NAMES_A_CALL) throw tooManyNames(database, names.length);
    const tables: Table[] = [];
    for await (const batch of this.#read(database, names, options)) tables.push(...batch);
    return tables;
  }

  async *allTables(database: string, options: ReadTablesOptions = {}): AsyncGenerator<readonly Table[]> {
    for await (const names of this.tableNames(database, { pageSize: Number.MAX_SAFE_INTEGER })) {
      yield* this.#read(database, names, options);
    }
  }

  async *partitions(database: string, table: string): AsyncGenerator<readonly Partition[]> {
    const name = { database, table };
    const rows = await unlessMissing(() => this.#sessions.ask(showPartitions(name), 'text'));
    let batch: Partition[] = [];
    const readOne = this.#objects.partitionsOf(name);
    const read = (partition: string): Promise<Partition | undefined> => this.#partition({ name, partition }, readOne);
    for await (const partition of inOrder(firstCells(rows ?? []).sort(), this.#sessions.size * 2, read)) {
      if (partition === undefined) continue;
      if (batch.push(partition) < PARTITIONS_A_BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }

  async *#read(database: string, names: readonly string[], options: ReadTablesOptions): AsyncGenerator<readonly Table[]> {
    let batch: Table[] = [];
    const read = (table: string): Promise<ReadResult | undefined> => this.#table({ database, table });
    for await (const result of inOrder(names, this.#sessions.size * 2, read)) {
      if (result?.kind === 'unreadable') tellUnreadable(result, options);
      if (result?.kind !== 'table' || batch.push(result.table) < TABLES_A_BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  async #table(name: TableName): Promise<ReadResult | undefined> {
    try {
      const table = await unlessMissing(() => this.#objects.table(name));
      return table === undefined ? undefined : { kind: 'table', table };
    } catch (cause) {
      return { kind: 'unreadable', name, fault: await this.#unreadable(displayName(name), cause) };
    }
  }

  async #partition({ name, partition }: PartitionName, read: (partition: string) => Promise<Partition>): Promise<Partition | undefined> {
    try {
      return await unlessMissing(() => read(partition));
    } catch (cause) {
      throw await this.#unreadable(`${displayName(name)}, partition ${partition}`, cause);
    }
  }

  /** A Hive that answers nothing any more must not be taken for a hundred bad tables. */
  async #unreadable(subject: string, cause: unknown): Promise<MigrationError> {
    if (cause instanceof MigrationError && cause.code !== 'HIVE_STATEMENT_FAILED') throw cause;
    await this.databaseNames();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `HiveServer2 cannot describe ${subject}: ${reason}. Other tables are not affected.`;
    const facts = { category: 'environment', retry: 'operator', subject, detail: { reason }, cause } as const;
    return new MigrationError('METASTORE_TABLE_UNREADABLE', message, facts);
  }
}

function tellUnreadable({ name, fault }: Extract<ReadResult, { kind: 'unreadable' }>, { onUnreadable }: ReadTablesOptions): void {
  if (onUnreadable === undefined) throw fault;
  onUnreadable(name, fault);
}

const firstCells = (rows: readonly (readonly (string | null)[])[]): string[] => rows.map(([cell]) => cell ?? '');

/** Table, partition, database not found; not a partitioned table (Hive 3 gives that one no code of its own). */
const MISSING_CODES = new Set<unknown>([10001, 10006, 10072, 10241]);

/** Only administrators may make some servers look again; what they know is shown to all. */
function unlessRefused(fault: unknown): void {
  if (!(fault instanceof MigrationError) || fault.code !== 'HIVE_STATEMENT_FAILED') throw fault;
}

/** What vanished between two statements is drift, not an error. */
async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (fault) {
    if (isMissing(fault)) return undefined;
    throw fault;
  }
}

function isMissing(fault: unknown): boolean {
  if (!(fault instanceof MigrationError) || fault.code !== 'HIVE_STATEMENT_FAILED') return false;
  return MISSING_CODES.has(fault.detail['errorCode']) || /is not a partitioned table/.test(fault.message);
}

function tooManyNames(database: string, found: number): MigrationError {
  const message = `Tables of ${database} were asked for by ${found} names in one call; at most ${MOST_NAMES_A_CALL} are allowed.`;
  return new MigrationError('METASTORE_TOO_MANY_NAMES', message, { category: 'defect', retry: 'never', subject: database });
}
