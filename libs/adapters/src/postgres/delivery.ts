import type { BusMessage, DeadLetter, Failure, HeldTopic, Inbox, Outbox, RelayScope } from '@hiveferry/ports';
import { Batches } from './batches.ts';
import { HeldPast } from './held-past.ts';
import { deleteReceived, insertReceived, lockInbox } from './inbox.sql.ts';
import type { Notifications } from './notifications.ts';
import {
  addDeadLetterMessage,
  allHeldTopics,
  deleteHeldTopic,
  deletePublished,
  hasMessages,
  lockTopics,
  oldestOf,
  upsertHeldTopic,
} from './outbox.sql.ts';
import type { Database } from './sql.ts';

export class PostgresOutbox implements Outbox {
  readonly #database: Database;
  readonly #notifications: Notifications;
  readonly #heldPast = new HeldPast();

  constructor(database: Database, notifications: Notifications) {
    this.#database = database;
    this.#notifications = notifications;
  }

  async relay(publish: (messages: readonly BusMessage[]) => Promise<readonly string[]>, scope: RelayScope = {}): Promise<number> {
    return this.#database.transaction(async (sql) => {
      const from = await this.#heldPast.from(sql, scope.without ?? []);
      const topics = await lockTopics(sql, { ...scope, from });
      const messages = topics.length === 0 ? [] : await oldestOf(sql, { topics, from });
      if (messages.length === 0) return 0;
      const refused = await publish(messages);
      const published = messages.filter(({ topic }) => !refused.includes(topic));
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
  readonly #accepted: Batches<Delivery, readonly boolean[]>;

  constructor(database: Database) {
    this.#database = database;
    this.#accepted = new Batches((deliveries) => accept(database, deliveries));
  }

  /** What comes together, or while another delivery is written, is one row. */
  accept(consumer: string, ids: readonly string[]): Promise<readonly boolean[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.#accepted.add(consumer, { consumer, ids });
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
  readonly ids: readonly string[];
}

/** @param deliveries all to one consumer. @returns of each message whether it is new; of doubles the first one is */
async function accept(database: Database, deliveries: readonly Delivery[]): Promise<readonly (readonly boolean[])[]> {
  const consumer = deliveries[0]?.consumer ?? '';
  const asked = deliveries.map(({ ids }) => ids.map((id) => id.toLowerCase()));
  const added = await database.transaction(async (sql) => {
    await lockInbox(sql, consumer);
    return insertReceived(sql, consumer, [...new Set(asked.flat())].sort());
  });
  const fresh = new Set(added);
  return asked.map((ids) => ids.map((id) => fresh.delete(id)));
}

const MAX_KEPT = 10_000;

/** Postgres keeps no NUL in text, and a dead letter need not be kept whole. */
function storable(text: string): string {
  return text.slice(0, MAX_KEPT).replaceAll('\u0000', '\uFFFD');
}
