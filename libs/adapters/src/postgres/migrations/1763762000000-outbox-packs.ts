import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row of the outbox may hold many messages of a topic. Those that wait are rows of one, as before. */
const STATEMENTS = [
  `alter table outbox add column messages integer not null default 1`,
  // A row lives for some milliseconds: what its compression takes is not won back.
  `alter table outbox alter column value set storage external`,
];

export class OutboxPacks1763762000000 implements MigrationInterface {
  readonly name = 'OutboxPacks1763762000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('OutboxPacks1763762000000 cannot be undone: restore a backup'));
  }
}
