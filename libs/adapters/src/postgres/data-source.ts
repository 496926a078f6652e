import { MigrationError } from '@hiveferry/core';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { entities } from './entities.ts';
import { InitialSchema1763690000000 } from './migrations/1763690000000-initial-schema.ts';
import { Executor1763706000000 } from './migrations/1763706000000-executor.ts';
import { Dispatch1763720000000 } from './migrations/1763720000000-dispatch.ts';
import { FanOut1763726000000 } from './migrations/1763726000000-fan-out.ts';
import { RunShards1763730000000 } from './migrations/1763730000000-run-shards.ts';
import { Endings1763740000000 } from './migrations/1763740000000-endings.ts';
import { TargetLeases1763742000000 } from './migrations/1763742000000-target-leases.ts';
import { FewerWrites1763750000000 } from './migrations/1763750000000-fewer-writes.ts';
import { HeldTopics1763752000000 } from './migrations/1763752000000-held-topics.ts';
import { Around1763753000000 } from './migrations/1763753000000-around.ts';
import { InboxOfMany1763756000000 } from './migrations/1763756000000-inbox-of-many.ts';
import { ReadySteps1763758000000 } from './migrations/1763758000000-ready-steps.ts';
import { Suspects1763760000000 } from './migrations/1763760000000-suspects.ts';
import { OutboxPacks1763762000000 } from './migrations/1763762000000-outbox-packs.ts';
import { FoldedClaims1763764000000 } from './migrations/1763764000000-folded-claims.ts';
import { PlainStepLists1763766000000 } from './migrations/1763766000000-plain-step-lists.ts';
import { MessagesByRow1763768000000 } from './migrations/1763768000000-messages-by-row.ts';
import { FoldedBeginnings1763772000000 } from './migrations/1763772000000-folded-beginnings.ts';
import { TableNumbers1763770000000 } from './migrations/1763770000000-table-numbers.ts';

/** In the order in which they were written; only ever appended to. */
const migrations = [
  InitialSchema1763690000000,
  Executor1763706000000,
  Dispatch1763720000000,
  FanOut1763726000000,
  RunShards1763730000000,
  Endings1763740000000,
  TargetLeases1763742000000,
  FewerWrites1763750000000,
  HeldTopics1763752000000,
  Around1763753000000,
  InboxOfMany1763756000000,
  ReadySteps1763758000000,
  Suspects1763760000000,
  OutboxPacks1763762000000,
  FoldedClaims1763764000000,
  PlainStepLists1763766000000,
  MessagesByRow1763768000000,
  TableNumbers1763770000000,
  FoldedBeginnings1763772000000,
];

/** Any number that no other program uses on this database: one process migrates, the others wait. */
const MIGRATION_LOCK = 4_827_119;

export interface PostgresOptions {
  readonly url: string;
  /** @default 10 */
  readonly poolSize?: number;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName?: string;
  /** @default 60000 */
  readonly statementTimeoutMs?: number;
  /** Longer than the time of a statement. @default 75000 */
  readonly noAnswerTimeoutMs?: number;
  /** @default 15000 */
  readonly connectTimeoutMs?: number;
}

/**
 * No statement of ours takes long: one that does waits for a lock that is not given back, or for a server that hangs, and whoever asked
 * must hear of it. The server ends it first; when the server does not answer either, the connection is given up.
 */
const STATEMENT_TIMEOUT_MS = 60_000;
const NO_ANSWER_TIMEOUT_MS = 75_000;
const CONNECT_TIMEOUT_MS = 15_000;

/** Connects and brings the schema up to date; any number of processes may do so at once. The caller destroys it. */
export async function openDataSource(options: PostgresOptions): Promise<DataSource> {
  await migrate(options);
  const dataSource = dataSourceOf(options, {
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    query_timeout: options.noAnswerTimeoutMs ?? NO_ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: NO_ANSWER_TIMEOUT_MS,
  });
  return await dataSource.initialize();
}

function dataSourceOf(options: PostgresOptions, limits: Readonly<Record<string, number>> = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'hiveferry',
    entities,
    migrations,
    synchronize: false,
    logging: false,
    connectTimeoutMS: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    extra: { keepAlive: true, ...limits },
  });
}

/** On connections of its own: a migration takes its time, and so may waiting for another process's. */
async function migrate(options: PostgresOptions): Promise<void> {
  const dataSource = await dataSourceOf({ ...options, poolSize: 2 }).initialize();
  const guard = dataSource.createQueryRunner();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
    await refuseNewer(guard);
  } finally {
    await guard.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await guard.release();
    await dataSource.destroy();
  }
}

/** A process of an older version would read and write rows in a way that the newer ones no longer mean. */
async function refuseNewer(runner: QueryRunner): Promise<void> {
  const known = migrations.map((Migration) => new Migration().name);
  const { records } = await runner.query('select name from migrations where name <> all($1) order by name', [known], true);
  // As the statement selects it.
  const [unknown] = records as { name: string }[];
  if (unknown === undefined) return;
  throw new MigrationError(
    'SCHEMA_IS_NEWER',
    `the database was brought up to date by a newer version (${unknown.name}); expected: at most ${known.at(-1) ?? ''}; start that version here as well`,
    { category: 'environment', retry: 'operator', subject: 'database' },
  );
}
