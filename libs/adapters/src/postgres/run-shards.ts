import type {
  ClaimedShard,
  Failure,
  PlanningPlace,
  RunLease,
  ShardCut,
  ShardProgress,
  ShardRequest,
  ShardStore,
  TargetFailure,
} from '@hiveferry/ports';
import type { Notifications } from './notifications.ts';
import { mustHold } from './plan-lease.ts';
import {
  deleteOpenShards,
  endShard,
  failedInShards,
  insertShards,
  putPlace,
  shardCounts,
  takeShard,
  tellOfShards,
} from './run-shards.sql.ts';
import type { ShardEnd } from './run-shards.sql.ts';
import type { Database } from './sql.ts';

export class PostgresShardStore implements ShardStore {
  readonly #database: Database;
  readonly #notifications: Notifications;

  constructor(database: Database, notifications: Notifications) {
    this.#database = database;
    this.#notifications = notifications;
  }

  async cutShards(lease: RunLease, cut: ShardCut): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await mustHold(sql, lease);
      await deleteOpenShards(sql, lease);
      // One is no reason to wake anybody.
      if ((await insertShards(sql, lease, cut)) > 1) await tellOfShards(sql, lease.runId);
    });
  }

  claimShard(request: ShardRequest): Promise<ClaimedShard | undefined> {
    return takeShard(this.#database.sql, request);
  }

  notePlace(shard: ClaimedShard, place: PlanningPlace): Promise<void> {
    return putPlace(this.#database.sql, shard, place);
  }

  finishShard(shard: ClaimedShard, failed: readonly TargetFailure[]): Promise<void> {
    return this.#end(shard, { state: 'DONE', failed });
  }

  failShard(shard: ClaimedShard, failure: Failure): Promise<void> {
    return this.#end(shard, { state: 'FAILED', failure });
  }

  giveBackShard(shard: ClaimedShard): Promise<void> {
    return this.#end(shard, { state: 'OPEN' });
  }

  async shardProgress(lease: RunLease): Promise<ShardProgress> {
    const { open, failure } = await shardCounts(this.#database.sql, lease);
    return { open, failed: await failedInShards(this.#database.sql, lease), ...(failure !== null && { failure }) };
  }

  onShards(listener: () => void): () => void {
    return this.#notifications.on('hiveferry_shard', listener);
  }

  async #end(shard: ClaimedShard, end: ShardEnd): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await mustHold(sql, shard);
      await endShard(sql, shard, end);
    });
  }
}
