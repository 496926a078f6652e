import type { MetastoreReader } from '@hiveferry/ports';
import { limitsOf } from './database-options.ts';
import type { MetastoreDatabaseOptions } from './database-options.ts';
import { DatabaseMetastoreReader } from './database.metastore-reader.ts';
import { mysqlDriver } from './mysql.driver.ts';
import { postgresDriver } from './postgres.driver.ts';
import { SnapshotConnections } from './snapshot-connections.ts';

const DRIVERS = { postgres: postgresDriver, mysql: mysqlDriver } as const;

/** Reads a metastore from its database, read only; knows the schemas of Hive 2 to 4. Connects when first asked. */
export function createDatabaseMetastoreReader(
  options: MetastoreDatabaseOptions & { readonly product: keyof typeof DRIVERS },
): MetastoreReader {
  const { host, port, database } = options;
  const place = { size: limitsOf(options).connections, address: `${host}:${port}/${database}` };
  return new DatabaseMetastoreReader(new SnapshotConnections(DRIVERS[options.product](options), place));
}
