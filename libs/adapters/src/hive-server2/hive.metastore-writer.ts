import {
  MigrationError,
  addPartitionsAt,
  displayName,
  dropPartitions,
  namespaceOf,
  parseLocation,
  setPartitionLocation,
  showPartitions,
  slicesOf,
} from '@hiveferry/core';
import type { Table, TableName } from '@hiveferry/core';
import type { AddPartitionsRequest, DropPartitionsRequest, HiveSql, MetastoreWriter, MovePartitionsRequest } from '@hiveferry/ports';
import { objectsOf } from './object-ways.ts';
import type { ObjectWay } from './object-ways.ts';
import { ReadingSessions } from './reading-sessions.ts';
import { ensureAddable, ensureDroppable, ensureMovable } from './sayable-partitions.ts';

/** Hive parses one statement of so many in well under a second. */
const PARTITIONS_A_STATEMENT = 200;
const STATEMENT_TIMEOUT_MS = 600_000;

/**
 * Adds, drops and moves partitions by HiveQL, for clusters of which nothing but HiveServer2 can be reached. What HiveQL cannot say is refused before
 * anything is done: `METASTORE_URI_MISSING`.
 *
 * @param hive of this writer alone: its session stays open
 */
export function createHiveMetastoreWriter(hive: HiveSql): MetastoreWriter {
  return new HiveMetastoreWriter(new ReadingSessions(hive, { sessions: 1, timeoutMs: STATEMENT_TIMEOUT_MS }));
}

class HiveMetastoreWriter implements MetastoreWriter {
  readonly #sessions: ReadingSessions;
  readonly #objects: ObjectWay;

  constructor(sessions: ReadingSessions) {
    this.#sessions = sessions;
    this.#objects = objectsOf(sessions);
  }

  /** Each statement is one transaction of the metastore; running again adds what is missing. */
  async addPartitions({ database, table, partitions }: AddPartitionsRequest): Promise<void> {
    const name = { database, table };
    await toldOf(name, 'ADD PARTITION', async () => {
      const known = await this.#objects.table(name);
      const placed = ensureAddable(known, partitions);
      const there = await this.#names(known);
      const missing = placed.filter((partition) => !there.has(partition.name));
      for (const batch of slicesOf(missing, PARTITIONS_A_STATEMENT)) await this.#sessions.ask(addPartitionsAt(name, batch), 'text');
    });
  }

  async dropPartitions({ database, table, names }: DropPartitionsRequest): Promise<void> {
    const name = { database, table };
    await toldOf(name, 'DROP PARTITION', async () => {
      const known = await this.#objects.table(name);
      ensureDroppable(known, names);
      const there = await this.#names(known);
      const gone = names.filter((partition) => there.has(partition));
      for (const batch of slicesOf(gone, PARTITIONS_A_STATEMENT)) await this.#sessions.ask(dropPartitions(name, batch), 'text');
    });
  }

  /** One statement a partition, right after it is looked at. */
  async movePartitions({ database, table, moves }: MovePartitionsRequest): Promise<void> {
    const name = { database, table };
    await toldOf(name, 'SET LOCATION', async () => {
      const known = await this.#objects.table(name);
      ensureMovable(known, moves);
      const there = await this.#names(known);
      const read = this.#objects.partitionsOf(name);
      for (const move of moves.filter((one) => there.has(one.name))) {
        const { storage } = await read(move.name);
        if (parseLocation(storage.location ?? '', namespaceOf(move.from)) !== move.from) continue;
        await this.#sessions.ask(setPartitionLocation(name, { name: move.name, location: move.to }), 'text');
      }
    });
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }

  async #names({ database, name }: Table): Promise<ReadonlySet<string>> {
    const rows = await this.#sessions.ask(showPartitions({ database, table: name }), 'text');
    return new Set(rows.map(([cell]) => cell ?? ''));
  }
}

/** What Hive refused, or said in a way that we cannot read, as every writer words it. */
async function toldOf(name: TableName, method: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const isOurs = cause instanceof MigrationError;
    if (isOurs && cause.code !== 'HIVE_STATEMENT_FAILED') throw cause;
    const subject = displayName(name);
    const message = `${method} for ${subject} failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    const { category, retry, detail } = isOurs ? cause : UNREADABLE;
    throw new MigrationError('METASTORE_CALL_FAILED', message, { category, retry, subject, detail: { ...detail, method }, cause });
  }
}

const UNREADABLE = { category: 'environment', retry: 'operator', detail: {} } as const;
