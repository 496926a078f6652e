import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of steps are ids that are used soon and read once: to compress them took as long as to write them. */
const STATEMENTS = [
  `alter table run_event alter column steps set storage external`,
  `alter table step_claim alter column steps set storage external`,
];

export class PlainStepLists1763766000000 implements MigrationInterface {
  readonly name = 'PlainStepLists1763766000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('PlainStepLists1763766000000 cannot be undone: restore a backup'));
  }
}
