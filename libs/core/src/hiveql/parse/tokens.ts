import { ddlFault } from './ddl-error.ts';
import { unescapeLiteral } from './unescape-literal.ts';

/**
 * One token with the place of its text. A `word` is unquoted, a `quoted` one stood in backticks, a `string` in quotes; their `text` is
 * what they mean. A `symbol` is any other single character.
 */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The token at or after an offset; white space before it is skipped. */
export function tokenAt(source: string, offset: number): Token {
  const start = skipSpace(source, offset);
  const first = source.charAt(start);
  if (first === '') return { kind: 'end', text: '', start, end: start };
  if (first === '`') return quotedAt(source, start);
  if (first === "'" || first === '"') return stringAt(source, start);
  const end = matchEnd(WORD, source, start);
  if (end > start) return { kind: 'word', text: source.slice(start, end), start, end };
  return { kind: 'symbol', text: first, start, end: start + 1 };
}

const SPACE = /\s*/y;
const WORD = /[\p{L}\p{N}_]*/uy;
/** What stands after the closing backtick of a name. */
const AFTER_NAME = /[\s,.:;=()<>]|$/y;
/** As in Hive's lexer: literals side by side with nothing between them are one. */
const STRINGS = /(?:'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*")+/sy;

function skipSpace(source: string, offset: number): number {
  return matchEnd(SPACE, source, offset);
}

/** A doubled backtick is one. Hive before 4.0 does not double them: one that no name can end with belongs to the name. */
function quotedAt(source: string, start: number): Token {
  let text = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const unit = source.charAt(at);
    if (unit !== '`') text += unit;
    else if (source.charAt(at + 1) === '`') {
      text += unit;
      at += 1;
    } else if (matchEnd(AFTER_NAME, source, at + 1) >= 0) return { kind: 'quoted', text, start, end: at + 1 };
    else text += unit;
  }
  throw ddlFault(source, start, { expected: 'a closing backtick', found: 'the end of the text' });
}

function stringAt(source: string, start: number): Token {
  const end = matchEnd(STRINGS, source, start);
  if (end < 0) throw ddlFault(source, start, { expected: 'a closing quote', found: 'the end of the text' });
  return { kind: 'string', text: unescapeLiteral(source.slice(start, end)), start, end };
}

/** @returns where the match ends, -1 without one */
function matchEnd(pattern: RegExp, source: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(source) ? pattern.lastIndex : -1;
}
