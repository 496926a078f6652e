import type { MigrationError } from '@hiveferry/core';
import { TBinaryProtocol, createClient, createConnection } from 'thrift';
import type { Connection } from 'thrift';
import { callFailed, connectionLost, timedOut, unreachable } from './metastore-faults.ts';
import type { MetastoreAddress } from './metastore-faults.ts';
import { ReusingTransport } from './reusing.transport.ts';
import { metastoreService } from './thrift-binding.ts';
import type { MetastoreClient } from './thrift-binding.ts';

export interface ConnectionLimits {
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
}

export interface MetastoreCall<T> {
  readonly method: string;
  /** What it is about, for messages: a database or `db.table`. */
  readonly subject: string;
  readonly invoke: (client: MetastoreClient) => Promise<T>;
}

/**
 * One connection to a metastore, one call at a time. Thrift's own client never settles a call whose connection went away
 * and knows no time limits; both are done here. A connection that failed is of no more use (`isUsable`).
 */
export class ThriftConnection {
  readonly #address: MetastoreAddress;
  readonly #limits: ConnectionLimits;
  readonly #connection: Connection;
  readonly #client: MetastoreClient;
  #usable = true;
  #whenLost: ((cause?: unknown) => void) | undefined;

  private constructor(address: MetastoreAddress, limits: ConnectionLimits) {
    this.#address = address;
    this.#limits = limits;
    this.#connection = createConnection(address.host, address.port, { transport: ReusingTransport, protocol: TBinaryProtocol });
    this.#client = createClient(metastoreService, this.#connection);
    // An idle connection that the server closes has no call to fail; without listeners it would end the process.
    this.#connection.on('error', (cause: unknown) => this.#lose(cause));
    this.#connection.on('close', () => this.#lose());
  }

  static async open(address: MetastoreAddress, limits: ConnectionLimits): Promise<ThriftConnection> {
    const connection = new ThriftConnection(address, limits);
    await connection.#connected();
    return connection;
  }

  get isUsable(): boolean {
    return this.#usable;
  }

  async call<T>(call: MetastoreCall<T>): Promise<T> {
    if (!this.#usable) throw connectionLost(this.#address, call.method);
    const limitMs = this.#limits.callTimeoutMs;
    return await this.#guarded<T>(
      {
        limitMs,
        onTimeout: () => timedOut(this.#address, call.method, limitMs),
        onLost: () => connectionLost(this.#address, call.method),
      },
      (settle, fail) => {
        call.invoke(this.#client).then(settle, (cause: unknown) => fail(callFailed(call, cause)));
      },
    );
  }

  close(): void {
    this.#lose();
  }

  async #connected(): Promise<void> {
    const limitMs = this.#limits.connectTimeoutMs;
    await this.#guarded<undefined>(
      {
        limitMs,
        onTimeout: () => unreachable(this.#address, `no connection within ${limitMs} ms`),
        onLost: (cause) => unreachable(this.#address, reasonOf(cause), cause),
      },
      (settle) => {
        this.#connection.once('connect', () => {
          this.#connection.connection.setKeepAlive(true, 60_000);
          settle(undefined);
        });
      },
    );
  }

  /** Runs something that ends by itself, by the time limit or by loss of the connection, whichever comes first. */
  async #guarded<T>(guard: Guard, start: (settle: (value: T) => void, fail: (fault: MigrationError) => void) => void): Promise<T> {
    const ended = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      ended.reject(guard.onTimeout());
      this.#lose();
    }, guard.limitMs);
    this.#whenLost = (cause) => ended.reject(guard.onLost(cause));
    try {
      start(ended.resolve, ended.reject);
      return await ended.promise;
    } finally {
      clearTimeout(timer);
      this.#whenLost = undefined;
    }
  }

  #lose(cause?: unknown): void {
    this.#usable = false;
    this.#whenLost?.(cause);
    this.#connection.connection.destroy();
  }
}

interface Guard {
  readonly limitMs: number;
  readonly onTimeout: () => MigrationError;
  readonly onLost: (cause?: unknown) => MigrationError;
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the connection was closed at once';
  return cause.message === '' ? cause.name : cause.message;
}
