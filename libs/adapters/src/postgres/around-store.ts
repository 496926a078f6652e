import type { Neighbour } from '@hiveferry/core';
import type { AroundStore, RunLease } from '@hiveferry/ports';
import { mustHold } from './plan-lease.ts';
import { deleteAround, insertAround, standingWithin } from './plan.sql.ts';
import type { Database } from './sql.ts';

export class PostgresAroundStore implements AroundStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async forget(lease: RunLease, target: string): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await mustHold(sql, lease);
      await deleteAround(sql, lease.runId, target);
    });
  }

  async add(lease: RunLease, tables: readonly Neighbour[], target?: string): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await mustHold(sql, lease);
      await insertAround(sql, { runId: lease.runId, ...(target !== undefined && { target }) }, tables);
    });
  }

  standing(
    { runId, target }: { readonly runId: string; readonly target: string },
    places: readonly Neighbour[],
  ): Promise<ReadonlyMap<string, readonly Neighbour[]>> {
    return standingWithin(this.#database.sql, { runId, target }, places);
  }
}
