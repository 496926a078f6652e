import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifier, literal } from './quote.ts';

const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Reads a literal as Hive's `BaseSemanticAnalyzer.unescapeSQLString` does: octal, named escapes, else the character itself. */
function read(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\\([01][0-7]{2}|.)/gs, (_, escape: string) =>
      escape.length === 3 ? String.fromCharCode(Number.parseInt(escape, 8)) : (NAMED[escape] ?? escape),
    );
}

describe('quoting', () => {
  it.each([
    ["it's", String.raw`'it\'s'`],
    ['a\\b', String.raw`'a\\b'`],
    ['a;b', String.raw`'a\;b'`],
    ['a\nb', String.raw`'a\nb'`],
    ['\u0001\u001f', String.raw`'\001\037'`],
    ['${hiveconf:x}', String.raw`'\044{hiveconf:x}'`],
    ['$5', `'$5'`],
    ['Grüße "quoted"', `'Grüße "quoted"'`],
  ])('writes %j as a literal', (text, expected) => {
    expect(literal(text)).toBe(expected);
  });

  it('doubles a backtick in an identifier', () => {
    expect(identifier('a`b')).toBe('`a``b`');
  });

  it('writes literals that Hive reads back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0x2ff), { maxLength: 12 }).map((codes) => String.fromCharCode(...codes)),
        (text) => {
          expect(read(literal(text))).toBe(text);
        },
      ),
    );
  });
});
