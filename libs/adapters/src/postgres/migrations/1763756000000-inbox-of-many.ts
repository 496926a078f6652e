import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages that came together are one row of the inbox. Those that are remembered stay so, a row each. */
const STATEMENTS = [
  `alter table inbox rename to inbox_before`,
  `create table inbox (
     consumer text collate "C" not null, first_id uuid not null, last_id uuid not null, ids uuid[] not null,
     received_at timestamptz not null default now())`,
  `alter table inbox alter column ids set storage external`,
  `insert into inbox (consumer, first_id, last_id, ids, received_at)
     select consumer, message_id, message_id, array[message_id], received_at from inbox_before`,
  `drop table inbox_before`,
  `create index inbox_ids on inbox (consumer, last_id, first_id)`,
  `create index inbox_received on inbox using brin (received_at)`,
];

export class InboxOfMany1763756000000 implements MigrationInterface {
  readonly name = 'InboxOfMany1763756000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  /** Migrations only go forward. */
  down(): Promise<void> {
    return Promise.reject(new Error('InboxOfMany1763756000000 cannot be undone: restore a backup'));
  }
}
