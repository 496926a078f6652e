import type { DatabasePlan, Destination, Neighbour, RunState, TableName, TablePlan } from '@hiveferry/core';
import type {
  AroundStore,
  ClaimScope,
  ClaimedRun,
  Failure,
  Ids,
  InventoryEntry,
  LeaseState,
  PlanStore,
  PlannedTable,
  RunLease,
  ShardStore,
  StepGroup,
  TableHash,
  TableRange,
  TargetFailure,
} from '@hiveferry/ports';
import { insertDependencies, insertSteps } from './dispatch.sql.ts';
import { activateTarget, giveUpQueued } from './activate-target.ts';
import { PostgresAroundStore } from './around-store.ts';
import { appendEvents } from './events.sql.ts';
import type { Notifications } from './notifications.ts';
import { copiesInOrder, plansOfTables } from './plan-destinations.sql.ts';
import {
  databasePlansOf,
  deleteInventory,
  deletePlans,
  extendRunLease,
  freeRun,
  hashesAfter,
  insertInventory,
  namesOfInventory,
  plannedTablesOf,
  tablesWithin,
  takeRun,
  upsertDatabasePlan,
  upsertTablePlans,
} from './plan.sql.ts';
import { mustHold } from './plan-lease.ts';
import {
  approveTargets,
  deletePlansOf,
  extendTargetLease,
  freeTarget,
  putPlanHash,
  putTargetFailure,
  restartTargets,
  takeTarget,
  targetsToPlan,
} from './plan-targets.sql.ts';
import { cancelOpenTables, closeOperations, lockRun, moveRun, recordRunFailure } from './run.sql.ts';
import type { LockedRun } from './run.sql.ts';
import { deleteShards, extendShardLease, placeOfDead } from './run-shards.sql.ts';
import { PostgresShardStore } from './run-shards.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { hasSuspects } from './suspects.sql.ts';
import type { PlannerRequest } from './suspects.sql.ts';

const FIRST: TableName = { database: '', table: '' };

export class PostgresPlanStore implements PlanStore {
  readonly shards: ShardStore;
  readonly around: AroundStore;
  readonly #database: Database;
  readonly #ids: Ids;

  constructor(database: Database, ids: Ids, notifications: Notifications) {
    this.shards = new PostgresShardStore(database, notifications);
    this.around = new PostgresAroundStore(database);
    this.#database = database;
    this.#ids = ids;
  }

