import { MigrationError } from '@hiveferry/core';
import type { AskRows, DatabaseDriver, DriverConnection, MetastoreConnections, SqlDialect } from './metastore-connection.ts';
import { notConnected, statementFailed } from './metastore-database-faults.ts';

/** Connections of one product, each question in a transaction of its own; faults are the port's. */
export class SnapshotConnections implements MetastoreConnections {
  readonly dialect: SqlDialect;
  readonly size: number;
  readonly #driver: DatabaseDriver;
  readonly #address: string;

  constructor(driver: DatabaseDriver, { size, address }: { readonly size: number; readonly address: string }) {
    this.dialect = driver.dialect;
    this.size = size;
    this.#driver = driver;
    this.#address = address;
  }

  async inSnapshot<T>(work: (ask: AskRows) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    const ask: AskRows = async (statement, parameters) => {
      try {
        return await connection.query(statement, parameters);
      } catch (cause) {
        throw statementFailed({ address: this.#address }, cause);
      }
    };
    let failure: unknown;
    try {
      for (const statement of this.#driver.begin) await ask(statement, []);
      return await work(ask);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      await connection.query('rollback', []).catch((error: unknown) => (failure ??= error));
      connection.release(failure !== undefined);
    }
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  async #connect(): Promise<DriverConnection> {
    try {
      return await this.#driver.connect();
    } catch (cause) {
      throw cause instanceof MigrationError ? cause : notConnected({ address: this.#address }, cause);
    }
  }
}
