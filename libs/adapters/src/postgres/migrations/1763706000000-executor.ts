import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who stands where: executors register themselves and say that they live. */
export class Executor1763706000000 implements MigrationInterface {
  readonly name = 'Executor1763706000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table executor (
         id text collate "C" primary key, cluster text collate "C", version text not null, load jsonb not null,
         started_at timestamptz not null default now(), last_heartbeat_at timestamptz not null default now())`,
    );
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('Executor1763706000000 cannot be undone: restore a backup'));
  }
}
