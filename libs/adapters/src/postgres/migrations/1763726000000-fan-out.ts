import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // Planning of one target fails, waits and is tried again without the others.
  `alter table run_target add column failure jsonb, add column plan_tries integer not null default 0, add column plan_at timestamptz`,
  `update run_target t set plan_at = now() from run r where r.id = t.run_id and r.state in ('REQUESTED', 'PLANNING')`,
  // What a run writes to, while it does: by metastore and name, and by location with a slash at its end.
  `create table table_claim (
     metastore text collate "C" not null, target_database text collate "C" not null, target_table text collate "C" not null,
     run_id uuid not null references run (id), target text not null, database text collate "C" not null, table_name text collate "C" not null,
     claimed_at timestamptz not null default now(), primary key (metastore, target_database, target_table))`,
  `create index table_claim_run on table_claim (run_id)`,
  `create table location_claim (
     location text collate "C" not null, run_id uuid not null references run (id), target text not null,
     database text collate "C" not null, table_name text collate "C" not null,
     primary key (run_id, target, database, table_name, location))`,
  `create index location_claim_location on location_claim (location)`,
  // Which clusters a run was planned for: one that points elsewhere since is not to be written to.
  `alter table run add column clusters jsonb`,
  // Places are given by cluster and target: each has its own queue.
  `drop index step_ready`,
  `create index step_ready on step (cluster, target, position desc, available_at, id) where state = 'READY'`,
];

export class FanOut1763726000000 implements MigrationInterface {
  readonly name = 'FanOut1763726000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('FanOut1763726000000 cannot be undone: restore a backup'));
  }
}
