import { MAX_MESSAGE_CHARACTERS, headersOf, messageIdOf, parseMessage, slotOf } from '@hiveferry/contracts';
import type { Message } from '@hiveferry/contracts';
import { STEP_KINDS } from '@hiveferry/core';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { taskRows } from './outbox-rows.ts';
import type { OutboxRow, ReadyStep } from './outbox-rows.ts';

const runIds = ['0198c4a2-7d1e-7000-8000-0000000000aa', '0198c4a2-7d1e-7000-8000-0000000000bb'];
const uuidOf = (n: number): string => `0198c4a2-7d1e-7001-8000-${String(n).padStart(12, '0')}`;

function rowsOf(steps: readonly ReadyStep[]): readonly OutboxRow[] {
  let next = 0;
  return taskRows(steps, { next: () => uuidOf((next += 1)) });
}

const aStep = (n: number, changes: Partial<ReadyStep> = {}): ReadyStep => ({
  id: uuidOf(1_000_000 + n),
  runId: runIds[0] ?? '',
  target: 'right',
  database: 'sales',
  tableName: `t${String(n)}`,
  kind: 'preflight',
  cluster: 'right',
  ...changes,
});

function messageOf({ value }: OutboxRow): Message {
  const parsed = parseMessage(value);
  if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
  return parsed.message;
}

/** Of a message the steps that it names, and where it goes. */
function told(
  row: OutboxRow,
): readonly { readonly stepId: string; readonly subject: string; readonly topic: string; readonly key: string }[] {
  const { topic, key } = row;
  const message = messageOf(row);
  if (!message.type.startsWith('task.')) return [];
  const tasks = 'tasks' in message ? message.tasks : 'stepId' in message ? [message] : [];
  return tasks.map(({ stepId, subject }) => ({ stepId, subject, topic, key }));
}

const someSteps = fc
  .array(
    fc.record({
      runId: fc.constantFrom(...runIds),
      target: fc.constantFrom('right', 'third'),
      cluster: fc.constantFrom('left', 'right'),
      tableName: fc.oneof(fc.constantFrom('', 'orders', 'a b', 'größe', 'a"\\\n\u0000', '\ud800'), fc.string({ unit: 'binary' })),
      kind: fc.constantFrom(...STEP_KINDS),
    }),
    { maxLength: 400 },
  )
  .map((all) => all.map((changes, n) => aStep(n, changes)));

it('names every step once, in a message that is read, with key and headers as it says, those of a table in order and under one key', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const rows = rowsOf(steps);
      for (const row of rows)
        expect(row).toMatchObject({ id: messageOf(row).id, key: messageOf(row).key, headers: headersOf(messageOf(row)) });
      const all = rows.flatMap(told);
      expect(all.map(({ stepId }) => stepId).toSorted()).toEqual(steps.map(({ id }) => id).toSorted());
      const placeOf = new Map(steps.map(({ id }, place) => [id, place]));
      for (const own of Map.groupBy(all, ({ topic, key, subject }) =>
        JSON.stringify([topic, ...key.split('/').slice(0, 2), subject]),
      ).values()) {
        expect(new Set(own.map(({ key }) => key)).size).toBe(1);
        const places = own.map(({ stepId }) => placeOf.get(stepId) ?? -1);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 100 },
  );
});

it('has one key for a table, whatever else is told of with it, and another for each run and target', () => {
  const keysOf = (steps: readonly ReadyStep[]): readonly string[] =>
    rowsOf(steps).flatMap((row) => told(row).flatMap(({ subject, key }) => (subject === 'sales.orders' ? [key] : [])));
  const orders = aStep(0, { tableName: 'orders' });
  const others = Array.from({ length: 300 }, (_, n) => aStep(n + 1));
  const slot = String(slotOf('sales.orders'));
  expect([keysOf([orders]), keysOf([...others, { ...orders, kind: 'verify' }])].flat()).toEqual(
    Array(2).fill(`${String(runIds[0])}/right/${slot}`),
  );
  expect(keysOf([orders, { ...orders, target: 'third' }, { ...orders, runId: String(runIds[1]) }])).toEqual([
    `${String(runIds[0])}/right/${slot}`,
    `${String(runIds[0])}/third/${slot}`,
    `${String(runIds[1])}/right/${slot}`,
  ]);
});

it('tells of 5,000 tables in about as many messages as hold a hundred tasks', () => {
  const rows = rowsOf(Array.from({ length: 5_000 }, (_, n) => aStep(n)));
  expect(new Set(rows.map(({ key }) => key)).size).toBe(32);
  expect(rows.length).toBeLessThan(50 + 32);
});

it('tells of each copy by itself, under the key of its table', () => {
  const rows = rowsOf([aStep(1, { kind: 'copy' }), aStep(2, { kind: 'copy' }), aStep(1, { kind: 'copy' })]);
  expect(rows.map(({ topic, key }) => `${topic} ${key}`)).toEqual(
    ['t1', 't2', 't1'].map((name) => `hiveferry.tasks.right.distcp ${String(runIds[0])}/right/sales.${name}`),
  );
});

it.each([
  ['letters', 'x', 1],
  ['letters that take two units', '\u{1d4d0}', 2],
  ['characters that JSON escapes', '"', 2],
  ['characters that JSON escapes with six', '\u0001', 4],
])('makes no message longer than is read of names as long as Hive keeps them, all of %s', (_, letter, most) => {
  const cluster = 'c'.repeat(63);
  const long = {
    database: letter.repeat(128),
    tableName: letter.repeat(256),
    target: cluster,
    cluster,
    kind: 'discover-partitions',
  } as const;
  const rows = rowsOf(Array.from({ length: 100 }, (_unused, n) => aStep(n, long)));
  expect(rows.length).toBeLessThanOrEqual(most);
  expect(rows.flatMap(told)).toHaveLength(100);
  for (const { value } of rows) expect(value.length).toBeLessThanOrEqual(MAX_MESSAGE_CHARACTERS);
});

it('writes quick tasks of every kind so that consumers know them without parsing them', () => {
  const rows = rowsOf(
    STEP_KINDS.filter((kind) => kind !== 'copy').map((kind, n) => aStep(n, { kind, tableName: n === 0 ? '' : 'orders' })),
  );
  const parsing = vi.spyOn(JSON, 'parse');
  expect(rows.map(({ value }) => messageIdOf(value))).toEqual(rows.map(({ id }) => id));
  expect(parsing).not.toHaveBeenCalled();
  parsing.mockRestore();
});
