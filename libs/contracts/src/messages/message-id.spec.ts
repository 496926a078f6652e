import { STEP_KINDS } from '@hiveferry/core';
import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messageIdOf } from './message-id.ts';
import { MAX_MESSAGE_CHARACTERS, MAX_TASKS_A_MESSAGE, parseMessage, taskKindOf } from './messages.ts';

const EXAMPLES = new URL('./examples/', import.meta.url);
const uuid = '0198c4a2-7d1e-7001-9abc-0123456789ab';
const someText = fc.oneof(fc.string(), fc.constantFrom('sales.orders', '', 'a"b', 'a\\b', '\u0000', 'ü', '\u2028', '\ud800', '�'));
const someUuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.constantFrom('', 'x', `${uuid} `, '00000000-0000-0000-0000-000000000000', uuid.replace('-7', '-9')),
);
/** Mostly as it is written: a property that only sees what is refused says little. */
const mostly = <T>(good: fc.Arbitrary<T>, any: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: good, weight: 30 }, { arbitrary: any, weight: 1 });
const aName = mostly(fc.constantFrom('sales.orders', 'sales', 'größe.a b', 'k/2'), someText);
const anId = mostly(fc.uuid(), someUuid);
const aStep = mostly(fc.constantFrom(...STEP_KINDS.filter((kind) => kind !== 'copy')), fc.oneof(fc.constantFrom(...STEP_KINDS), someText));
const someTasks = fc.array(fc.record({ stepId: anId, subject: aName, step: aStep }), { maxLength: 4 });
const aMessage = fc.record({
  type: mostly(fc.constant('task.translation'), fc.constantFrom('task.distcp', 'run.requested', 'task.dance')),
  version: mostly(fc.constant<unknown>(2), fc.constantFrom<unknown>(1, 3, '2', null)),
  id: anId,
  runId: anId,
  key: aName,
  target: aName,
  cluster: aName,
  tasks: someTasks,
});
/** A text as it is written, or with one character more, less or another. */
const someMessage = fc
  .tuple(
    aMessage,
    fc.nat(),
    fc.constantFrom('same', 'same', 'less', 'more', 'other'),
    fc.constantFrom('"', '\\', ' ', ',', '\n', '}', ']', 'a', '1'),
  )
  .map(([message, at, change, character]) => {
    const text = JSON.stringify(message);
    const place = at % (text.length + 1);
    if (change === 'same') return text;
    return text.slice(0, place) + (change === 'less' ? '' : character) + text.slice(place + (change === 'more' ? 0 : 1));
  });

/** What the schema says. */
function idByParsing(text: string): string | { readonly reason: string } {
  const parsed = parseMessage(text);
  return parsed.kind === 'message' ? parsed.message.id : { reason: parsed.reason };
}

const aTask = { stepId: uuid, subject: 'sales.orders', step: 'preflight' };
const textOf = (tasks: readonly unknown[]): string =>
  JSON.stringify({ type: 'task.translation', version: 2, id: uuid, runId: uuid, key: 'k', target: 'right', cluster: 'right', tasks });

describe('the id of a message', () => {
  it('is what the schema reads, and is refused for the same reason', () => {
    fc.assert(
      fc.property(someMessage, (text) => {
        expect(messageIdOf(text)).toEqual(idByParsing(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(STEP_KINDS)('is read of tasks of which one says %s, when that is no copy', (step) => {
    const id = messageIdOf(textOf([aTask, { ...aTask, step }]));
    if (taskKindOf(step) === 'translation') expect(id).toBe(uuid);
    else expect(id).toMatchObject({ reason: expect.stringContaining('tasks[1].step') });
  });

  it.each([0, 1, MAX_TASKS_A_MESSAGE, MAX_TASKS_A_MESSAGE + 1])('is that of the schema for %s tasks', (count) => {
    const text = textOf(Array(count).fill(aTask));
    expect(messageIdOf(text)).toEqual(idByParsing(text));
  });

  it.each(readdirSync(EXAMPLES))('is that of the kept example %s', (file) => {
    const text = readFileSync(new URL(file, EXAMPLES), 'utf8');
    expect(messageIdOf(text)).toBe((JSON.parse(text) as { readonly id: string }).id);
  });

  it.each([
    ['twenty thousand tasks that are none', Array(20_000).fill({})],
    ['a hundred', Array(MAX_TASKS_A_MESSAGE).fill({})],
  ])('is refused in a few lines for %s', (_, tasks) => {
    const refused = messageIdOf(textOf(tasks));
    expect(refused).toMatchObject({ reason: expect.stringContaining('tasks') });
    expect(typeof refused === 'string' ? refused : refused.reason.length).toBeLessThan(3_000);
  });

  it('is not looked for in a message that is too long', () => {
    const text = textOf(Array(MAX_TASKS_A_MESSAGE).fill({ ...aTask, subject: 's'.repeat(MAX_MESSAGE_CHARACTERS / 100) }));
    expect(messageIdOf(text)).toMatchObject({ reason: expect.stringContaining('characters') });
  });

  /** Each takes less than a millisecond. With the square of their length they would take minutes, which the time that a test has would tell. */
  it('is looked for in a time that grows with the length only', () => {
    const long = textOf(Array(MAX_TASKS_A_MESSAGE).fill({ ...aTask, subject: 's'.repeat(500) }));
    const hostile = [
      long.slice(0, -1),
      `${long.slice(0, -4)}x"}]}`,
      long.replaceAll('"}', '" }'),
      textOf([{ ...aTask, subject: 's'.repeat(65_000) }]).slice(0, -30),
      textOf([]).replace(/"key":"k".*/, `"key":"${'k'.repeat(65_000)}`),
      textOf([{ ...aTask, subject: '","step":"preflight"},{'.repeat(2_000) }]).replaceAll('\\', ''),
    ];
    for (const text of hostile) {
      expect(text.length).toBeGreaterThan(40_000);
      for (let times = 0; times < 50; times += 1) expect(messageIdOf(text)).toEqual(idByParsing(text));
    }
  });
});
