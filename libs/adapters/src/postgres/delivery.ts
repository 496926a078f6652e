import type { BusMessage, DeadLetter, Failure, HeldTopic, Inbox, Outbox, ReceivedMessage, RelayScope } from '@hiveferry/ports';
import { Batches } from './batches.ts';
import type { Notifications } from './notifications.ts';
import {
  addDeadLetterMessage,
  allHeldTopics,
  deleteHeldTopic,
  deletePublished,
  hasMessages,
  lockOldestOfEachKey,
  upsertHeldTopic,
} from './outbox.sql.ts';
import { LAZY_COMMIT } from './sql.ts';
import type { Database, Sql } from './sql.ts';

export class PostgresOutbox implements Outbox {
  readonly #database: Database;
  readonly #notifications: Notifications;

  constructor(database: Database, notifications: Notifications) {
    this.#database = database;
    this.#notifications = notifications;
  }

  async relay(
    limit: number,
    publish: (messages: readonly BusMessage[]) => Promise<readonly string[]>,
    scope: RelayScope = {},
  ): Promise<number> {
    return this.#database.transaction(async (sql) => {
      const rows = await lockOldestOfEachKey(sql, limit, scope);
      if (rows.length === 0) return 0;
      const refused = await publish(rows.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })));
      const published = rows.filter(({ topic }) => !refused.includes(topic));
      await deletePublished(
        sql,
        published.map(({ sequence }) => sequence),
      );
      return published.length;
    });
  }

  holdTopic(topic: string, failure: Failure): Promise<void> {
    return upsertHeldTopic(this.#database.sql, topic, failure);
  }

  releaseTopic(topic: string): Promise<void> {
    return deleteHeldTopic(this.#database.sql, topic);
  }

  heldTopics(): Promise<readonly HeldTopic[]> {
    return allHeldTopics(this.#database.sql);
  }

  async isEmpty(topic: string): Promise<boolean> {
    return !(await hasMessages(this.#database.sql, topic));
  }

  async purge(olderThanMs: number): Promise<void> {
    await deleteReceived(this.#database.sql, olderThanMs);
  }

  onAdded(listener: () => void): () => void {
    return this.#notifications.on('hiveferry_outbox', listener);
  }
}

export class PostgresInbox implements Inbox {
  readonly #database: Database;
  readonly #accepted: Batches<Delivery, boolean>;

  constructor(database: Database) {
    this.#database = database;
    this.#accepted = new Batches((deliveries) => insertReceived(database.sql, deliveries));
  }

  accept(consumer: string, received: ReceivedMessage): Promise<boolean> {
    return this.#accepted.add(consumer, { consumer, received });
  }

  async bury(letter: DeadLetter): Promise<void> {
    const kept = { topic: letter.topic, key: letter.key ?? null, value: storable(letter.value), reason: storable(letter.reason) };
    await this.#database.transaction(async (sql) => {
      await sql.rows(`insert into dead_letter (topic, key, value, reason) values ($1, $2, $3, $4)`, [
        kept.topic,
        kept.key,
        kept.value,
        kept.reason,
      ]);
      await addDeadLetterMessage(sql, kept);
    });
  }
}

interface Delivery {
  readonly consumer: string;
  readonly received: ReceivedMessage;
}

/**
 * A crash of Postgres may lose this: a double is accepted then, and wakes once more.
 *
 * @returns of each whether it is new; of doubles within the deliveries the first one is
 */
async function insertReceived(sql: Sql, deliveries: readonly Delivery[]): Promise<readonly boolean[]> {
  const rows = deliveries.map(({ consumer, received }) => ({ consumer, id: received.id, type: received.type, runId: received.runId }));
  const added = await sql.rows<{ consumer: string; id: string }>(
    `with lazy as materialized (select ${LAZY_COMMIT})
     insert into inbox (consumer, message_id, type, run_id)
     select m.consumer, m.id, m.type, m."runId"
     from lazy, jsonb_to_recordset($1::jsonb) as m (consumer text, id uuid, type text, "runId" uuid)
     on conflict do nothing returning consumer, message_id as id`,
    [JSON.stringify(rows)],
  );
  const fresh = new Set(added.map(({ consumer, id }) => `${id}/${consumer}`));
  return rows.map(({ consumer, id }) => fresh.delete(`${id.toLowerCase()}/${consumer}`));
}

async function deleteReceived(sql: Sql, olderThanMs: number): Promise<void> {
  await sql.rows(`delete from inbox where received_at < now() - $1 * interval '1 millisecond'`, [olderThanMs]);
}

const MAX_KEPT = 10_000;

/** Postgres keeps no NUL in text, and a dead letter need not be kept whole. */
function storable(text: string): string {
  return text.slice(0, MAX_KEPT).replaceAll('\u0000', '\uFFFD');
}
