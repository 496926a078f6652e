import type { PlannerClaim, PlannerWork, PlanningPlace, RunLease, ShardHold, TargetFailure } from './run-lease.port.ts';
import type { Failure } from './step-store.port.ts';

/** Tables of one database: those after a name, up to and with another. */
export interface TableRange {
  readonly database: string;
  readonly after: string;
  readonly through: string;
}

/** Part of planning or dispatching. Its targets are those that did not fail in another part. */
export interface ClaimedShard extends PlannerClaim {
  readonly work: 'plan' | 'dispatch';
  readonly shard: ShardHold;
  readonly tables: TableRange;
}

export interface ShardCut {
  readonly work: ClaimedShard['work'];
  readonly targets: readonly string[];
  readonly tablesAShard: number;
}

export interface ShardProgress {
  readonly open: number;
  /** Why targets could not go on, of the parts that are done. */
  readonly failed: readonly TargetFailure[];
  /** Why a part could not be done at all: the failure of the whole. */
  readonly failure?: Failure;
}

export interface ShardRequest {
  readonly owner: string;
  readonly leaseMs: number;
  /** A part of what is held under this lease. Absent: of whatever somebody holds. */
  readonly of?: RunLease;
  /** A part of such work only. */
  readonly work?: PlannerWork;
  /** Whether a planner died with it, or with the whole. Absent: either. */
  readonly isSuspect?: boolean;
}

/**
 * One run, or one target of it, is shared by planners: who holds it cuts it into parts, does some itself and waits for the others. A part
 * whose planner died is taken over when its lease ends; when the whole is taken over, all that is under way in its parts is refused.
 */
export interface ShardStore {
  /** Cuts what is in the inventory, or what is planned for the target; what was cut before goes. Tells the other planners. */
  cutShards(lease: RunLease, cut: ShardCut): Promise<void>;
  claimShard(request: ShardRequest): Promise<ClaimedShard | undefined>;
  /** Notes where its planner is, for people, should it die there. */
  notePlace(shard: ClaimedShard, place: PlanningPlace): Promise<void>;
  finishShard(shard: ClaimedShard, failed: readonly TargetFailure[]): Promise<void>;
  failShard(shard: ClaimedShard, failure: Failure): Promise<void>;
  /** Graceful stop: another planner may take it at once. */
  giveBackShard(shard: ClaimedShard): Promise<void>;
  shardProgress(lease: RunLease): Promise<ShardProgress>;
  /** Calls back when something was cut (LISTEN/NOTIFY). */
  onShards(listener: () => void): () => void;
}
