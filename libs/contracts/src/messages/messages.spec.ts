import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_CHARACTERS, parseMessage } from './messages.ts';

const examples = new URL('./examples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, examples), 'utf8');

describe('messages', () => {
  it.each(readdirSync(examples))('reads the kept example %s', (name) => {
    const parsed = parseMessage(read(name));
    expect(parsed.kind === 'message' ? `${parsed.message.type}.v${String(parsed.message.version)}.json` : parsed.reason).toBe(name);
  });

  it('refuses an unknown version with a reason that names the key', () => {
    const later = read('task.distcp.v1.json').replace('"version": 1', '"version": 9');
    expect(parseMessage(later)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('version') as string });
  });

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
