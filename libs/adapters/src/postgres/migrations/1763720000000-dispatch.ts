import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Fewer writes a step. A published message is deleted: an update would write its row and its index entries once more. An attempt is
 * written once, when its claim ends; until then the step's own row says who has it. Foreign keys to `step` go where the row is written
 * in the statement that changes the step, since each is checked row by row. Ages are looked for hourly: a block range index does for them.
 */
const STATEMENTS = [
  `delete from outbox where published_at is not null`,
  `drop index outbox_unpublished`,
  `drop index outbox_published`,
  `alter table outbox drop column published_at, drop constraint outbox_id_key`,
  `drop index inbox_received`,
  `create index inbox_received on inbox using brin (received_at)`,
  `delete from step_attempt where ended_at is null`,
  `alter table step_attempt drop constraint step_attempt_step_id_fkey`,
  `alter table measurement drop constraint measurement_step_id_fkey`,
  `drop index step_running`,
  `drop index step_open`,
  `create index step_open on step (state, run_id) where state in ('BLOCKED', 'READY', 'RUNNING', 'WAITING')`,
  `drop index run_event_run`,
  `alter table run_event drop constraint run_event_pkey, add primary key (run_id, sequence)`,
];

export class Dispatch1763720000000 implements MigrationInterface {
  readonly name = 'Dispatch1763720000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('Dispatch1763720000000 cannot be undone: restore a backup'));
  }
}
