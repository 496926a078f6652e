import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables around a run's own: those of databases of the source that are not selected (`target` is empty), and those that stand on each target. */
export class Around1763753000000 implements MigrationInterface {
  readonly name = 'Around1763753000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table run_around (
         run_id uuid not null references run (id), target text not null, database text collate "C" not null,
         table_name text collate "C" not null, location text collate "C" not null, primary key (run_id, target, database, table_name))`,
    );
    await runner.query(`create index run_around_location on run_around (run_id, target, location)`);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('Around1763753000000 cannot be undone: restore a backup'));
  }
}
