import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSnapshotLine } from './snapshot.ts';
import type { SnapshotLine } from './snapshot.ts';

const examples = new URL('./examples/', import.meta.url);
const linesOf = (name: string): readonly string[] => readFileSync(new URL(name, examples), 'utf8').trimEnd().split('\n');

function read(text: string): SnapshotLine {
  const parsed = parseSnapshotLine(text);
  if (parsed.kind === 'unreadable') throw new Error(parsed.reason);
  return parsed.line;
}

describe('a snapshot', () => {
  it.each(readdirSync(examples))('of the kept example %s is read, and written again as it was', (name) => {
    const lines = linesOf(name);
    expect(lines.map((line) => read(line).type)).toEqual(['snapshot', 'database', 'table', 'partitions', 'table', 'table']);
    for (const line of lines) expect(read(line)).toEqual(JSON.parse(line));
  });

  const [header = '', , table = ''] = linesOf('snapshot.v1.jsonl');

  it.each([
    ['a later version', header.replace('"version":1', '"version":2'), 'version'],
    ['a Hive that there is not', header.replace('"3.1.3"', '"9.0"'), 'expected a version of Hive 1 to 4, as in 3.1.3'],
    ['a key that it does not know', table.replace('"type":"table"', '"type":"table","hazard":true'), 'Unrecognized key: "hazard"'],
    ['a table without its storage', table.replace('"storage":', '"stored":'), 'table.storage'],
    ['a type of table that there is not', table.replace('EXTERNAL_TABLE', 'INDEX_TABLE'), 'table.tableType'],
    ['an unknown kind of line', '{"type":"dance"}', 'type'],
    ['no JSON', '{"type":', 'expected'],
  ])('with %s is told', (_, text, reason) => {
    const parsed = parseSnapshotLine(text);
    expect(parsed.kind === 'unreadable' ? parsed.reason : parsed.line).toContain(reason);
  });
});
