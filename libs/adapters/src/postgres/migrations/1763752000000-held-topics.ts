import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Topics that take no messages, with the reason, for those who look at health and executors. */
export class HeldTopics1763752000000 implements MigrationInterface {
  readonly name = 'HeldTopics1763752000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table held_topic (topic text collate "C" primary key, failure jsonb not null, since timestamptz not null default now())`,
    );
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('HeldTopics1763752000000 cannot be undone: restore a backup'));
  }
}
