import { appendFileSync, closeSync, openSync } from 'node:fs';
import { compareText, inOrder, selectVersion, showSettings } from '@hiveferry/core';
import type { Database } from '@hiveferry/core';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import { selectDatabases } from '../select-databases.ts';
import { DATA_SET_HEAD, databaseText, tableText } from './data-set-text.ts';
import type { MirrorSide, SideName } from './mirror-sides.ts';
import { SESSIONS, openSide } from './open-side.ts';
import type { OpenSide } from './open-side.ts';
import { recordTable } from './record-table.ts';

/** Settings of Hive and Hadoop by name. */
export type SideSettings = ReadonlyMap<string, string>;

export type Recorded =
  | { readonly kind: 'recorded'; readonly settings: Partial<Record<SideName, SideSettings>> }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

export interface Recording {
  readonly file: string;
  readonly configuration: HmsMirrorConfiguration;
  readonly sides: readonly MirrorSide[];
  readonly say: (line: string) => void;
}

/**
 * Writes what both sides hold into a data set, as hms-mirror does it: databases, definitions by SHOW CREATE TABLE, partitions with their
 * locations. Memory holds some tables.
 *
 * @throws MigrationError which names the side and the address
 */
export async function recordDataSet({ file, configuration, sides, say }: Recording): Promise<Recorded> {
  const opened = sides.map((side) => openSide(side));
  try {
    const settings = Object.fromEntries(await Promise.all(opened.map(async (side) => [side.side, await settingsOf(side)] as const)));
    const [first] = opened;
    const found = first === undefined ? [] : await first.ask(() => first.clients.reader.databaseNames());
    const missing = missingDatabases(configuration, found);
    if (missing.length > 0) return { kind: 'refused', reasons: missing };
    const descriptor = openSync(file, 'w', 0o600);
    try {
      appendFileSync(descriptor, DATA_SET_HEAD);
      for (const name of selectDatabases(configuration, found)) {
        await recordDatabase({ name, configuration, opened, say, append: (text) => appendFileSync(descriptor, text) });
      }
    } finally {
      closeSync(descriptor);
    }
    return { kind: 'recorded', settings };
  } finally {
    await Promise.all(opened.map(({ close }) => close()));
  }
}

/** What HiveServer2 says of its cluster. */
export interface SideFacts {
  readonly settings: SideSettings;
  /** Of Hive, such as `4.0.1`; empty when it does not say. */
  readonly version: string;
}

/** @throws MigrationError which names the side and the address */
export async function readSideFacts(sides: readonly MirrorSide[]): Promise<Partial<Record<SideName, SideFacts>>> {
  const opened = sides.map((side) => openSide(side));
  try {
    return Object.fromEntries(await Promise.all(opened.map(async (side) => [side.side, await factsOf(side)] as const)));
  } finally {
    await Promise.all(opened.map(({ close }) => close()));
  }
}

/** A database that is asked for by name and is not there is a mistake; hms-mirror plans without it. */
function missingDatabases({ databases, filter }: HmsMirrorConfiguration, found: readonly string[]): readonly string[] {
  if (filter.dbRegEx !== undefined && filter.dbRegEx !== '') return [];
  const missing = databases.filter((name) => !found.includes(name.toLowerCase()));
  if (missing.length === 0) return [];
  return [`DATABASE_NOT_FOUND: there is no database ${missing.join(', ')} (-db); there are ${found.slice(0, 20).join(', ')}`];
}

async function factsOf(side: OpenSide): Promise<SideFacts> {
  const settings = await settingsOf(side);
  const [row] = await side.inSession((session) => session.query(selectVersion));
  return { settings, version: /^\d[\w.-]*/.exec(row?.[0] ?? '')?.[0] ?? '' };
}

async function settingsOf({ inSession }: OpenSide): Promise<SideSettings> {
  const rows = await inSession((session) => session.query(showSettings));
  return new Map(
    rows.map(([line]) => {
      const text = line ?? '';
      const equals = text.indexOf('=');
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

interface DatabaseRecording {
  readonly name: string;
  readonly configuration: HmsMirrorConfiguration;
  readonly opened: readonly OpenSide[];
  readonly say: (line: string) => void;
  readonly append: (text: string) => void;
}

async function recordDatabase({ name, configuration, opened, say, append }: DatabaseRecording): Promise<void> {
  const names = Object.fromEntries(opened.map(({ side }) => [side, nameOn(side, name, configuration)]));
  const databases: Partial<Record<SideName, Database>> = {};
  const tables = new Map<string, Set<SideName>>();
  let functions: readonly string[] = [];
  for (const { side, clients, ask } of opened) {
    const own = names[side] ?? name;
    const database = await ask(() => clients.reader.database(own));
    if (database === undefined) continue;
    databases[side] = database;
    if (side === 'LEFT') functions = await ask(() => clients.reader.functionNames(own));
    if (configuration.databaseOnly) continue;
    await ask(async () => {
      for await (const page of clients.reader.tableNames(own)) for (const table of page) addTo(tables, table, side);
    });
  }
  append(databaseText(name, databases, functions));
  const order = [...tables.keys()].sort(compareText);
  const read = async (table: string): Promise<string> => {
    const sides = opened.filter(({ side }) => tables.get(table)?.has(side) === true);
    const recorded = await Promise.all(
      sides.map(async (side) => [side.side, await recordTable(side, { database: names[side.side] ?? name, table }, say)] as const),
    );
    return tableText(table, Object.fromEntries(recorded.filter(([, found]) => found !== undefined)));
  };
  for await (const text of inOrder(order, SESSIONS, read)) append(text);
}

function addTo(tables: Map<string, Set<SideName>>, table: string, side: SideName): void {
  const sides = tables.get(table) ?? new Set();
  tables.set(table, sides.add(side));
}

function nameOn(side: SideName, name: string, { dbPrefix = '', dbRename = '', dataStrategy }: HmsMirrorConfiguration): string {
  if (side === 'LEFT' || dataStrategy === 'DUMP') return name;
  return dbRename === '' ? `${dbPrefix}${name}` : dbRename;
}
