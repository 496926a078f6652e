import { closeSync, fstatSync, openSync } from 'node:fs';
import { indexDataSet } from './data-set-index.ts';
import type { DatabaseSpans, NamedSpan } from './data-set-index.ts';
import { CHUNK_BYTES, linesOf, partReader } from './file-lines.ts';
import { badDataSet, mapAt } from './yaml-node.ts';
import type { YamlMap, YamlNode } from './yaml-node.ts';
import { readYaml } from './yaml-text.ts';

/** A database of a data set file as YAML nodes: read from the file when they are asked for. */
export interface DatabaseSource {
  readonly name: string;
  readonly tableNames: readonly string[];
  readonly key: (name: string) => YamlNode | undefined;
  readonly table: (name: string) => YamlNode | undefined;
}

export interface DataSetSource {
  readonly databases: readonly DatabaseSource[];
  readonly close: () => void;
}

interface OpenFile {
  readonly file: string;
  readonly descriptor: number;
  readonly size: number;
  readonly read: (start: number, end: number) => string;
  /** Its databases, once it had to be read as a whole. */
  whole?: readonly DatabaseSource[];
}

/** A file of a form that cannot be indexed is read as a whole; the YAML library takes some 20 bytes of memory for each byte. */
const WHOLE_FILE_BYTES = 100 * 1024 * 1024;

export function openSource(file: string): DataSetSource {
  const open = openFile(file);
  const close = (): void => {
    closeSync(open.descriptor);
  };
  try {
    const spans = indexDataSet(file, open.size, linesOf(open.descriptor, Math.min(open.size + 1, CHUNK_BYTES)));
    const databases = spans === undefined ? wholeDatabases(open) : spans.map((database) => spannedDatabase(open, database));
    requireOnce(databases, file);
    return { databases, close };
  } catch (error) {
    close();
    throw error;
  }
}

function openFile(file: string): OpenFile {
  try {
    const descriptor = openSync(file, 'r');
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('it is no regular file');
    return { file, descriptor, size: stat.size, read: partReader(descriptor) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badDataSet(`Data set ${file}: expected a file that can be read, found: ${reason}.`, file, cause);
  }
}

/** PyYAML writes an empty list once and refers to it from all other tables: such a file is read as a whole when that is met. */
function spannedDatabase(open: OpenFile, { name, keys, tables }: DatabaseSpans): DatabaseSource {
  const keySpans = new Map(keys.map((span) => [span.name, span]));
  const tableSpans = new Map(tables.map((span) => [span.name, span]));
  const whole = (): DatabaseSource | undefined => wholeDatabases(open).find((database) => database.name === name);
  return {
    name,
    tableNames: tables.map((span) => span.name),
    key: (key) => readSpan(open, keySpans.get(key), () => whole()?.key(key)),
    table: (table) => readSpan(open, tableSpans.get(table), () => whole()?.table(table)),
  };
}

function readSpan(open: OpenFile, span: NamedSpan | undefined, otherwise: () => YamlNode | undefined): YamlNode | undefined {
  if (span === undefined) return undefined;
  const { file } = open;
  const node = readYaml({ file, text: open.read(span.start, span.end), line: span.line });
  return node === undefined ? otherwise() : mapAt(node, { file, path: [] }).get(span.name);
}

function wholeDatabases(open: OpenFile): readonly DatabaseSource[] {
  return (open.whole ??= readWhole(open));
}

function readWhole({ file, read, size }: OpenFile): readonly DatabaseSource[] {
  if (size > WHOLE_FILE_BYTES) {
    const limit = `at most ${WHOLE_FILE_BYTES / 1024 / 1024} MiB when it is not in block form (keys on lines of their own, indented) or holds anchors`;
    throw badDataSet(`Data set ${file}: expected ${limit}, found ${size} bytes.`, file);
  }
  const node = readYaml({ file, text: read(0, size), line: 1 });
  if (node === undefined) throw badDataSet(`Data set ${file}: expected each alias to have its anchor before it.`, file);
  const databases = mapAt(mapAt(node, { file, path: [] }).get('databases'), { file, path: ['databases'] });
  return [...databases].map(([name, value]) => nodeDatabase(name, mapAt(value, { file, path: ['databases', name] }), file));
}

function nodeDatabase(name: string, node: YamlMap, file: string): DatabaseSource {
  const tables = mapAt(node.get('tableMirrors'), { file, path: ['databases', name, 'tableMirrors'] });
  return { name, tableNames: [...tables.keys()], key: (key) => node.get(key), table: (table) => tables.get(table) };
}

function requireOnce(databases: readonly DatabaseSource[], file: string): void {
  const twice =
    repeated(databases.map(({ name }) => name)) ??
    databases
      .map(({ name, tableNames }) => [name, repeated(tableNames)] as const)
      .find(([, table]) => table !== undefined)
      ?.join('.');
  if (twice !== undefined) throw badDataSet(`Data set ${file}: expected each name once, found ${twice} twice.`, twice);
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
