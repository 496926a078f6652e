import type { DatabasePlan, Destination, Neighbour, TableName, TablePlan } from '@hiveferry/core';
import type {
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
import { insertDependencies, insertSteps, linkViews, markDispatched, queueTables, undispatchedTargetsOf } from './dispatch.sql.ts';
import { claimTables } from './claim-tables.ts';
import { appendEvents } from './events.sql.ts';
import { announceSteps } from './outbox.sql.ts';
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
import { approveTargets, deletePlansOf, putPlanHash, putTargetFailure, restartTargets, targetsToPlan } from './plan-targets.sql.ts';
import { cancelOpenTables, closeOperations, lockRun, moveRun, recordRunFailure } from './run.sql.ts';
import type { LockedRun } from './run.sql.ts';
import { deleteShards, extendShardLease } from './run-shards.sql.ts';
import { PostgresShardStore } from './run-shards.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { cancelOpenSteps, readyUnblocked } from './step-graph.sql.ts';

const FIRST: TableName = { database: '', table: '' };

export class PostgresPlanStore implements PlanStore {
  readonly shards: ShardStore;
  readonly #database: Database;
  readonly #ids: Ids;

  constructor(database: Database, ids: Ids, notifications: Notifications) {
    this.shards = new PostgresShardStore(database, notifications);
    this.#database = database;
    this.#ids = ids;
  }

  async claimRun(owner: string, leaseMs: number): Promise<ClaimedRun | undefined> {
    return this.#database.transaction(async (sql) => {
      const taken = await takeRun(sql, owner, leaseMs);
      if (taken === undefined) return undefined;
      const { state, ...run } = taken;
      if (state === 'PLANNED' || state === 'EXECUTING') return { ...run, ...(await workOfPlanned(sql, run.runId)) };
      if (state === 'REQUESTED' && (await moveRun(sql, run.runId, 'PLANNING'))) {
        await appendEvents(sql, run.runId, [{ type: 'run', data: { state: 'PLANNING' } }]);
      }
      await restartTargets(sql, run.runId);
      return { ...run, work: 'plan', targets: await targetsToPlan(sql, run.runId) };
    });
  }

  async renewRun(lease: RunLease, leaseMs: number): Promise<LeaseState> {
    const extend = lease.shard === undefined ? extendRunLease : extendShardLease;
    const state = await extend(this.#database.sql, lease, leaseMs);
    if (state === undefined) return 'lost';
    return state === 'CANCELLING' || state === 'CANCELLED' ? 'cancelled' : 'held';
  }

  async giveBackRun(lease: RunLease): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await freeRun(sql, lease);
      await settleRun(sql, lease.runId);
    });
  }

  async failRun(lease: RunLease, failure: Failure, retryAfterMs?: number): Promise<void> {
    await this.#write(lease, async (sql) => {
      await freeRun(sql, lease, retryAfterMs);
      if (retryAfterMs !== undefined) return;
      const { code, message } = failure;
      if (!(await moveRun(sql, lease.runId, 'FAILED'))) return;
      await cancelOpenSteps(sql, lease.runId);
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
      await freeRun(sql, lease);
      const state = run.state === 'PLANNING' ? 'PLANNED' : run.state;
      await appendEvents(sql, lease.runId, [{ type: 'run', data: { state, planHashes: Object.fromEntries(hashes) } }]);
      await closeOperations(sql, lease.runId, { kinds: ['plan'] });
      if (run.executeAfterPlan) await executePlanned(sql, run, [...hashes.keys()]);
    });
  }

  undispatchedTargets(runId: string): Promise<readonly string[]> {
    return undispatchedTargetsOf(this.#database.sql, runId);
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

  async activateTarget(lease: RunLease, target: string): Promise<void> {
    await this.#write(lease, async (sql) => {
      // Cancelled meanwhile: its planner ends with the next look at its lease.
      if ((await lockRun(sql, lease.runId))?.state !== 'EXECUTING') return;
      await linkViews(sql, lease.runId, target);
      const queued = await queueTables(sql, lease.runId, target);
      await claimTables(sql, lease.runId, target);
      await announceSteps(sql, await readyUnblocked(sql, lease.runId, target), this.#ids);
      await markDispatched(sql, lease.runId, target);
      await appendEvents(sql, lease.runId, [{ type: 'run', data: { state: 'EXECUTING', target, queued } }]);
      await settleRun(sql, lease.runId);
    });
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

/** Approved targets go first: one that cannot be planned keeps nobody waiting. */
async function workOfPlanned(sql: Sql, runId: string): Promise<Pick<ClaimedRun, 'work' | 'targets'>> {
  if ((await undispatchedTargetsOf(sql, runId)).length > 0) return { work: 'dispatch', targets: [] };
  const targets = (await targetsToPlan(sql, runId)).slice(0, 1);
  for (const { name } of targets) await deletePlansOf(sql, runId, name);
  return { work: 'plan-target', targets };
}

async function executePlanned(sql: Sql, run: LockedRun, targets: readonly string[]): Promise<void> {
  await approveTargets(sql, run.id, targets);
  if (await moveRun(sql, run.id, 'EXECUTING')) await appendEvents(sql, run.id, [{ type: 'run', data: { state: 'EXECUTING' } }]);
}