  claimRun(owner: string, leaseMs: number, { work, isSuspect }: ClaimScope = {}): Promise<ClaimedRun | undefined> {
    const request = { owner, leaseMs, isSuspect };
    return this.#database.transaction(async (sql) => {
      const run = work === undefined || work === 'plan' ? await claimWholeRun(sql, request) : undefined;
      return run ?? (work === 'plan' ? undefined : claimTarget(sql, { ...request, work }));
    });
  }

  hasSuspects(): Promise<boolean> {
    return hasSuspects(this.#database.sql);
  }

  async renewRun(lease: RunLease, leaseMs: number): Promise<LeaseState> {
    const state = await extendLease(this.#database.sql, lease, leaseMs);
    if (state === undefined) return 'lost';
    return state === 'CANCELLING' || state === 'CANCELLED' ? 'cancelled' : 'held';
  }

  async giveBackRun(lease: RunLease): Promise<void> {
    await this.#database.transaction(async (sql) => {
      // Before its lease: who passes the run's gate may want that row.
      await lockRun(sql, lease.runId);
      await free(sql, lease);
      await settleRun(sql, lease.runId);
    });
  }

  async failRun(lease: RunLease, failure: Failure, retryAfterMs?: number): Promise<void> {
    await this.#write(lease, async (sql) => {
      await freeRun(sql, lease, retryAfterMs);
      if (retryAfterMs !== undefined) return;
      const { code, message } = failure;
      if (!(await moveRun(sql, lease.runId, 'FAILED'))) {
        await settleRun(sql, lease.runId);
        return;
      }
      await cancelOpenTables(sql, lease.runId);
      await recordRunFailure(sql, lease.runId, { code, message });
      await closeOperations(sql, lease.runId, { kinds: ['plan', 'execute', 'verify', 'cancel'], error: { code, message } });
      await appendEvents(sql, lease.runId, [{ type: 'run', data: { state: 'FAILED', failure: { code, message } } }]);
    });
  }

  async resetInventory(lease: RunLease): Promise<void> {
    await this.#write(lease, async (sql) => {
      await deleteShards(sql, lease.runId);
      await deleteInventory(sql, lease.runId);
      await deletePlans(sql, lease.runId);
    });
  }

  async addInventory(lease: RunLease, entries: readonly InventoryEntry[]): Promise<void> {
    await this.#write(lease, (sql) => insertInventory(sql, lease.runId, entries));
  }

  inventoryNames(runId: string, range: TableRange, limit: number): Promise<readonly string[]> {
    return namesOfInventory(this.#database.sql, runId, { range, limit });
  }

  neighbours(runId: string, tables: readonly Neighbour[]): Promise<ReadonlyMap<string, readonly Neighbour[]>> {
    return tablesWithin(this.#database.sql, runId, tables);
  }

  async putDatabasePlan(lease: RunLease, target: string, plan: DatabasePlan): Promise<void> {
    await this.#write(lease, (sql) => upsertDatabasePlan(sql, lease.runId, { target, plan }));
  }

  async putTablePlans(lease: RunLease, target: string, tables: readonly PlannedTable[]): Promise<void> {
    await this.#write(lease, (sql) => upsertTablePlans(sql, lease.runId, { target, tables }));
  }

  copiesByDestination(runId: string, target: string): AsyncIterable<readonly Destination[]> {
    return copiesInOrder(this.#database, runId, target);
  }

  tablePlans(runId: string, target: string, tables: readonly TableName[]): Promise<readonly TablePlan[]> {
    return plansOfTables(this.#database.sql, { runId, target }, tables);
  }

  async planParts(runId: string, target: string): ReturnType<PlanStore['planParts']> {
    const databases = await databasePlansOf(this.#database.sql, runId, target);
    return { databases, hashes: this.#hashes({ runId, target }) };
  }

  async failTargets(lease: RunLease, failures: readonly TargetFailure[]): Promise<void> {
    await this.#write(lease, async (sql) => {
      const run = await lockRun(sql, lease.runId);
      for (const failed of failures) {
        await putTargetFailure(sql, lease.runId, failed);
        await deletePlansOf(sql, lease.runId, failed.target);
      }
      const events = failures.map(({ target, failure }) => ({ type: 'run' as const, data: { state: run?.state, target, failure } }));
      await appendEvents(sql, lease.runId, events);
      const last = failures.find(({ retryAfterMs }) => retryAfterMs === undefined);
      if (run?.state === 'PLANNING' || last === undefined) return;
      const { code, message } = last.failure;
      await closeOperations(sql, lease.runId, { kinds: ['plan'], error: { code, message } });
    });
  }

  async finishPlanning(lease: RunLease, hashes: ReadonlyMap<string, string>): Promise<void> {
    await this.#write(lease, async (sql) => {
      const run = await lockRun(sql, lease.runId);
      if (run?.state !== 'PLANNING' && run?.state !== 'PLANNED' && run?.state !== 'EXECUTING') return;
      for (const [target, hash] of hashes) await putPlanHash(sql, lease.runId, { target, hash });
      if (run.state === 'PLANNING') await moveRun(sql, lease.runId, 'PLANNED');
      await free(sql, lease);
      const state = run.state === 'PLANNING' ? 'PLANNED' : run.state;
      await appendEvents(sql, lease.runId, [{ type: 'run', data: { state, planHashes: Object.fromEntries(hashes) } }]);
      await closeOperations(sql, lease.runId, { kinds: ['plan'] });
      if (run.executeAfterPlan) await executePlanned(sql, run, [...hashes.keys()]);
    });
  }

  databasesToDispatch(runId: string, target: string): Promise<readonly DatabasePlan[]> {
    return databasePlansOf(this.#database.sql, runId, target);
  }

  tablesToDispatch(runId: string, target: string, range: TableRange): Promise<readonly TablePlan[]> {
    return plannedTablesOf(this.#database.sql, { runId, target }, range);
  }

  async addSteps(lease: RunLease, target: string, groups: readonly StepGroup[]): Promise<void> {
    await this.#write(lease, async (sql) => {
      await insertSteps(sql, lease.runId, { target, groups, ids: this.#ids });
      await insertDependencies(sql, lease.runId, { target, groups });
    });
  }

  async failDispatch(lease: RunLease, failed: TargetFailure): Promise<void> {
    const { target, failure } = failed;
    await this.#write(lease, async (sql) => {
      await putTargetFailure(sql, lease.runId, failed);
      await free(sql, lease);
      await appendEvents(sql, lease.runId, [{ type: 'run', data: { state: 'EXECUTING', target, failure } }]);
      if (failed.retryAfterMs === undefined) await giveUpQueued(sql, lease.runId, failed);
      await settleRun(sql, lease.runId);
    });
  }

  activateTarget(lease: RunLease, target: string): Promise<void> {
    return activateTarget(this.#database, lease, { target, ids: this.#ids });
  }

  async *#hashes(scope: { readonly runId: string; readonly target: string }): AsyncIterable<readonly TableHash[]> {
    let after = FIRST;
    for (;;) {
      const page = await hashesAfter(this.#database.sql, scope, after);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      after = last.source;
    }
  }

  /** A write of the run's planner, refused when another took over. */
  async #write(lease: RunLease, work: (sql: Sql) => Promise<void>): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await mustHold(sql, lease);
      await work(sql);
    });
  }
}

