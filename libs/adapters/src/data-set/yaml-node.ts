import { MigrationError } from '@hiveferry/core';

/** A YAML value with all scalars as the text that stands in the file: a table may be called `null`, `1e3` or `yes`. */
export type YamlNode = string | readonly YamlNode[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlNode>;

/** Where a node stands, for messages. */
export interface NodePlace {
  readonly file: string;
  /** Keys from the root. */
  readonly path: readonly string[];
}

export function at(place: NodePlace, ...keys: readonly string[]): NodePlace {
  return { ...place, path: [...place.path, ...keys] };
}

/** A missing or null node is an empty map. */
export function mapAt(node: YamlNode | undefined, place: NodePlace): YamlMap {
  if (node === undefined || isNull(node)) return EMPTY;
  if (typeof node === 'string' || isList(node)) throw badNode(node, place, 'a map');
  return node;
}

/** A missing or null node is an empty list. */
export function textsAt(node: YamlNode | undefined, place: NodePlace): readonly string[] {
  if (node === undefined || isNull(node)) return [];
  if (typeof node === 'string' || !isList(node)) throw badNode(node, place, 'a list of texts');
  return node.map((item, index) => {
    if (typeof item !== 'string') throw badNode(item, at(place, String(index)), 'a text');
    return item;
  });
}

/** A missing or null node is undefined. */
export function textAt(node: YamlNode | undefined, place: NodePlace): string | undefined {
  if (node === undefined || isNull(node)) return undefined;
  if (typeof node !== 'string') throw badNode(node, place, 'a text');
  return node;
}

/** All scalars of a map as texts; those that are null or no scalars are left out. */
export function textEntries(map: YamlMap): Readonly<Record<string, string>> {
  return Object.fromEntries([...map].filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !isNull(entry[1])));
}

export function badDataSet(message: string, subject: string, cause?: unknown): MigrationError {
  const facts = { category: 'request', retry: 'never', subject } as const;
  return new MigrationError('DATA_SET_INVALID', message, cause === undefined ? facts : { ...facts, cause });
}

const EMPTY: YamlMap = new Map();
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);

function isNull(node: YamlNode): boolean {
  return typeof node === 'string' && node.length <= 4 && NULLS.has(node);
}

function isList(node: YamlNode): node is readonly YamlNode[] {
  return Array.isArray(node);
}

/** A fault at a key. */
export function badNode(node: YamlNode, { file, path }: NodePlace, expected: string): MigrationError {
  const where = path.length === 0 ? 'its root' : `key ${path.join('.')}`;
  return badDataSet(`Data set ${file}: ${where}: expected ${expected}, found ${describe(node)}.`, path.join('.') || file);
}

function describe(node: YamlNode): string {
  if (typeof node === 'string') return `\`${node.slice(0, 60)}\``;
  return isList(node) ? 'a list' : 'a map';
}
