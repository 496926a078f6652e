import { DataSource } from 'typeorm';
import { entities } from './entities.ts';
import { InitialSchema1763690000000 } from './migrations/1763690000000-initial-schema.ts';
import { Executor1763706000000 } from './migrations/1763706000000-executor.ts';
import { Dispatch1763720000000 } from './migrations/1763720000000-dispatch.ts';
import { FanOut1763726000000 } from './migrations/1763726000000-fan-out.ts';

/** In the order in which they were written; only ever appended to. */
const migrations = [InitialSchema1763690000000, Executor1763706000000, Dispatch1763720000000, FanOut1763726000000];

/** Any number that no other program uses on this database: one process migrates, the others wait. */
const MIGRATION_LOCK = 4_827_119;

export interface PostgresOptions {
  readonly url: string;
  /** @default 10 */
  readonly poolSize?: number;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** Connects and brings the schema up to date; any number of processes may do so at once. The caller destroys it. */
export async function openDataSource(options: PostgresOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'hiveferry',
    entities,
    migrations,
    synchronize: false,
    logging: false,
  });
  await dataSource.initialize();
  await migrate(dataSource);
  return dataSource;
}

async function migrate(dataSource: DataSource): Promise<void> {
  const guard = dataSource.createQueryRunner();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await guard.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await guard.release();
  }
}