async function claimWholeRun(sql: Sql, request: PlannerRequest): Promise<ClaimedRun | undefined> {
  const taken = await takeRun(sql, request);
  if (taken === undefined) return undefined;
  const { state, ...run } = taken;
  if (state === 'REQUESTED' && (await moveRun(sql, run.runId, 'PLANNING'))) {
    await appendEvents(sql, run.runId, [{ type: 'run', data: { state: 'PLANNING' } }]);
  }
  await restartTargets(sql, run.runId);
  const place = await placeOfDead(sql, run);
  return {
    ...run,
    work: 'plan',
    takes: run.attempt,
    ...(place !== undefined && { lastPlace: place }),
    targets: await targetsToPlan(sql, run.runId),
  };
}

async function claimTarget(sql: Sql, request: Parameters<typeof takeTarget>[1]): Promise<ClaimedRun | undefined> {
  const taken = await takeTarget(sql, request);
  if (taken === undefined) return undefined;
  const { tries, ...target } = taken;
  const place = await placeOfDead(sql, target);
  await deletePlansOf(sql, target.runId, target.target);
  return {
    ...target,
    attempt: tries + target.takes,
    ...(place !== undefined && { lastPlace: place }),
    targets: target.work === 'dispatch' ? [] : [{ name: target.target, tries }],
  };
}

function extendLease(sql: Sql, lease: RunLease, leaseMs: number): Promise<RunState | undefined> {
  if (lease.shard !== undefined) return extendShardLease(sql, lease, leaseMs);
  return lease.target === undefined ? extendRunLease(sql, lease, leaseMs) : extendTargetLease(sql, lease, leaseMs);
}

function free(sql: Sql, lease: RunLease): Promise<void> {
  return lease.target === undefined ? freeRun(sql, lease) : freeTarget(sql, lease);
}

async function executePlanned(sql: Sql, run: LockedRun, targets: readonly string[]): Promise<void> {
  await approveTargets(sql, run.id, targets);
  if (await moveRun(sql, run.id, 'EXECUTING')) await appendEvents(sql, run.id, [{ type: 'run', data: { state: 'EXECUTING' } }]);
}
