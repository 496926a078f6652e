import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { readSimpleYaml } from './simple-yaml.ts';

/** What the library reads: undefined when it finds the text wrong. */
function libraryReads(text: string): unknown {
  const document = parseDocument(text, { schema: 'failsafe' });
  return document.errors.length > 0 ? undefined : document.toJS({ mapAsMap: true });
}

/** Pieces of YAML's own punctuation beside plain words: joined by chance they are often wrong, and must never be read otherwise. */
const piece = fc.constantFrom(
  'a',
  'b: ',
  'key:',
  ' ',
  '  ',
  '\n',
  '\n  ',
  '\n- ',
  '- ',
  '"',
  "'",
  "''",
  '\\n',
  '#',
  ' #',
  ':',
  '{}',
  '[]',
  '&x',
  '*x',
  '|',
  '>',
  '%',
  '\t',
  'null',
  '1e3',
  '\u00a0',
  'ü',
  ',',
  '?',
  '---\n',
);
const value = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('')),
    fc.array(
      fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join('')),
      { maxLength: 3 },
    ),
    fc.dictionary(fc.oneof(fc.constantFrom('LEFT', 'null', 'a b', '2024'), fc.string({ maxLength: 6 })), tie('node'), { maxKeys: 4 }),
  ),
})).node;

describe('the plain form of YAML', () => {
  it('is read: maps, lists at either indentation, scalars of each kind', () => {
    const text = `---
root:
  plain: CREATE TABLE \`t\`(
  "quoted": "a \\"b\\" \\u00e9\\n"
  'single': 'it''s'
  # a comment
  list:
  - one
  -  "two"

  deeper:
    - hdfs://nn:8020/a=1/b%3D2
  empty: {}
  none: []
  nothing:
`;
    expect(readSimpleYaml(text.slice(4))).toEqual(
      new Map([
        [
          'root',
          new Map<string, unknown>([
            ['plain', 'CREATE TABLE `t`('],
            ['quoted', 'a "b" é\n'],
            ['single', "it's"],
            ['list', ['one', 'two']],
            ['deeper', ['hdfs://nn:8020/a=1/b%3D2']],
            ['empty', new Map()],
            ['none', []],
            ['nothing', ''],
          ]),
        ],
      ]),
    );
  });

  it.each([
    'a: &x b',
    'a: |\n  b',
    'a: b\n  c',
    'a: "b\n  c"',
    'a: b # c',
    'a: {b: c}',
    '? a\n: b',
    'a: 1\na: 2',
    '- a: b',
    'a: !t b',
    '---\na: b',
    'a: b: c',
  ])('does not reach to %j', (text) => {
    expect(readSimpleYaml(text)).toBeUndefined();
  });

  it('is read as the library reads it, or not at all: what a library wrote', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ maxLength: 6 }), value, { minKeys: 1, maxKeys: 3 }),
        fc.integer({ min: 0, max: 40 }),
        (node, lineWidth) => {
          const text = stringify(node, { lineWidth, indentSeq: lineWidth % 2 === 0 });
          const answer = readSimpleYaml(text);
          if (answer === undefined) return;
          read += 1;
          expect(answer).toEqual(libraryReads(text));
        },
      ),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('is read as the library reads it, or not at all: text by chance', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const answer = readSimpleYaml(text);
        if (answer !== undefined) expect(answer).toEqual(libraryReads(text));
      }),
      { numRuns: 10_000 },
    );
  });
});
