import type { AddPartitionsRequest, DropPartitionsRequest, MetastoreWriter, MovePartitionsRequest, PartitionMove } from '@hiveferry/ports';
import { namespaceOf, parseLocation, parsePartitionName, slicesOf } from '@hiveferry/core';
import { fromPartition } from './model-to-thrift.ts';
import { metastoreTypes } from './thrift-binding.ts';
import type { ThriftPartition } from './thrift-binding.ts';
import { ThriftConnectionPool } from './thrift.connection-pool.ts';
import type { MetastoreOptions } from './thrift.connection-pool.ts';

const PARTITIONS_A_CALL = 1000;

/** Writes to a metastore over Thrift what HiveQL cannot say. Connects when first asked. */
export function createMetastoreWriter(options: MetastoreOptions): MetastoreWriter {
  // Batches of one table go one after another: more connections would only contend for its row.
  return new ThriftMetastoreWriter(new ThriftConnectionPool({ connections: 1, ...options }));
}

class ThriftMetastoreWriter implements MetastoreWriter {
  readonly #pool: ThriftConnectionPool;

  constructor(pool: ThriftConnectionPool) {
    this.#pool = pool;
  }

  /** Each batch is one transaction of the metastore; running again adds what is missing. */
  async addPartitions({ database, table, partitions }: AddPartitionsRequest): Promise<void> {
    const call = { method: 'add_partitions_req', subject: `${database}.${table}` };
    for (const slice of slicesOf(partitions, PARTITIONS_A_CALL)) {
      const parts = slice.map((partition) => fromPartition({ database, table }, partition));
      const request = new metastoreTypes.AddPartitionsRequest({
        dbName: database,
        tblName: table,
        parts,
        ifNotExists: true,
        needResult: false,
      });
      await this.#pool.run({ ...call, invoke: (client) => client.add_partitions_req(request) });
    }
  }

  /** `deleteData` is said to be false, so that no flag of the table counts. */
  async dropPartitions({ database, table, names }: DropPartitionsRequest): Promise<void> {
    const call = { method: 'drop_partitions_req', subject: `${database}.${table}` };
    for (const slice of slicesOf(names, PARTITIONS_A_CALL)) {
      const request = new metastoreTypes.DropPartitionsRequest({
        dbName: database,
        tblName: table,
        parts: new metastoreTypes.RequestPartsSpec({ names: [...slice] }),
        deleteData: false,
        ifExists: true,
        ignoreProtection: false,
        needResult: false,
      });
      await this.#pool.run({ ...call, invoke: (client) => client.drop_partitions_req(request) });
    }
  }

  /** Each batch is read, and what lies at its old place written back with the new one, in one transaction of the metastore. */
  async movePartitions({ database, table, moves }: MovePartitionsRequest): Promise<void> {
    const subject = `${database}.${table}`;
    for (const slice of slicesOf(moves, PARTITIONS_A_CALL)) {
      const names = slice.map(({ name }) => name);
      const found = await this.#pool.run({
        method: 'get_partitions_by_names',
        subject,
        invoke: (client) => client.get_partitions_by_names(database, table, names),
      });
      const moved = movedOf(found, slice);
      if (moved.length === 0) continue;
      await this.#pool.run({
        method: 'alter_partitions',
        subject,
        invoke: (client) => client.alter_partitions(database, table, moved),
      });
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

function movedOf(found: readonly ThriftPartition[], moves: readonly PartitionMove[]): ThriftPartition[] {
  const byValues = new Map(moves.map((move) => [keyOf((parsePartitionName(move.name) ?? []).map(({ value }) => value)), move]));
  return found.flatMap((partition) => {
    const move = byValues.get(keyOf(partition.values));
    if (move === undefined || parseLocation(partition.sd.location, namespaceOf(move.from)) !== move.from) return [];
    partition.sd.location = move.to;
    return [partition];
  });
}

const keyOf = (values: readonly string[]): string => JSON.stringify(values);
