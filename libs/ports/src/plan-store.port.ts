import type { DatabasePlan, Destination, Location, Neighbour, PlannedStep, TableName, TablePlan } from '@hiveferry/core';
import type { AroundStore } from './around-store.port.ts';
import type { ClaimScope, ClaimedRun, RunLease, TargetFailure } from './run-lease.port.ts';
import type { ShardStore, TableRange } from './run-shard.port.ts';
import type { Failure, LeaseState } from './step-store.port.ts';

export interface InventoryEntry {
  readonly source: TableName;
  readonly object: 'table' | 'view';
  /** Absent when there is none or it cannot be parsed. */
  readonly location?: Location;
}

export interface PlannedTable {
  readonly plan: TablePlan;
  readonly tableHash: string;
  /** Set when the table could not be read or planned: it is FAILED, the others go on. */
  readonly failure?: Failure;
}

/** Steps of one table, or of a database when `table` is absent. */
export interface StepGroup {
  readonly database: string;
  readonly table?: string;
  readonly steps: readonly PlannedStep[];
}

export interface TableHash {
  readonly source: TableName;
  readonly hash: string;
}

/** What a planner keeps and asks. All writes can be repeated: planning starts again from nothing after a take-over. */
export interface PlanStore {
  readonly shards: ShardStore;
  readonly around: AroundStore;

  claimRun(owner: string, leaseMs: number, scope?: ClaimScope): Promise<ClaimedRun | undefined>;
  /** Whether a suspect waits for a planner. */
  hasSuspects(): Promise<boolean>;
  renewRun(lease: RunLease, leaseMs: number): Promise<LeaseState>;
  /** Graceful stop: another planner may take it at once. */
  giveBackRun(lease: RunLease): Promise<void>;
  /** A run that cannot be planned ends FAILED, or is tried again after the delay. */
  failRun(lease: RunLease, failure: Failure, retryAfterMs?: number): Promise<void>;

  resetInventory(lease: RunLease): Promise<void>;
  addInventory(lease: RunLease, entries: readonly InventoryEntry[]): Promise<void>;
  /** The first names of a range, sorted. */
  inventoryNames(runId: string, range: TableRange, limit: number): Promise<readonly string[]>;
  /** Other tables of the source, as far as it was looked at, that lie at or below each location, by `displayName` of the asked table. */
  neighbours(runId: string, tables: readonly Neighbour[]): Promise<ReadonlyMap<string, readonly Neighbour[]>>;
  putDatabasePlan(lease: RunLease, target: string, plan: DatabasePlan): Promise<void>;
  putTablePlans(lease: RunLease, target: string, tables: readonly PlannedTable[]): Promise<void>;
  /** Copies of all tables to be migrated, ordered so that what goes into a directory follows it directly; in pages. */
  copiesByDestination(runId: string, target: string): AsyncIterable<readonly Destination[]>;
  tablePlans(runId: string, target: string, tables: readonly TableName[]): Promise<readonly TablePlan[]>;
  /** Database plans by source name; table hashes in order of database and table, streamed. */
  planParts(
    runId: string,
    target: string,
  ): Promise<{ readonly databases: readonly DatabasePlan[]; readonly hashes: AsyncIterable<readonly TableHash[]> }>;
  /** Notes why targets have no plan, and forgets what was planned for them. */
  failTargets(lease: RunLease, failures: readonly TargetFailure[]): Promise<void>;
  /** These targets are planned, and the run at least PLANNED; with `executeAfterPlan` they are approved and it is EXECUTING. */
  finishPlanning(lease: RunLease, hashes: ReadonlyMap<string, string>): Promise<void>;

  databasesToDispatch(runId: string, target: string): Promise<readonly DatabasePlan[]>;
  /** The first tables of a range that are PLANNED and to be migrated. */
  tablesToDispatch(runId: string, target: string, range: TableRange): Promise<readonly TablePlan[]>;
  /** Adds BLOCKED steps; those that are there stay as they are. */
  addSteps(lease: RunLease, target: string, groups: readonly StepGroup[]): Promise<void>;
  /** Notes why an approved target has no steps; the run's other targets go on, and it ends without this one. */
  failDispatch(lease: RunLease, failed: TargetFailure): Promise<void>;
  /** Links views to what they depend on and makes ready what nothing blocks, with its messages. */
  activateTarget(lease: RunLease, target: string): Promise<void>;
}
