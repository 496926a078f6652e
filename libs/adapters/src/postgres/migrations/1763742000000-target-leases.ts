import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One target of a run is planned by itself, or gets its steps, under a lease of its own. `due_at` is when a planner is to work at it: for a
 * plan when it has none, else for its steps. Takes are counted, so that what kills its planner is not taken over for ever.
 */
const STATEMENTS = [
  `alter table run_target rename column plan_at to due_at`,
  `alter table run_target rename column plan_tries to tries`,
  `alter table run_target add column fence bigint not null default 0, add column takes integer not null default 0,
     add column lease_owner text, add column lease_until timestamptz`,
  `update run_target set due_at = null where plan_hash is not null`,
  `update run_target t set due_at = now() from run r
   where r.id = t.run_id and r.state = 'EXECUTING' and t.approved_at is not null and t.dispatched_at is null`,
  `create index run_target_due on run_target (due_at) where due_at is not null`,
  // What was cut is cut again by who takes it over.
  `delete from run_shard`,
  `drop index run_shard_open`,
  `alter table run_shard drop constraint run_shard_pkey, add column hold text collate "C" not null default '',
     add column takes integer not null default 0, add column place jsonb, add primary key (run_id, hold, run_fence, number)`,
  `create index run_shard_open on run_shard (run_id, hold, run_fence, number) where state = 'OPEN'`,
];

export class TargetLeases1763742000000 implements MigrationInterface {
  readonly name = 'TargetLeases1763742000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('TargetLeases1763742000000 cannot be undone: restore a backup'));
  }
}
