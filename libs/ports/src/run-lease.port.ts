import type { MigrationSpec } from './run-store.port.ts';
import type { Failure } from './step-store.port.ts';

/** A planner's hold on one part of a run; the run itself is held by the planner that cut it. */
export interface ShardHold {
  readonly number: number;
  readonly fence: string;
}

/** A run's planner holds this; every write names the fence and is refused (fault LEASE_LOST) when another took over. */
export interface RunLease {
  readonly runId: string;
  readonly fence: string;
  /** Of a part: what is written is refused as well when another has the part. */
  readonly shard?: ShardHold;
}

export interface ClaimedRun extends RunLease {
  /** `plan`: read the source, plan all targets; `plan-target`: one that could not be planned with the others; `dispatch`: make the steps of approved targets. */
  readonly work: 'plan' | 'plan-target' | 'dispatch';
  readonly attempt: number;
  /** What is to be planned now. */
  readonly targets: readonly TargetToPlan[];
  readonly spec: MigrationSpec;
}

export interface TargetToPlan {
  readonly name: string;
  /** Tries that failed since a person asked. */
  readonly tries: number;
}

/** Why a target has no plan; without `retryAfterMs` it gets none before a person asks. */
export interface TargetFailure {
  readonly target: string;
  readonly failure: Failure;
  readonly retryAfterMs?: number;
}
