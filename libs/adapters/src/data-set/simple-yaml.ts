import type { YamlMap, YamlNode } from './yaml-node.ts';

/**
 * Reads the plain block form of YAML: maps by indentation, lists of scalars, scalars on one line, `{}` and `[]`.
 *
 * It says undefined to everything else (anchors, tags, flow and block scalars, folded lines, comments behind values, markers), and its answers are those of
 * the YAML library with the failsafe schema.
 */
export function readSimpleYaml(text: string): YamlNode | undefined {
  const cursor: Cursor = { text, next: 0, start: 0, indent: NO_LINE, hasTab: false };
  advance(cursor, 0);
  if (cursor.indent === NO_LINE) return undefined;
  const node = readBlock(cursor, cursor.indent);
  return cursor.indent === NO_LINE && !cursor.hasTab ? node : undefined;
}

/** Stands at the next line that holds something; nothing is copied of a line that is only passed. */
interface Cursor {
  readonly text: string;
  /** Where the line begins, its blanks left out. */
  start: number;
  indent: number;
  /** Where the next one begins; known when the line was read. */
  next: number;
  /** A tab indents in no YAML. */
  hasTab: boolean;
}

/** Indentation behind the last line. */
const NO_LINE = -1;

const KEY_VALUE =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^ \t\ufeff\-?:,[\]{}#&*!|>'"%@`](?:[^:#]|:(?![ \t]|$)|(?<![ \t])#)*?)[ \t]*:(?:[ \t]+(.*))?$/s;

/** A key and what stands behind its colon, as written. */
export interface KeyLine {
  readonly key: string;
  readonly rest: string;
}

/** @param line without white space around it */
export function readKeyLine(line: string): KeyLine | undefined {
  const [, keyText, rest = ''] = KEY_VALUE.exec(line) ?? [];
  const key = keyText === undefined ? undefined : readScalar(keyText);
  return typeof key === 'string' ? { key, rest } : undefined;
}

const [TAB, LINE_FEED, RETURN, BLANK, HASH, DASH] = [9, 10, 13, 32, 35, 45];

/** Goes to the first line from there that holds something; YAML's white space is blank and tab alone, and a tab does not indent. */
function advance(cursor: Cursor, from: number): void {
  const { text } = cursor;
  for (let begin = from; begin < text.length; begin = lineEnd(text, begin) + 1) {
    let start = begin;
    while (text.charCodeAt(start) === BLANK) start += 1;
    const first = text.charCodeAt(start);
    if (first === TAB) cursor.hasTab = true;
    if (first === TAB) break;
    if (start === text.length || first === LINE_FEED || first === HASH) continue;
    cursor.start = start;
    cursor.indent = start - begin;
    if (first !== RETURN || bodyOf(cursor) !== '') return;
  }
  cursor.indent = NO_LINE;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** What the line holds; the cursor knows then where the next one begins. */
function bodyOf(cursor: Cursor): string {
  const { text, start } = cursor;
  let end = lineEnd(text, start);
  cursor.next = end + 1;
  while (end > start && ' \t\r'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function readBlock(cursor: Cursor, indent: number): YamlNode | undefined {
  return isItem(cursor) ? readList(cursor, indent) : readMap(cursor, indent);
}

function isItem(cursor: Cursor): boolean {
  if (cursor.indent === NO_LINE || cursor.text.charCodeAt(cursor.start) !== DASH) return false;
  const body = bodyOf(cursor);
  return body === '-' || body.startsWith('- ');
}

function readMap(cursor: Cursor, indent: number): YamlMap | undefined {
  const map = new Map<string, YamlNode>();
  while (cursor.indent === indent) {
    const entry = readQuotedEntry(cursor) ?? readEntry(cursor);
    if (entry === undefined || map.has(entry.key)) return undefined;
    map.set(entry.key, entry.value);
  }
  return cursor.indent > indent ? undefined : map;
}

interface Entry {
  readonly key: string;
  readonly value: YamlNode;
}

/** What partitions look like: nearly all lines of a large file, so that it is tried first. */
const QUOTED_ENTRY = /([A-Za-z_][\w=/.%-]*): "([^"\\\u0000-\u001f]*)"\n/y;

function readQuotedEntry(cursor: Cursor): Entry | undefined {
  QUOTED_ENTRY.lastIndex = cursor.start;
  const [, key, value] = QUOTED_ENTRY.exec(cursor.text) ?? [];
  if (key === undefined || value === undefined) return undefined;
  advance(cursor, QUOTED_ENTRY.lastIndex);
  return { key, value };
}

function readEntry(cursor: Cursor): Entry | undefined {
  const { indent } = cursor;
  const entry = readKeyLine(bodyOf(cursor));
  if (entry === undefined) return undefined;
  advance(cursor, cursor.next);
  const value = entry.rest === '' ? readChild(cursor, indent) : readScalar(entry.rest);
  return value === undefined ? undefined : { key: entry.key, value };
}

/** What stands below a key: deeper, or a list at its own indentation; nothing is the empty text. */
function readChild(cursor: Cursor, indent: number): YamlNode | undefined {
  if (cursor.indent > indent || (cursor.indent === indent && isItem(cursor))) return readBlock(cursor, cursor.indent);
  return '';
}

function readList(cursor: Cursor, indent: number): readonly YamlNode[] | undefined {
  const items: YamlNode[] = [];
  while (cursor.indent === indent && isItem(cursor)) {
    const item = readScalar(
      bodyOf(cursor)
        .slice(1)
        .replace(/^[ \t]+/, ''),
    );
    if (item === undefined) return undefined;
    items.push(item);
    advance(cursor, cursor.next);
  }
  // A deeper line after a value on one line continues that value.
  return cursor.indent > indent ? undefined : items;
}

const PLAIN = /^(?:[^ \t\ufeff\-?:,[\]{}#&*!|>'"%@`]|[-?][^ \t,:#[\]{}])(?:[^:#]|:(?![ \t]|$)|(?<![ \t])#)*$/s;
const SINGLE = /^'(?:[^']|'')*'$/s;
const DOUBLE = /^"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"$/s;

function readScalar(text: string): YamlNode | undefined {
  if (PLAIN.test(text)) return text;
  if (SINGLE.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (DOUBLE.test(text)) return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
  if (text === '{}') return new Map();
  if (text === '[]') return [];
  return undefined;
}
