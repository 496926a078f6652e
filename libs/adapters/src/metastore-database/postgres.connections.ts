import pg from 'pg';
import type { MetastoreReader } from '@hiveferry/ports';
import { DatabaseMetastoreReader } from './database.metastore-reader.ts';
import type { AskRows, MetastoreConnections, MetastoreRow, SqlDialect } from './metastore-connection.ts';
import { notConnected, statementFailed } from './metastore-database-faults.ts';

export interface MetastoreDatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Asked for when the first connection is made. */
  readonly password?: () => Promise<string>;
  /** Most connections at once. @default 2: the metastore needs its database for others */
  readonly connections?: number;
  /** @default 10,000 */
  readonly connectTimeoutMs?: number;
  /** Limit of one statement. @default 300,000 */
  readonly statementTimeoutMs?: number;
}

/** Reads a metastore from its PostgreSQL, read only; knows the schemas of Hive 2 to 4. Connects when first asked. */
export function createPostgresMetastoreReader(options: MetastoreDatabaseOptions): MetastoreReader {
  return new DatabaseMetastoreReader(new PostgresConnections(options));
}

const DIALECT: SqlDialect = {
  parameter: (position) => `$${position}`,
  oneOf: (column, position) => `${column} = any($${position})`,
  byCode: (column) => `${column} collate "C"`,
};

class PostgresConnections implements MetastoreConnections {
  readonly dialect = DIALECT;
  readonly size: number;
  readonly #pool: pg.Pool;
  readonly #address: string;

  constructor({ host, port, database, user, password, ...limits }: MetastoreDatabaseOptions) {
    this.size = limits.connections ?? 2;
    this.#address = `${host}:${port}/${database}`;
    this.#pool = new pg.Pool({
      host,
      port,
      database,
      user,
      ...(password === undefined ? {} : { password }),
      max: this.size,
      application_name: 'hiveferry',
      connectionTimeoutMillis: limits.connectTimeoutMs ?? 10_000,
      statement_timeout: limits.statementTimeoutMs ?? 300_000,
    });
    // A connection that breaks while it is idle is replaced at the next question.
    this.#pool.on('error', () => undefined);
  }

  async inSnapshot<T>(work: (ask: AskRows) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const ask: AskRows = async (statement, parameters) => {
      try {
        return (await client.query<PostgresRow>(statement, [...parameters])).rows.map(asTexts);
      } catch (cause) {
        throw statementFailed({ address: this.#address }, cause);
      }
    };
    let failure: unknown;
    try {
      await ask('begin isolation level repeatable read read only', []);
      return await work(ask);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      await client.query('rollback').catch((error: unknown) => (failure ??= error));
      client.release(failure !== undefined);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (cause) {
      throw notConnected({ address: this.#address }, cause);
    }
  }
}

type PostgresRow = Readonly<Record<string, string | number | boolean | null>>;

/** Numbers of 64 bits come as texts already. */
function asTexts(row: PostgresRow): MetastoreRow {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]));
}
