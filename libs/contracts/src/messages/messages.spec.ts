import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_CHARACTERS, MAX_TASKS_A_MESSAGE, parseMessage, taskTranslationV2 } from './messages.ts';
import { slotOf } from './table-slots.ts';

const examples = new URL('./examples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, examples), 'utf8');

describe('messages', () => {
  it.each(readdirSync(examples))('reads the kept example %s', (name) => {
    const parsed = parseMessage(read(name));
    expect(parsed.kind === 'message' ? `${parsed.message.type}.v${String(parsed.message.version)}.json` : parsed.reason).toBe(name);
  });

  it.each(['task.distcp.v1.json', 'task.translation.v2.json'])(
    'refuses an unknown version of %s with a reason that names the key',
    (name) => {
      const later = read(name).replace(/"version": \d/, '"version": 9');
      expect(parseMessage(later)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('version') as string });
    },
  );

  it('refuses an unknown type', () => {
    expect(parseMessage('{"type":"task.dance","version":1}').kind).toBe('unreadable');
  });

  it('refuses bad JSON', () => {
    expect(parseMessage('{"type":')).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('not JSON') as string });
  });

  it('does not parse a message that is too long', () => {
    expect(parseMessage('x'.repeat(MAX_MESSAGE_CHARACTERS + 1))).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a message of several tasks', () => {
  const kept = taskTranslationV2.parse(JSON.parse(read('task.translation.v2.json')));
  const [task] = kept.tasks;
  const reasonOf = (tasks: readonly unknown[]): string => {
    const parsed = parseMessage(JSON.stringify({ ...kept, tasks }));
    return parsed.kind === 'message' ? 'none' : parsed.reason;
  };

  it('has the key of a slot that all its tables are of', () => {
    expect(kept.tasks.map(({ subject }) => `${kept.runId}/${kept.target}/${String(slotOf(subject))}`)).toEqual(
      kept.tasks.map(() => kept.key),
    );
  });

  it(`is read with ${String(MAX_TASKS_A_MESSAGE)} tasks, refused with one more or none`, () => {
    const tasks = Array.from({ length: MAX_TASKS_A_MESSAGE + 1 }, () => task);
    expect([tasks.slice(1), tasks, []].map(reasonOf)).toEqual([
      'none',
      expect.stringMatching(/<=100 items\n.*at tasks$/),
      expect.stringMatching(/>=1 items\n.*at tasks$/),
    ]);
  });

  it.each(['dance', 'copy', undefined])('is refused as a whole for one task whose step is %s, which is named', (step) => {
    expect(reasonOf([task, { ...task, step }, task])).toMatch(/expected one of "prepare-database".*\n.*at tasks\[1\]\.step$/);
  });
});
