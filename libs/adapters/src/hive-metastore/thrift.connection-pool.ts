import { MigrationError } from '@hiveferry/core';
import { addressText } from './metastore-faults.ts';
import type { MetastoreAddress } from './metastore-faults.ts';
import { ThriftConnection } from './thrift.connection.ts';
import type { ConnectionLimits, MetastoreCall } from './thrift.connection.ts';

export interface MetastoreOptions extends MetastoreAddress {
  /** Most connections at once; each is opened when it is first needed. @default 4 */
  readonly connections?: number;
  /** @default 10,000 */
  readonly connectTimeoutMs?: number;
  /** Limit of one call. @default 300,000: the first page of a cold metastore takes long */
  readonly callTimeoutMs?: number;
}

/**
 * Calls over a few connections, each with one call at a time; more calls wait in order.
 * All calls made here may be repeated (reads, and `add_partitions_req` with `ifNotExists`), so a call that met a connection
 * which went stale while idle is made once more on a fresh one.
 */
export class ThriftConnectionPool {
  readonly size: number;
  readonly #address: MetastoreAddress;
  readonly #limits: ConnectionLimits;
  readonly #waiting: (() => void)[] = [];
  #idle: ThriftConnection[] = [];
  readonly #busy = new Set<ThriftConnection>();
  #running = 0;
  #closed = false;

  constructor(options: MetastoreOptions) {
    this.#address = { host: options.host, port: options.port };
    this.#limits = { connectTimeoutMs: options.connectTimeoutMs ?? 10_000, callTimeoutMs: options.callTimeoutMs ?? 300_000 };
    this.size = options.connections ?? 4;
  }

  async run<T>(call: MetastoreCall<T>): Promise<T> {
    await this.#enter();
    try {
      const idle = this.#takeIdle();
      return idle === undefined ? await this.#callOnNew(call) : await this.#callOnIdle(idle, call);
    } finally {
      this.#leave();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const connection of [...this.#idle, ...this.#busy]) connection.close();
    this.#idle = [];
    for (const enter of this.#waiting.splice(0)) enter();
  }

  async #callOnIdle<T>(connection: ThriftConnection, call: MetastoreCall<T>): Promise<T> {
    try {
      return await this.#callOn(connection, call);
    } catch (fault) {
      const isStale = fault instanceof MigrationError && fault.code === 'METASTORE_CONNECTION_LOST' && !this.#closed;
      if (!isStale) throw fault;
      return await this.#callOnNew(call);
    }
  }

  async #callOnNew<T>(call: MetastoreCall<T>): Promise<T> {
    return await this.#callOn(await ThriftConnection.open(this.#address, this.#limits), call);
  }

  async #callOn<T>(connection: ThriftConnection, call: MetastoreCall<T>): Promise<T> {
    this.#busy.add(connection);
    try {
      return await connection.call(call);
    } finally {
      this.#busy.delete(connection);
      if (this.#closed) connection.close();
      else if (connection.isUsable) this.#idle.push(connection);
    }
  }

  #takeIdle(): ThriftConnection | undefined {
    this.#idle = this.#idle.filter((connection) => connection.isUsable);
    return this.#idle.pop();
  }

  async #enter(): Promise<void> {
    if (this.#running >= this.size) {
      const turn = Promise.withResolvers<undefined>();
      this.#waiting.push(() => turn.resolve(undefined));
      await turn.promise;
    } else {
      this.#running += 1;
    }
    if (this.#closed) {
      this.#leave();
      throw this.#closedFault();
    }
  }

  /** Hands the place to the next in line, if any. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  #closedFault(): MigrationError {
    const subject = addressText(this.#address);
    return new MigrationError('METASTORE_CLOSED', `The client of metastore ${subject} was closed.`, {
      category: 'defect',
      retry: 'never',
      subject,
    });
  }
}
