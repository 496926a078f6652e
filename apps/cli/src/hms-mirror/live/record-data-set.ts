import { appendFileSync, closeSync, openSync } from 'node:fs';
import { MigrationError, compareText, inOrder, parseCreate, selectVersion, showCreateTable, showSettings } from '@hiveferry/core';
import type { Database, Partition, TableName } from '@hiveferry/core';
import type { HiveSession } from '@hiveferry/ports';
import { openMirrorClients } from '../../live.module.ts';
import type { MirrorClients } from '../../live.module.ts';
import type { HmsMirrorConfiguration } from '../configuration-schema.ts';
import { selectDatabases } from '../select-databases.ts';
import { DATA_SET_HEAD, databaseText, tableText } from './data-set-text.ts';
import type { RecordedSide } from './data-set-text.ts';
import type { MirrorSide, SideName } from './mirror-sides.ts';

/** Tables under way at a time, each with one session of its own on each side; the servers have other users. */
const SESSIONS = 4;

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

interface OpenSide {
  readonly side: SideName;
  readonly clients: MirrorClients;
  /** Failures say of which side they are. */
  readonly ask: <T>(work: () => Promise<T>) => Promise<T>;
  readonly inSession: <T>(work: (session: HiveSession) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

function openSide(place: MirrorSide): OpenSide {
  const clients = openMirrorClients(place, SESSIONS);
  const idle: HiveSession[] = [];
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw ofSide(place.side, error);
    }
  };
  return {
    side: place.side,
    clients,
    ask,
    inSession: async (work) =>
      await ask(async () => {
        const session = idle.pop() ?? (await clients.hive.openSession());
        try {
          return await work(session);
        } finally {
          idle.push(session);
        }
      }),
    close: async () => {
      await clients.close().catch(() => undefined);
    },
  };
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

function ofSide(side: SideName, error: unknown): unknown {
  if (!(error instanceof MigrationError) || error.message.startsWith('clusters.')) return error;
  const { category, retry, subject, detail } = error;
  return new MigrationError(error.code, `clusters.${side}: ${error.message}`, { category, retry, subject, detail, cause: error });
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
  for (const { side, clients, ask } of opened) {
    const own = names[side] ?? name;
    const database = await ask(() => clients.reader.database(own));
    if (database === undefined) continue;
    databases[side] = database;
    if (configuration.databaseOnly) continue;
    await ask(async () => {
      for await (const page of clients.reader.tableNames(own)) for (const table of page) addTo(tables, table, side);
    });
  }
  append(databaseText(name, databases));
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

/** @returns undefined when the table went away meanwhile */
async function recordTable(side: OpenSide, name: TableName, say: (line: string) => void): Promise<RecordedSide | undefined> {
  const definition = await definitionOf(side, name, say);
  if (definition === undefined) return undefined;
  const parsed = parseCreate(definition.join('\n'), { database: name.database });
  if (parsed.kind === 'syntax-error' || parsed.table.partitionKeys.length === 0 || parsed.partitionTransforms.length > 0) {
    return { definition, partitionKeys: [], partitions: [] };
  }
  const partitions: Partition[] = [];
  await side.ask(async () => {
    for await (const page of side.clients.partitions.partitions(name.database, name.table)) partitions.push(...page);
  });
  return { definition, partitionKeys: parsed.table.partitionKeys, partitions };
}

/** Table or database not found. */
const GONE = new Set<unknown>([10_001, 10_072]);

async function definitionOf(side: OpenSide, name: TableName, say: (line: string) => void): Promise<readonly string[] | undefined> {
  try {
    const rows = await side.inSession((session) => session.query(showCreateTable(name)));
    return rows.map(([line]) => line ?? '');
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== 'HIVE_STATEMENT_FAILED') throw error;
    if (GONE.has(error.detail['errorCode'])) return undefined;
    say(`${name.database}.${name.table} cannot be read. ${error.message}`);
    return [];
  }
}
