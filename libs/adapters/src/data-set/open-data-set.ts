import type { Database, RecordedDatabase, TablePair } from '@hiveferry/core';
import { openSource } from './data-set-source.ts';
import type { DatabaseSource } from './data-set-source.ts';
import { readSides } from './recorded-database.ts';
import { readTablePair } from './recorded-table.ts';
import type { DataSetEntry, UnreadableTable } from './recorded-table.ts';
import { at, mapAt, textEntries, textsAt } from './yaml-node.ts';
import type { NodePlace } from './yaml-node.ts';

/** The content of two metastores in one file, in the form that hms-mirror writes and loads. */
export interface DataSet {
  readonly file: string;
  /** In the order of the file. */
  readonly databases: readonly DataSetDatabase[];
  readonly close: () => void;
}

export interface DataSetDatabase {
  readonly name: string;
  readonly source?: Database;
  readonly target?: Database;
  /** The key `functions`, a list of names, which the peer's files do not have. */
  readonly functions?: readonly string[];
  /** Tables that were left out when the data set was written, with the reason. */
  readonly filteredOut: Readonly<Record<string, string>>;
  /** In the order of the file. */
  readonly tableNames: readonly string[];
  /** Reads table by table; one is in memory at a time, unless the caller keeps it. */
  readonly entries: () => Iterable<DataSetEntry>;
  readonly entry: (name: string) => DataSetEntry | undefined;
  /** Reads all tables at once. */
  readonly recorded: () => { readonly database: RecordedDatabase; readonly unreadable: readonly UnreadableTable[] };
}

/**
 * Opens a data set: finds its tables, and reads a table when it is asked for.
 *
 * @throws MigrationError DATA_SET_INVALID, which names the file, the key or line, and what was expected; also later, for what is read later
 */
export function openDataSet(file: string): DataSet {
  const source = openSource(file);
  try {
    return { file, databases: source.databases.map((database) => openDatabase(database, file)), close: source.close };
  } catch (error) {
    source.close();
    throw error;
  }
}

function openDatabase(database: DatabaseSource, file: string): DataSetDatabase {
  const { name, tableNames } = database;
  const place: NodePlace = { file, path: ['databases', name] };
  const functions = textsAt(database.key('functions'), at(place, 'functions'));
  const sides = {
    ...readSides(name, database.key('properties'), at(place, 'properties')),
    ...(functions.length === 0 ? {} : { functions }),
  };
  const filteredOut = textEntries(mapAt(database.key('filteredOut'), at(place, 'filteredOut')));
  const read = (table: string): DataSetEntry => readTablePair(table, database.table(table), at(place, 'tableMirrors', table));
  const known = new Set(tableNames);
  return {
    name,
    ...sides,
    filteredOut,
    tableNames,
    entries: () => entriesOf(tableNames, read),
    entry: (table) => (known.has(table) ? read(table) : undefined),
    recorded: () => {
      const { tables, unreadable } = sorted(entriesOf(tableNames, read));
      return { database: { name, ...sides, tables }, unreadable };
    },
  };
}

function* entriesOf(names: readonly string[], read: (name: string) => DataSetEntry): Generator<DataSetEntry> {
  for (const name of names) yield read(name);
}

function sorted(entries: Iterable<DataSetEntry>): {
  readonly tables: readonly TablePair[];
  readonly unreadable: readonly UnreadableTable[];
} {
  const all = [...entries];
  return {
    tables: all.flatMap((entry) => (entry.kind === 'pair' ? [entry.pair] : [])),
    unreadable: all.filter((entry) => entry.kind === 'unreadable'),
  };
}
