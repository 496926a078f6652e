import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A step that is given up while what it began may go on outside: `unended` says so of any step, `ends` what becomes of one that is ENDING. */
const STATEMENTS = [
  `alter table step add column unended boolean not null default false, add column ends jsonb`,
  `drop index step_open`,
  `create index step_open on step (state, run_id) where state in ('BLOCKED', 'READY', 'RUNNING', 'WAITING', 'ENDING')`,
];

export class Endings1763740000000 implements MigrationInterface {
  readonly name = 'Endings1763740000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('Endings1763740000000 cannot be undone: restore a backup'));
  }
}
