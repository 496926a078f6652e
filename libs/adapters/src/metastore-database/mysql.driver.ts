import mysql from 'mysql2/promise';
import type { Pool, RowDataPacket, TypeCast } from 'mysql2/promise';
import { limitsOf, tlsSettings } from './database-options.ts';
import type { MetastoreDatabaseOptions } from './database-options.ts';
import type { DatabaseDriver } from './metastore-connection.ts';

/** MySQL and MariaDB by `mysql2`. Connects when first asked. */
export function mysqlDriver(options: MetastoreDatabaseOptions): DatabaseDriver {
  let opened: Promise<Pool> | undefined;
  const { statementTimeoutMs } = limitsOf(options);
  return {
    dialect: {
      parameter: () => '?',
      oneOf: (column) => `${column} in (?)`,
      // Not a binary collation, for which 'a' equals 'a ' and which only columns of its own character set may have.
      byCode: (column) => `cast(convert(${column} using utf8mb4) as binary)`,
      isOurs: (column) => `${column} = database()`,
    },
    begin: [
      // The library writes parameters into the text by backslashes, which this mode and no other part of it may forbid.
      "set session sql_mode = 'ANSI_QUOTES'",
      'set transaction isolation level repeatable read',
      'start transaction with consistent snapshot, read only',
    ],
    connect: async () => {
      opened ??= openPool(options).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const connection = await (await opened).getConnection();
      return {
        query: async (sql, values) => {
          const [rows] = await connection.query<RowDataPacket[]>({ sql, values: [...values], timeout: statementTimeoutMs });
          return Array.isArray(rows) ? rows : [];
        },
        release: (isBroken) => (isBroken ? connection.destroy() : connection.release()),
      };
    },
    close: async () => await (await opened)?.end(),
  };
}

async function openPool(options: MetastoreDatabaseOptions): Promise<Pool> {
  const { host, port, database, user } = options;
  const { connections, connectTimeoutMs } = limitsOf(options);
  const [password, tls] = [await options.password?.(), await tlsSettings(options)];
  return mysql.createPool({
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized } }),
    connectionLimit: connections,
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    typeCast: asText,
  });
}

/** Numbers as texts; a BIT is a flag. */
const asText: TypeCast = (field) => {
  if (field.type !== 'BIT') return field.string();
  const bits = field.buffer();
  return bits === null ? null : bits.at(-1) === 1;
};
