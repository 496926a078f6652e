import type { FileLine } from './file-lines.ts';
import { readKeyLine } from './simple-yaml.ts';
import { badDataSet } from './yaml-node.ts';

/** A part of the file in bytes. */
export interface FileSpan {
  readonly start: number;
  readonly end: number;
  /** Its first line, from 1. */
  readonly line: number;
}

export interface NamedSpan extends FileSpan {
  readonly name: string;
}

/** Where a database stands: its tables one by one, everything else of it by key. */
export interface DatabaseSpans {
  readonly name: string;
  readonly keys: readonly NamedSpan[];
  readonly tables: readonly NamedSpan[];
}

/**
 * Finds the tables of a data set by indentation, without reading them.
 *
 * @returns undefined when the file is YAML of another form (flow style, JSON, anchors at the keys): it must be read as a whole then
 */
export function indexDataSet(file: string, size: number, lines: Iterable<FileLine>): readonly DatabaseSpans[] | undefined {
  const index = new DataSetIndex(file);
  for (const line of lines) {
    if (isMarker(line)) continue;
    if (!index.add(line)) return undefined;
  }
  return index.end(size);
}

/** Levels of keys, from the root: `databases`, a database, a key of it, a table in `tableMirrors`. */
const LEVELS = ['root', 'database', 'key', 'table'] as const;

interface OpenEntry {
  readonly name: string;
  readonly indent: number;
  readonly start: number;
  readonly line: number;
  /** What stands below it is read as entries of the next level. */
  readonly isContainer: boolean;
  childIndent?: number;
}

interface OpenDatabase extends DatabaseSpans {
  readonly keys: NamedSpan[];
  readonly tables: NamedSpan[];
}

class DataSetIndex {
  readonly #file: string;
  readonly #open: OpenEntry[] = [];
  readonly #databases: OpenDatabase[] = [];
  #rootIndent: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns false when the line is not of the form that can be indexed */
  add(line: FileLine): boolean {
    this.#close(line.indent, line.start);
    const parent = this.#open.at(-1);
    if (parent !== undefined && !parent.isContainer) return true;
    const entry = readEntry(line, this.#open.length);
    if (entry === undefined) return false;
    this.#align(line, parent);
    this.#open.push(entry);
    if (this.#open.length === 2) this.#databases.push({ name: entry.name, keys: [], tables: [] });
    return true;
  }

  end(size: number): readonly DatabaseSpans[] {
    this.#close(0, size);
    return this.#databases;
  }

  #close(indent: number, at: number): void {
    for (let top = this.#open.at(-1); top !== undefined && top.indent >= indent; top = this.#open.at(-1)) {
      this.#record(top, at);
      this.#open.pop();
    }
  }

  #record({ name, start, line }: OpenEntry, end: number): void {
    const database = this.#databases.at(-1);
    const span = { name, start, end, line };
    const level = LEVELS[this.#open.length - 1];
    if (level === 'table') database?.tables.push(span);
    if (level === 'key' && name !== 'tableMirrors') database?.keys.push(span);
  }

  /** Keys of one map stand at one indentation. */
  #align({ indent, number }: FileLine, parent: OpenEntry | undefined): void {
    const expected = parent === undefined ? this.#rootIndent : parent.childIndent;
    if (expected === undefined && parent === undefined) this.#rootIndent = indent;
    else if (expected === undefined && parent !== undefined) parent.childIndent = indent;
    else if (expected !== indent) {
      throw badDataSet(
        `Data set ${this.#file}, line ${number}: expected a key indented by ${expected} blanks, found ${indent}.`,
        this.#file,
      );
    }
  }
}

const isMarker = ({ indent, text }: FileLine): boolean => indent === 0 && text().trimEnd() === '---';

function readEntry(line: FileLine, depth: number): OpenEntry | undefined {
  const entry = readKeyLine(line.text().trimEnd());
  if (entry === undefined) return undefined;
  const isContainer = isContainerAt(depth, entry.key);
  if (isContainer && !SAYS_NOTHING.test(entry.rest)) return undefined;
  return { name: entry.key, indent: line.indent, start: line.start, line: line.number, isContainer };
}

const SAYS_NOTHING = /^(?:\{\}|~|null)?[ \t]*(?:#.*)?$/;

function isContainerAt(depth: number, key: string): boolean {
  if (depth === 0) return key === 'databases';
  return depth === 1 || (depth === 2 && key === 'tableMirrors');
}
