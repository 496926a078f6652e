import { MigrationError, parseLocation } from '@hiveferry/core';
import type { Issue, Neighbour, Table } from '@hiveferry/core';
import type { ClusterClient, MigrationSpec } from '@hiveferry/ports';
import { isOutage } from './read-tables.ts';

/** What was not looked at, by target. */
export type Unseen = ReadonlyMap<string, readonly Issue[]>;

/** Databases of one cluster, those that matter most first. */
export interface Surroundings {
  readonly client: ClusterClient;
  readonly databases: readonly string[];
  /** How far to look; absent: as far as the limit lets. */
  readonly look: MigrationSpec['selection']['lookAround'];
  /** Tables of all databases that are read. */
  readonly limit: number;
  readonly check: () => void;
}

/** Tells where their tables lie, in pages. @returns the databases that were not read, by choice or because nobody may */
export async function readSurroundings(
  around: Surroundings,
  keep: (tables: readonly Neighbour[]) => Promise<void>,
): Promise<readonly string[]> {
  if (around.look === 'nowhere') return around.databases;
  const unseen: string[] = [];
  let left = around.look === 'everywhere' ? Number.MAX_SAFE_INTEGER : around.limit;
  for (const database of around.databases) {
    around.check();
    const tables = await readOne(around, { database, most: left, keep });
    if (tables === undefined) unseen.push(database);
    left -= tables ?? 0;
  }
  return unseen;
}

interface OneDatabase {
  readonly database: string;
  readonly most: number;
  readonly keep: (tables: readonly Neighbour[]) => Promise<void>;
}

/** A database that cannot be read is no matter of the run; a metastore that is away is. @returns how many tables it has, undefined when it was not read */
async function readOne(around: Surroundings, { database, most, keep }: OneDatabase): Promise<number | undefined> {
  const { client, check } = around;
  try {
    const count = await countUpTo(client, database, most);
    if (count > most) return undefined;
    for await (const tables of count === 0 ? [] : client.metastore.allTables(database, { onUnreadable: () => undefined })) {
      check();
      await keep(tables.flatMap((table) => placeOf(table, client)));
    }
    return count;
  } catch (error) {
    if (isOutage(error) || !(error instanceof MigrationError) || error.category !== 'environment') throw error;
    return undefined;
  }
}

/** Names are one call a database. */
async function countUpTo({ metastore }: ClusterClient, database: string, most: number): Promise<number> {
  let count = 0;
  for await (const names of metastore.tableNames(database)) {
    count += names.length;
    if (count > most) break;
  }
  return count;
}

function placeOf({ database, name, storage }: Table, { facts }: ClusterClient): readonly Neighbour[] {
  const location = storage.location === undefined ? undefined : parseLocation(storage.location, facts.namespace);
  return location === undefined ? [] : [{ table: { database, table: name }, location }];
}
