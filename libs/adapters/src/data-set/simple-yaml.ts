import type { YamlMap, YamlNode } from './yaml-node.ts';

/**
 * Reads the plain block form of YAML: maps by indentation, lists of scalars, scalars on one line, `{}` and `[]`.
 *
 * It says undefined to everything else (anchors, tags, flow and block scalars, folded lines, comments behind values, markers), and its answers are those of
 * the YAML library with the failsafe schema.
 */
export function readSimpleYaml(text: string): YamlNode | undefined {
  const lines = splitLines(text);
  const first = lines?.[0];
  if (lines === undefined || first === undefined) return undefined;
  const cursor = { lines, next: 0 };
  const node = readBlock(cursor, first.indent);
  return cursor.next === lines.length ? node : undefined;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

interface Cursor {
  readonly lines: readonly Line[];
  next: number;
}

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

/** Lines that hold something; YAML's white space is blank and tab alone, and a tab does not indent. */
function splitLines(text: string): readonly Line[] | undefined {
  const lines: Line[] = [];
  for (const line of text.split('\n')) {
    const start = indentOf(line);
    if (line.charAt(start) === '\t') return undefined;
    const body = line.slice(start, endOf(line, start));
    if (body !== '' && !body.startsWith('#')) lines.push({ indent: start, text: body });
  }
  return lines;
}

const BLANK = 32;

function indentOf(line: string): number {
  let start = 0;
  while (line.charCodeAt(start) === BLANK) start += 1;
  return start;
}

function endOf(line: string, start: number): number {
  let end = line.length;
  while (end > start && ' \t\r'.includes(line.charAt(end - 1))) end -= 1;
  return end;
}

function readBlock(cursor: Cursor, indent: number): YamlNode | undefined {
  return isItem(cursor.lines[cursor.next]) ? readList(cursor, indent) : readMap(cursor, indent);
}

function isItem(line: Line | undefined): boolean {
  return line !== undefined && (line.text === '-' || line.text.startsWith('- '));
}

function readMap(cursor: Cursor, indent: number): YamlMap | undefined {
  const map = new Map<string, YamlNode>();
  for (let line = cursor.lines[cursor.next]; line?.indent === indent; line = cursor.lines[cursor.next]) {
    cursor.next += 1;
    const entry = readEntry(cursor, line);
    if (entry === undefined || map.has(entry.key)) return undefined;
    map.set(entry.key, entry.value);
  }
  return isDeeper(cursor, indent) ? undefined : map;
}

/** What partitions look like: nearly all lines of a large file, so that it is tried first. */
const QUOTED_ENTRY = /^([A-Za-z_][\w=/.%-]*): "([^"\\\u0000-\u001f]*)"$/;

function readEntry(cursor: Cursor, { text, indent }: Line): { readonly key: string; readonly value: YamlNode } | undefined {
  const [, quotedKey, quoted] = QUOTED_ENTRY.exec(text) ?? [];
  if (quotedKey !== undefined && quoted !== undefined) return { key: quotedKey, value: quoted };
  const entry = readKeyLine(text);
  if (entry === undefined) return undefined;
  const value = entry.rest === '' ? readChild(cursor, indent) : readScalar(entry.rest);
  return value === undefined ? undefined : { key: entry.key, value };
}

/** What stands below a key: deeper, or a list at its own indentation; nothing is the empty text. */
function readChild(cursor: Cursor, indent: number): YamlNode | undefined {
  const line = cursor.lines[cursor.next];
  if (line === undefined) return '';
  if (line.indent > indent || (line.indent === indent && isItem(line))) return readBlock(cursor, line.indent);
  return '';
}

function readList(cursor: Cursor, indent: number): readonly YamlNode[] | undefined {
  const items: YamlNode[] = [];
  for (let line = cursor.lines[cursor.next]; line?.indent === indent && isItem(line); line = cursor.lines[cursor.next]) {
    const item = readScalar(line.text.slice(1).replace(/^[ \t]+/, ''));
    if (item === undefined) return undefined;
    items.push(item);
    cursor.next += 1;
  }
  return isDeeper(cursor, indent) ? undefined : items;
}

/** A deeper line after a value on one line continues that value. */
function isDeeper(cursor: Cursor, indent: number): boolean {
  return (cursor.lines[cursor.next]?.indent ?? 0) > indent;
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
