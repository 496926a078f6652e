import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf } from './file-lines.ts';

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'hiveferry-lines-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function read(content: string, chunkBytes: number) {
  const file = join(directory, 'lines');
  writeFileSync(file, content);
  const descriptor = openSync(file, 'r');
  try {
    return Array.from(linesOf(descriptor, chunkBytes), ({ number, start, indent, text }) => ({ number, start, indent, text: text() }));
  } finally {
    closeSync(descriptor);
  }
}

/** The same by splitting the whole text. */
function split(content: string) {
  let start = 0;
  return content.split('\n').flatMap((line, index) => {
    const at = start;
    start += Buffer.byteLength(line) + 1;
    const text = line.replace(/^ +/, '');
    return /^[ \t\r]*$/.test(line) || text.trimStart().startsWith('#')
      ? []
      : [{ number: index + 1, start: at, indent: line.length - text.length, text }];
  });
}

describe('lines of a file', () => {
  it('are told with number, offset in bytes, indentation and text; blank ones and comments are left out', () => {
    expect(read('a: ü\n\n  # no\n   \t\r\n  b: 1\r\nlast', 1024)).toEqual([
      { number: 1, start: 0, indent: 0, text: 'a: ü' },
      { number: 5, start: 20, indent: 2, text: 'b: 1\r' },
      { number: 6, start: 28, indent: 0, text: 'last' },
    ]);
  });

  it('are the same whatever pieces the file is read in', () => {
    const piece = fc.constantFrom('a', ' ', '  ', '\n', '\n\n', '#', 'größe', '🐝', ': ', '\t', '\r\n', 'long text without any end');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (pieces, chunkBytes) => {
        expect(read(pieces.join(''), chunkBytes)).toEqual(split(pieces.join('')));
      }),
      { numRuns: 300 },
    );
  });
});
