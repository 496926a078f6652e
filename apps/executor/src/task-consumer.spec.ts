import type { Inbox } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import type { ClaimLoopService } from './claim-loop.service.ts';
import { taskConsumerFor } from './task-consumer.controller.ts';

interface Consumer {
  receiveTranslation(payload: unknown): Promise<void>;
  receiveDistcp(payload: unknown): Promise<void>;
}

/** A consumer whose inbox answers as it is told, and what it did, in its order. */
function aConsumer(accept: Inbox['accept']) {
  const did: string[] = [];
  const inbox: Partial<Inbox> = { accept: (...asked) => (did.push('remembers'), accept(...asked)), bury: () => Promise.resolve() };
  const loop: Partial<ClaimLoopService> = { wake: () => void did.push('wakes') };
  const consumer = new (taskConsumerFor('left'))(inbox, loop) as Consumer;
  return { consumer, did };
}

it.each(['receiveTranslation', 'receiveDistcp'] as const)('wakes the executor while messages are being remembered: %s', async (receive) => {
  const remembered = Promise.withResolvers<never>();
  const { consumer, did } = aConsumer(() => remembered.promise);
  const received = consumer[receive]([]);
  await Promise.resolve();
  expect(did).toEqual(['remembers', 'wakes']);
  remembered.reject(new Error('Postgres is down'));
  // Then the messages come again.
  await expect(received).rejects.toThrow('Postgres is down');
});
