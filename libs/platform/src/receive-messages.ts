import type { Logger } from '@nestjs/common';
import { parseMessage } from '@hiveferry/contracts';
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
  const texts = textsOf(payload);
  const parsed = texts.map((text) => ({ text, ...parseMessage(text) }));
  await inbox.accept(
    consumer,
    parsed.flatMap((each) => (each.kind === 'message' ? [each.message.id] : [])),
  );
  for (const each of parsed) {
    if (each.kind === 'message') continue;
    logger.error({ topic, reason: each.reason }, 'message cannot be read: kept as a dead letter');
    await inbox.bury({ topic, value: each.text, reason: each.reason });
  }
}

function textsOf(payload: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}
