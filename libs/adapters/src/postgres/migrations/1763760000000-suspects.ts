import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether what a planner holds was in the hands of one that died: planners with other things in hand do no parts of it. */
export class Suspects1763760000000 implements MigrationInterface {
  readonly name = 'Suspects1763760000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const held of ['run', 'run_target'])
      await runner.query(`alter table ${held} add column is_suspect boolean not null default false`);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('Suspects1763760000000 cannot be undone: restore a backup'));
  }
}
