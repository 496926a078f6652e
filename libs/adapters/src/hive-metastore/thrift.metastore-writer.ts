import type { AddPartitionsRequest, DropPartitionsRequest, MetastoreWriter } from '@hiveferry/ports';
import { slicesOf } from '@hiveferry/core';
import { fromPartition } from './model-to-thrift.ts';
import { metastoreTypes } from './thrift-binding.ts';
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

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
