import pg from 'pg';
import { limitsOf, tlsSettings } from './database-options.ts';
import type { MetastoreDatabaseOptions } from './database-options.ts';
import type { DatabaseDriver, MetastoreRow } from './metastore-connection.ts';

/** PostgreSQL by `pg`. Connects when first asked. */
export function postgresDriver(options: MetastoreDatabaseOptions): DatabaseDriver {
  let opened: Promise<pg.Pool> | undefined;
  return {
    dialect: {
      parameter: (position) => `$${position}`,
      oneOf: (column, position) => `${column} = any($${position})`,
      byCode: (column) => `${column} collate "C"`,
      isOurs: (column) => `${column} = any(current_schemas(false))`,
    },
    begin: ['begin isolation level repeatable read read only'],
    connect: async () => {
      opened ??= openPool(options).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const client = await (await opened).connect();
      return {
        query: async (statement, parameters) => (await client.query<PostgresRow>(statement, [...parameters])).rows.map(asTexts),
        release: (isBroken) => client.release(isBroken),
      };
    },
    close: async () => await (await opened)?.end(),
  };
}

async function openPool(options: MetastoreDatabaseOptions): Promise<pg.Pool> {
  const { host, port, database, user, password } = options;
  const { connections, connectTimeoutMs, statementTimeoutMs } = limitsOf(options);
  const ssl = await tlsSettings(options);
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl }),
    max: connections,
    application_name: 'hiveferry',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
  });
  // A connection that breaks while it is idle is replaced at the next question.
  pool.on('error', () => undefined);
  return pool;
}

type PostgresRow = Readonly<Record<string, string | number | boolean | null>>;

/** Numbers of 64 bits come as texts already. */
function asTexts(row: PostgresRow): MetastoreRow {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]));
}
