import type { MigrationSpec } from './run-store.port.ts';
import type { Failure } from './step-store.port.ts';

/** A planner's hold on one part of a run or target; who cut it holds the whole. */
export interface ShardHold {
  readonly number: number;
  readonly fence: string;
}

/** A planner holds this; every write names the fence and is refused (fault LEASE_LOST) when another took over. */
export interface RunLease {
  readonly runId: string;
  /** Of this target alone: the others of the run are worked at without waiting for it. Absent: of the run, while all are planned together. */
  readonly target?: string;
  readonly fence: string;
  /** Of a part: what is written is refused as well when another has the part. */
  readonly shard?: ShardHold;
}

/** `plan`: read the source, plan all targets; `plan-target`: one that could not be planned with the others; `dispatch`: make the steps of an approved one. */
export const PLANNER_WORK = ['plan', 'plan-target', 'dispatch'] as const;
export type PlannerWork = (typeof PLANNER_WORK)[number];

/** What a planner takes. */
export interface ClaimScope {
  /** Absent: whatever there is, runs to be planned first, then approved targets. */
  readonly work?: PlannerWork;
  /** Whether a planner ended without a word while it was in its hands: it may be what that one died of. Absent: either. */
  readonly isSuspect?: boolean;
}

/** What a planner needs to know of what it took. */
export interface PlannerClaim extends RunLease {
  /** How often it was taken since a planner last reported on it, this time included: a planner that dies reports nothing. */
  readonly takes: number;
  /** Where the planner was that died with it, as far as it is known. */
  readonly lastPlace?: PlanningPlace;
  /** What is to be planned now. */
  readonly targets: readonly TargetToPlan[];
  readonly spec: MigrationSpec;
}

export type ClaimedRun = WholeRun | ClaimedTarget;

interface WholeRun extends PlannerClaim {
  readonly work: 'plan';
  /** Tries since it was asked for, this one included. */
  readonly attempt: number;
}

export interface ClaimedTarget extends PlannerClaim {
  readonly work: 'plan-target' | 'dispatch';
  readonly target: string;
  readonly attempt: number;
}

/** Tables of one database from one name to another. */
export interface PlanningPlace {
  readonly database: string;
  readonly from: string;
  readonly through: string;
}

export interface TargetToPlan {
  readonly name: string;
  /** Tries that failed since a person asked. */
  readonly tries: number;
}

/** Why a target has no plan, or no steps; without `retryAfterMs` nothing more is tried before a person asks. */
export interface TargetFailure {
  readonly target: string;
  readonly failure: Failure;
  readonly retryAfterMs?: number;
}
