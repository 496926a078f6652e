import type { TokenReader } from './token-reader.ts';

/**
 * Reads a type as the metastore writes it: no white space but between words, struct fields without backticks.
 *
 * Hive 4 prints ``struct<`x`:int, `y`:string>`` for the metastore's `struct<x:int,y:string>`; Hive 3 prints the latter.
 */
export function readType(reader: TokenReader): string {
  if (reader.next.kind !== 'word') throw reader.fault('a type');
  let type = reader.take().text;
  for (let depth = 0; continuesType(reader, depth);) {
    const isAfterWord = /[\p{L}\p{N}_]$/u.test(type);
    const gap = reader.gap();
    const { kind, text } = reader.take();
    depth += DEPTH[kind === 'symbol' ? text : ''] ?? 0;
    type += kind === 'word' && isAfterWord ? gap + text : text;
  }
  return type;
}

const DEPTH: Readonly<Record<string, number>> = { '<': 1, '(': 1, '>': -1, ')': -1 };

/** Words that continue a type outside of brackets: `double precision`, `timestamp with local time zone`. */
const LATER_WORDS = new Set(['PRECISION', 'WITH', 'LOCAL', 'TIME', 'ZONE']);

function continuesType(reader: TokenReader, depth: number): boolean {
  const { kind, text } = reader.next;
  if (kind === 'end') return false;
  if (depth > 0) return true;
  return kind === 'word' ? LATER_WORDS.has(text.toUpperCase()) : kind === 'symbol' && (text === '<' || text === '(');
}
