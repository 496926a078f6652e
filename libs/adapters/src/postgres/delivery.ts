import type { BusMessage, DeadLetter, Inbox, Outbox, ReceivedMessage } from '@hiveferry/ports';
import type { Notifications } from './notifications.ts';
import { deletePublished, lockOldestOfEachKey, markPublished } from './outbox.sql.ts';
import type { Database, Sql } from './sql.ts';

export class PostgresOutbox implements Outbox {
  readonly #database: Database;
  readonly #notifications: Notifications;

  constructor(database: Database, notifications: Notifications) {
    this.#database = database;
    this.#notifications = notifications;
  }

  async relay(limit: number, publish: (messages: readonly BusMessage[]) => Promise<void>): Promise<number> {
    return this.#database.transaction(async (sql) => {
      const rows = await lockOldestOfEachKey(sql, limit);
      if (rows.length === 0) return 0;
      await publish(rows.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })));
      await markPublished(
        sql,
        rows.map(({ sequence }) => sequence),
      );
      return rows.length;
    });
  }

  async purge(olderThanMs: number): Promise<void> {
    await deletePublished(this.#database.sql, olderThanMs);
    await deleteReceived(this.#database.sql, olderThanMs);
  }

  onAdded(listener: () => void): () => void {
    return this.#notifications.on('hiveferry_outbox', listener);
  }
}

export class PostgresInbox implements Inbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async accept(consumer: string, received: ReceivedMessage): Promise<boolean> {
    const rows = await this.#database.sql.rows(
      `insert into inbox (consumer, message_id, type, run_id) values ($1, $2, $3, $4) on conflict do nothing returning message_id`,
      [consumer, received.id, received.type, received.runId],
    );
    return rows.length > 0;
  }

  async bury(letter: DeadLetter): Promise<void> {
    await this.#database.sql.rows(`insert into dead_letter (topic, key, value, reason) values ($1, $2, $3, $4)`, [
      letter.topic,
      letter.key ?? null,
      storable(letter.value),
      letter.reason,
    ]);
  }
}

async function deleteReceived(sql: Sql, olderThanMs: number): Promise<void> {
  await sql.rows(`delete from inbox where received_at < now() - $1 * interval '1 millisecond'`, [olderThanMs]);
}

const MAX_KEPT = 10_000;

/** Postgres keeps no NUL in text, and a dead letter need not be kept whole. */
function storable(text: string): string {
  return text.slice(0, MAX_KEPT).replaceAll('\u0000', '\uFFFD');
}
