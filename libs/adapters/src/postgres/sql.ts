import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { postgresFault } from './postgres-faults.ts';

/** Runs one statement with parameters and gives its rows, whatever kind of statement it is. */
export interface Sql {
  rows<R extends object>(statement: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
}

/** A statement or transaction on a data source; deadlocks and serialization failures are tried again. */
export interface Database {
  readonly sql: Sql;
  /** For what is read by entities. */
  readonly manager: EntityManager;
  /**
   * All that is read and written through this database while `work` runs, further down in its calls, is one transaction: it is committed
   * when `work` is done, and undone when it throws.
   */
  together<T>(work: () => Promise<T>): Promise<T>;
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** The rows of one query in pages, for what is too much to hold; a connection is taken until the last page. */
  pages<R extends object>(query: string, parameters: readonly unknown[]): AsyncIterable<readonly R[]>;
}

/**
 * Read in a statement, this lets its transaction commit without waiting for the disk: only for what may be lost by a crash of Postgres
 * (not of a process), because it is done again then.
 */
export const LAZY_COMMIT = `set_config('synchronous_commit', 'off', true)`;

/**
 * An array as Postgres reads it, of ids, numbers and states: nothing in them has to be escaped. The driver looks into each element for
 * what has to be, which took a sixth of all memory that a report did.
 */
export const plainArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;

/**
 * Ids of a parameter, for `= ...`. Postgres does not look at each of them while it plans, which took longer than some statements, and finds
 * the rows by their index, however many ids there are.
 */
export const anyId = (parameter: string): string => `any((select ${parameter}::uuid[])::uuid[])`;

/** What such an array is as text: cheaper than a row, or an array as the driver reads it, for each. */
export const plainTexts = (array: string): readonly string[] => (array === '{}' ? [] : array.slice(1, -1).split(','));

const ROWS_A_PAGE = 2_000;

const TRIES = 4;
/** How pg says that the time for a query was over without an answer. */
const NO_ANSWER = 'Query read timeout';
/** serialization_failure, deadlock_detected */
const REPEATABLE = new Set(['40001', '40P01']);

export function databaseOf(dataSource: DataSource): Database {
  const joined = new AsyncLocalStorage<QueryRunner>();
  const run = <T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> => {
    const runner = joined.getStore();
    return runner === undefined ? withRunner(dataSource, work) : work(runner);
  };
  const again = <T>(work: () => Promise<T>): Promise<T> => (joined.getStore() === undefined ? repeated(work) : work());
  const begin = <T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> =>
    repeated(() => withRunner(dataSource, (runner) => inTransaction(runner, () => work(runner))));
  return {
    // A statement that is alone is a transaction, and may be a deadlock's victim as well.
    sql: { rows: (statement, parameters) => again(() => run((runner) => sqlOf(runner).rows(statement, parameters))) },
    get manager() {
      return joined.getStore()?.manager ?? dataSource.manager;
    },
    together: (work) => begin((runner) => joined.run(runner, work)),
    transaction(work) {
      const runner = joined.getStore();
      return runner === undefined ? begin((own) => work(sqlOf(own))) : work(sqlOf(runner));
    },
    pages: (query, parameters) => pagesOf(dataSource, query, parameters),
  };
}

function sqlOf(runner: QueryRunner): Sql {
  return {
    async rows<R extends object>(statement: string, parameters: readonly unknown[] = []): Promise<readonly R[]> {
      const result = await runner.query(statement, [...parameters], true).catch((error: unknown) => giveUp(runner, error));
      // The driver cannot know a row's shape; each statement's function states it.
      return result.records as R[];
    },
  };
}

/** A connection whose server does not answer goes: in the pool, or for a rollback, it would hold up whoever comes next as long again. */
async function giveUp(runner: QueryRunner, error: unknown): Promise<never> {
  if (error instanceof Error && error.message.includes(NO_ANSWER)) {
    // The driver does not type its connections: it is an event emitter, and its pool drops it when it fails.
    const connection = (await runner.connect()) as EventEmitter;
    connection.emit('error', error);
  }
  throw postgresFault(error);
}

async function withRunner<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

async function inTransaction<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    // Begin and commit fail here as well as statements.
    throw postgresFault(error);
  }
}

async function* pagesOf<R extends object>(
  dataSource: DataSource,
  query: string,
  parameters: readonly unknown[],
): AsyncIterable<readonly R[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const sql = sqlOf(runner);
    await sql.rows(`declare pages no scroll cursor for ${query}`, parameters);
    for (;;) {
      const rows = await sql.rows<R>(`fetch ${String(ROWS_A_PAGE)} from pages`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

async function repeated<T>(work: () => Promise<T>, tried = 1): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (tried >= TRIES || !isRepeatable(error)) throw error;
    return repeated(work, tried + 1);
  }
}

function isRepeatable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && REPEATABLE.has(error.code);
}
