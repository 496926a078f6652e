import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A table whose first step is DONE runs, though its own row says QUEUED still: the step's row tells it (`table-beginnings.sql.ts`), and
 * `table_now` says of every table what it is. Tables that wait now, and
 * have their steps, begin as before: their rows are written.
 */
const STATEMENTS = [
  `alter table step add column beginning text`,
  `alter table run_target add column folded_tables integer not null default 0`,
  `update step s set beginning = 'WRITTEN' from run_table t where t.id = s.table_id and t.state in ('PLANNED', 'QUEUED') and s.state <> 'DONE'`,
  `create view table_now as
     select t.id, t.run_id, t.target, t.database, t.table_name, t.target_database, t.target_table, t.object, t.decision, t.phase,
       case when f.id is null then t.state else 'RUNNING' end as state, t.plan, t.table_hash, t.issues, t.hazards, t.failure,
       coalesce(t.started_at, f.started_at) as started_at, t.ended_at
     from run_table t left join lateral (
       select s.id, s.started_at from step s
       where t.state = 'QUEUED' and (s.run_id, s.target, s.database, s.table_name) = (t.run_id, t.target, t.database, t.table_name)
         and s.beginning = 'FOLDED' and s.state = 'DONE' offset 0) f on true`,
];

export class FoldedBeginnings1763772000000 implements MigrationInterface {
  readonly name = 'FoldedBeginnings1763772000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('FoldedBeginnings1763772000000 cannot be undone: restore a backup'));
  }
}
