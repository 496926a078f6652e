import { STEP_KINDS } from '@hiveferry/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageIdOf } from './message-id.ts';
import { MAX_MESSAGE_CHARACTERS, parseMessage, taskKindOf } from './messages.ts';

const uuid = '0198c4a2-7d1e-7001-9abc-0123456789ab';
const someText = fc.oneof(fc.string(), fc.constantFrom('sales.orders', '', 'a"b', 'a\\b', '\u0000', 'ü', '\u2028', '\ud800', '�'));
const someUuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.constantFrom('', 'x', `${uuid} `, '00000000-0000-0000-0000-000000000000', uuid.replace('-7', '-9')),
);
const someStep = fc.oneof(fc.constantFrom(...STEP_KINDS), someText);
const aTask = fc.record({
  type: fc.constantFrom('task.translation', 'task.distcp', 'run.requested', 'task.dance'),
  version: fc.constantFrom<unknown>(1, 2, '1', null),
  id: someUuid,
  runId: someUuid,
  key: someText,
  stepId: someUuid,
  cluster: someText,
  subject: someText,
  step: someStep,
});
/** A text as it is written, or with one character more, less or another. */
const someMessage = fc
  .tuple(aTask, fc.nat(), fc.constantFrom('same', 'less', 'more'), fc.constantFrom('"', '\\', ' ', ',', '\n', '}', 'a', '1'))
  .map(([task, at, change, character]) => {
    const text = JSON.stringify(task);
    const place = at % (text.length + 1);
    if (change === 'same') return text;
    return text.slice(0, place) + (change === 'more' ? character : '') + text.slice(place + (change === 'less' ? 1 : 0));
  });

/** What the schema says. */
function idByParsing(text: string): string | { readonly reason: string } {
  const parsed = parseMessage(text);
  return parsed.kind === 'message' ? parsed.message.id : { reason: parsed.reason };
}

describe('the id of a message', () => {
  it('is what the schema reads, and is refused for the same reason', () => {
    fc.assert(
      fc.property(someMessage, (text) => {
        expect(messageIdOf(text)).toEqual(idByParsing(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(STEP_KINDS)('is read of a task that says %s', (step) => {
    const task = { version: 1, id: uuid, runId: uuid, key: 'k', stepId: uuid, cluster: 'right', subject: 'sales.orders', step };
    expect(messageIdOf(JSON.stringify({ type: `task.${taskKindOf(step)}`, ...task }))).toBe(uuid);
    const other = taskKindOf(step) === 'distcp' ? 'translation' : 'distcp';
    expect(messageIdOf(JSON.stringify({ type: `task.${other}`, ...task }))).toMatchObject({ reason: expect.stringContaining('step') });
  });

  it('is not looked for in a message that is too long', () => {
    const task = { type: 'task.distcp', version: 1, id: uuid, runId: uuid, key: 'k'.repeat(MAX_MESSAGE_CHARACTERS) };
    const text = JSON.stringify({ ...task, stepId: uuid, cluster: 'right', subject: 'sales', step: 'copy' });
    expect(messageIdOf(text)).toMatchObject({ reason: expect.stringContaining('characters') });
  });
});
