import type { DataSource, QueryRunner } from 'typeorm';

/** Runs one statement with parameters and gives its rows, whatever kind of statement it is. */
export interface Sql {
  rows<R extends object>(statement: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
}

/** A statement or transaction on a data source; deadlocks and serialization failures are tried again. */
export interface Database {
  readonly sql: Sql;
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** The rows of one query in pages, for what is too much to hold; a connection is taken until the last page. */
  pages<R extends object>(query: string, parameters: readonly unknown[]): AsyncIterable<readonly R[]>;
}

/**
 * Read in a statement, this lets its transaction commit without waiting for the disk: only for what may be lost by a crash of Postgres
 * (not of a process), because it is done again then.
 */
export const LAZY_COMMIT = `set_config('synchronous_commit', 'off', true)`;

const ROWS_A_PAGE = 2_000;

const TRIES = 4;
/** serialization_failure, deadlock_detected */
const REPEATABLE = new Set(['40001', '40P01']);

export function databaseOf(dataSource: DataSource): Database {
  return {
    sql: { rows: (statement, parameters) => withRunner(dataSource, (runner) => sqlOf(runner).rows(statement, parameters)) },
    transaction: (work) => repeated(() => withRunner(dataSource, (runner) => inTransaction(runner, work))),
    pages: (query, parameters) => pagesOf(dataSource, query, parameters),
  };
}

function sqlOf(runner: QueryRunner): Sql {
  return {
    async rows<R extends object>(statement: string, parameters: readonly unknown[] = []): Promise<readonly R[]> {
      const result = await runner.query(statement, [...parameters], true);
      // The driver cannot know a row's shape; each statement's function states it.
      return result.records as R[];
    },
  };
}

async function withRunner<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

async function inTransaction<T>(runner: QueryRunner, work: (sql: Sql) => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work(sqlOf(runner));
    await runner.commitTransaction();
    return result;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
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
