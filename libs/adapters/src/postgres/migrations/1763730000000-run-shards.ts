import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parts of a run that planners share. Events are told of by the statement that writes them: a trigger kept a copy of every row. */
const STATEMENTS = [
  `create table run_shard (
     run_id uuid not null references run (id), run_fence bigint not null, number integer not null, work text not null,
     targets text[] not null, database text collate "C" not null, after text collate "C" not null, through text collate "C" not null,
     state text not null default 'OPEN', fence bigint not null default 0, lease_owner text, lease_until timestamptz,
     failures jsonb not null default '{}', failure jsonb, tables integer not null, ended_at timestamptz,
     primary key (run_id, run_fence, number))`,
  `create index run_shard_open on run_shard (run_id, run_fence, number) where state = 'OPEN'`,
  `drop trigger run_event_added on run_event`,
  `drop function notify_run_event()`,
];

export class RunShards1763730000000 implements MigrationInterface {
  readonly name = 'RunShards1763730000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('RunShards1763730000000 cannot be undone: restore a backup'));
  }
}
