import { headersOf } from '@hiveferry/contracts';
import type { Message } from '@hiveferry/contracts';
import { expect, it } from 'vitest';
import { packed, unpacked } from './outbox-packs.ts';

const runId = '0198c4a2-7d1e-7000-8000-0000000000aa';
const aMessage = (n: number): Message => ({
  type: 'run.requested',
  version: 1,
  id: `0198c4a2-7d1e-7001-8000-${String(n).padStart(12, '0')}`,
  runId,
  key: `line\nbreak ${String(n)}`,
});

it('gives every message back as it was written, in order of its topic, and makes rows of at most 500', () => {
  const messages = Array.from({ length: 1_203 }, (_, n) => ({ topic: n % 3 === 0 ? 'a' : 'b', message: aMessage(n) }));
  const rows = packed(messages);
  expect(rows.map((row) => [row.topic, row.messages])).toEqual([
    ['a', 401],
    ['b', 500],
    ['b', 302],
  ]);
  const ofTopic = (topic: string) => messages.flatMap((each) => (each.topic === topic ? [each.message] : []));
  const read = rows.flatMap(unpacked).map(({ topic, key, value, headers }) => ({ topic, key, value, headers }));
  expect(read).toEqual(
    [...ofTopic('a').map((message) => ({ topic: 'a', message })), ...ofTopic('b').map((message) => ({ topic: 'b', message }))].map(
      ({ topic, message }) => ({ topic, key: message.key, value: JSON.stringify(message), headers: headersOf(message) }),
    ),
  );
});

it('leaves a message that is alone as everybody reads it', () => {
  const message = aMessage(1);
  expect(packed([{ topic: 'a', message }])).toEqual([
    { id: message.id, topic: 'a', key: message.key, value: JSON.stringify(message), headers: headersOf(message), messages: 1 },
  ]);
});
