import type { Logger } from '@nestjs/common';
import { messageIdOf } from '@hiveferry/contracts';
import type { Inbox } from '@hiveferry/ports';

export interface Receiver {
  readonly inbox: Inbox;
  /** Whose inbox it is. */
  readonly consumer: string;
  readonly topic: string;
  readonly logger: Logger;
}

/**
 * Remembers the messages of one delivery, and keeps those that cannot be read as dead letters. It throws when Postgres is down, and then
 * all of them come again.
 *
 * @param payload the texts of the messages, as both buses deliver them
 */
export async function receiveMessages({ inbox, consumer, topic, logger }: Receiver, payload: unknown): Promise<void> {
  const ids: string[] = [];
  const unreadable: { readonly value: string; readonly reason: string }[] = [];
  for (const value of textsOf(payload)) {
    const id = messageIdOf(value);
    if (typeof id === 'string') ids.push(id);
    else unreadable.push({ value, ...id });
  }
  await inbox.accept(consumer, ids);
  for (const { value, reason } of unreadable) {
    logger.error({ topic, reason }, 'message cannot be read: kept as a dead letter');
    await inbox.bury({ topic, value, reason });
  }
}

function textsOf(payload: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}
