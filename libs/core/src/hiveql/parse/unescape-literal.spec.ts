import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal } from '../quote.ts';
import { unescapeLiteral } from './unescape-literal.ts';

describe('a literal', () => {
  it.each([
    [String.raw`'it\'s'`, "it's"],
    [String.raw`"a \"b\" 'c'"`, `a "b" 'c'`],
    [`'it''s'`, 'its'],
    [`'a'"b"`, 'ab'],
    [String.raw`'a\\b\;c'`, 'a\\b;c'],
    [String.raw`'\n\t\r\b\Z\0'`, '\n\t\r\b\u001a\0'],
    [String.raw`'\f'`, '\f'],
    [String.raw`'\001\u0002\u00E9'`, '\u0001\u0002é'],
    [String.raw`'100\%\_'`, String.raw`100\%\_`],
    [String.raw`'\/x\q'`, '/xq'],
    [`'a\u0001\nb'`, 'a\u0001\nb'],
    [`''`, ''],
  ])('%s means %j', (text, meaning) => {
    expect(unescapeLiteral(text)).toBe(meaning);
  });

  it('that our printer wrote is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unescapeLiteral(literal(text))).toBe(text);
      }),
    );
  });

  it('of a megabyte is read', () => {
    const text = `x'\\`.repeat(400_000);
    expect(unescapeLiteral(literal(text))).toBe(text);
  });
});
