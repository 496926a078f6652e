import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The queue of READY steps is a table of its own: a row is written when a step becomes READY and deleted when it is claimed. The indexes of
 * `step` that told who waits and who is open go; they were written anew with each step that became READY or was done.
 */
const STATEMENTS = [
  `create table ready_step (
     step_id uuid not null, run_id uuid not null, cluster text not null, target text not null, kind text not null, position integer not null)`,
  `insert into ready_step (step_id, run_id, cluster, target, kind, position)
     select id, run_id, cluster, target, kind, position from step where state = 'READY'`,
  `create unique index ready_step_queue on ready_step (cluster, target, kind, position desc, step_id)`,
  `create index ready_step_run on ready_step (run_id)`,
  `drop index step_queue`,
  `drop index step_open`,
];

export class ReadySteps1763758000000 implements MigrationInterface {
  readonly name = 'ReadySteps1763758000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('ReadySteps1763758000000 cannot be undone: restore a backup'));
  }
}
