import type { DatabasePlan, Location, Neighbour, RunState, TableName, TablePlan } from '@hiveferry/core';
import { displayName, parseLocation, partsOf } from '@hiveferry/core';
import type { InventoryEntry, MigrationSpec, PlannedTable, RunLease, TableHash, TableRange } from '@hiveferry/ports';
import { throughGate } from './run-gate.sql.ts';
import type { Sql } from './sql.ts';
import { isSuspectOf } from './suspects.sql.ts';
import type { PlannerRequest } from './suspects.sql.ts';

export interface TakenRun extends RunLease {
  readonly state: RunState;
  readonly attempt: number;
  readonly spec: MigrationSpec;
}

/**
 * A run to be planned, or whose planner's lease has ended. Locks are waited for, not skipped: they are short, commands and sweepers take
 * them too, and a wake-up that finds nothing is not repeated.
 */
export async function takeRun(sql: Sql, { owner, leaseMs, isSuspect }: PlannerRequest): Promise<TakenRun | undefined> {
  const [run] = await sql.rows<TakenRun>(
    `with picked as (
       select r.id from run r
       where r.ended_at is null and r.available_at <= clock_timestamp() and (r.lease_until is null or r.lease_until < clock_timestamp())
         and r.state in ('REQUESTED', 'PLANNING') and ($3::boolean is null or $3 = ${isSuspectOf('r')})
       order by r.available_at, r.id limit 1 for no key update)
     update run r set fence = r.fence + 1, attempt = r.attempt + 1, lease_owner = $1,
       is_suspect = ${isSuspectOf('r')}, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
     from picked, migration m where r.id = picked.id and m.id = r.migration_id
     returning r.id as "runId", r.fence, r.attempt, r.state, m.spec`,
    [owner, leaseMs, isSuspect ?? null],
  );
  return run;
}

/** @returns the run's state, undefined when another planner took over */
export async function extendRunLease(sql: Sql, lease: RunLease, leaseMs: number): Promise<RunState | undefined> {
  const [row] = await sql.rows<{ state: RunState }>(
    `update run set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where id = $1 and fence = $2 and lease_owner is not null returning state`,
    [lease.runId, lease.fence, leaseMs],
  );
  return row?.state;
}

/** @param retryInMs absent: its work was done or given back, which is no failed attempt */
export async function freeRun(sql: Sql, lease: RunLease, retryInMs?: number): Promise<void> {
  await sql.rows(
    `update run set lease_owner = null, lease_until = null, attempt = case when $4 then attempt else 0 end,
       available_at = clock_timestamp() + $3 * interval '1 millisecond'
     where id = $1 and fence = $2`,
    [lease.runId, lease.fence, retryInMs ?? 0, retryInMs !== undefined],
  );
}

/** Locks the run as its planner. @returns false when another planner took over */
export async function holdsRun(sql: Sql, lease: RunLease): Promise<boolean> {
  const rows = await sql.rows(
    `select id from run where id = $1 and fence = $2 and lease_owner is not null and ${throughGate} for no key update`,
    [lease.runId, lease.fence],
  );
  return rows.length > 0;
}

export async function deleteInventory(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`with around as (delete from run_around where run_id = $1) delete from run_inventory where run_id = $1`, [runId]);
}

/** What an earlier attempt planned: the source may have lost tables since. */
export async function deletePlans(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`with tables as (delete from run_table where run_id = $1) delete from run_database where run_id = $1`, [runId]);
}

export async function insertInventory(sql: Sql, runId: string, entries: readonly InventoryEntry[]): Promise<void> {
  const rows = entries.map(({ source, object, location }) => ({
    ...source,
    object,
    location: location === undefined ? null : orderedText(location),
  }));
  await sql.rows(
    `insert into run_inventory (run_id, database, table_name, object, location)
     select $1, e.database, e."table", e.object, e.location
     from jsonb_to_recordset($2::jsonb) as e (database text, "table" text, object text, location text)
     on conflict (run_id, database, table_name) do update set object = excluded.object, location = excluded.location`,
    [runId, JSON.stringify(rows)],
  );
}

export async function namesOfInventory(
  sql: Sql,
  runId: string,
  { range: { database, after, through }, limit }: { readonly range: TableRange; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await sql.rows<{ name: string }>(
    `select table_name as name from run_inventory where run_id = $1 and database = $2 and table_name > $3 and table_name <= $4
     order by table_name limit $5`,
    [runId, database, after, through, limit],
  );
  return rows.map(({ name }) => name);
}

/** What is known of the source: the selected databases and those around them. */
const KNOWN_AT_SOURCE = `(select run_id, database, table_name, location from run_inventory
  union all select run_id, database, table_name, location from run_around where target = '')`;

export function tablesWithin(sql: Sql, runId: string, tables: readonly Neighbour[]): Promise<ReadonlyMap<string, readonly Neighbour[]>> {
  return tablesOf(sql, { runId, known: KNOWN_AT_SOURCE }, tables);
}

/** Tables that stand on the target, whoever made them. */
export function standingWithin(
  sql: Sql,
  { runId, target }: { readonly runId: string; readonly target: string },
  tables: readonly Neighbour[],
): Promise<ReadonlyMap<string, readonly Neighbour[]>> {
  return tablesOf(sql, { runId, known: `(select * from run_around where target = $3)`, target }, tables);
}

/**
 * Other tables at or below each location: a range of the index, since locations are kept with a slash at the end. One look for each location
 * (offset 0 keeps it so): joined at once, tables that Postgres knows nothing of yet were compared each with each.
 */
async function tablesOf(
  sql: Sql,
  { runId, known, target }: { readonly runId: string; readonly known: string; readonly target?: string },
  tables: readonly Neighbour[],
): Promise<ReadonlyMap<string, readonly Neighbour[]>> {
  const asked = tables.map(({ table, location }) => ({ ...table, location: orderedText(location) }));
  const rows = await sql.rows<{ database: string; table: string; ofDatabase: string; ofTable: string; location: string }>(
    `select i.database, i.table_name as "table", i.location, a.database as "ofDatabase", a."table" as "ofTable"
     from jsonb_to_recordset($2::jsonb) as a (database text, "table" text, location text)
     cross join lateral (
       select k.* from ${known} k where k.run_id = $1 and k.location >= a.location collate "C"
         and k.location < left(a.location, -1) || '0' collate "C" and starts_with(k.location, a.location)
         and (k.database, k.table_name) <> (a.database, a."table") offset 0) i
     order by i.database, i.table_name`,
    [runId, JSON.stringify(asked), ...(target === undefined ? [] : [target])],
  );
  const groups = Map.groupBy(rows, (row) => displayName({ database: row.ofDatabase, table: row.ofTable }));
  return new Map([...groups].map(([key, group]) => [key, group.flatMap(neighbourOf)]));
}

export async function upsertDatabasePlan(
  sql: Sql,
  runId: string,
  { target, plan }: { readonly target: string; readonly plan: DatabasePlan },
): Promise<void> {
  await sql.rows(
    `insert into run_database (run_id, target, database, target_database, plan) values ($1, $2, $3, $4, $5::jsonb)
     on conflict (run_id, target, database) do update set target_database = excluded.target_database, plan = excluded.plan`,
    [runId, target, plan.source, plan.target, JSON.stringify(plan)],
  );
}

export async function upsertTablePlans(
  sql: Sql,
  runId: string,
  { target, tables }: { readonly target: string; readonly tables: readonly PlannedTable[] },
): Promise<void> {
  await sql.rows(
    `insert into run_table (run_id, target, database, table_name, target_database, target_table, object, decision, state, plan, table_hash,
       issues, hazards, failure, ended_at)
     select $1, $2, t.database, t."table", t."targetDatabase", t."targetTable", t.object, t.decision, t.state, t.plan, t.hash,
       t.issues, t.hazards, t.failure, case when t.state <> 'PLANNED' then clock_timestamp() end
     from jsonb_to_recordset($3::jsonb) as t (database text, "table" text, "targetDatabase" text, "targetTable" text, object text,
       decision text, state text, plan jsonb, hash text, issues jsonb, hazards jsonb, failure jsonb)
     on conflict (run_id, target, database, table_name) do update set target_database = excluded.target_database,
       target_table = excluded.target_table, object = excluded.object, decision = excluded.decision, state = excluded.state,
       plan = excluded.plan, table_hash = excluded.table_hash, issues = excluded.issues, hazards = excluded.hazards,
       failure = excluded.failure, ended_at = excluded.ended_at`,
    [runId, target, JSON.stringify(tables.map(tableRow))],
  );
}

export async function databasePlansOf(sql: Sql, runId: string, target: string): Promise<readonly DatabasePlan[]> {
  const rows = await sql.rows<{ plan: DatabasePlan }>(`select plan from run_database where run_id = $1 and target = $2 order by database`, [
    runId,
    target,
  ]);
  return rows.map(({ plan }) => plan);
}

export async function hashesAfter(
  sql: Sql,
  scope: { readonly runId: string; readonly target: string },
  after: TableName,
): Promise<readonly TableHash[]> {
  const rows = await sql.rows<{ database: string; table: string; hash: string }>(
    `select database, table_name as "table", table_hash as hash from run_table
     where run_id = $1 and target = $2 and (database, table_name) > ($3, $4) order by database, table_name limit 5000`,
    [scope.runId, scope.target, after.database, after.table],
  );
  return rows.map(({ database, table, hash }) => ({ source: { database, table }, hash }));
}

export async function plannedTablesOf(
  sql: Sql,
  scope: { readonly runId: string; readonly target: string },
  { database, after, through }: TableRange,
): Promise<readonly TablePlan[]> {
  const rows = await sql.rows<{ plan: TablePlan }>(
    `select plan from run_table where run_id = $1 and target = $2 and state = 'PLANNED' and decision = 'MIGRATE'
       and database = $3 and table_name > $4 and table_name <= $5 order by table_name limit 200`,
    [scope.runId, scope.target, database, after, through],
  );
  return rows.map(({ plan }) => plan);
}

/** A plan without a table to migrate has no hazards and waits for nothing: the state says why. */
function tableRow({ plan, tableHash, failure }: PlannedTable): object {
  const planned = plan.decision === 'MIGRATE' ? 'PLANNED' : 'REFUSED';
  return {
    ...plan.source,
    targetDatabase: plan.target.database,
    targetTable: plan.target.table,
    object: plan.object,
    decision: plan.decision,
    state: failure === undefined ? planned : 'FAILED',
    plan,
    hash: tableHash,
    issues: plan.issues,
    hazards: plan.hazards,
    failure: failure ?? null,
  };
}

/** @param target absent: around the selected databases of the source */
export async function insertAround(
  sql: Sql,
  { runId, target = '' }: { readonly runId: string; readonly target?: string },
  tables: readonly Neighbour[],
): Promise<void> {
  const rows = tables.map(({ table, location }) => ({ ...table, location: orderedText(location) }));
  await sql.rows(
    `insert into run_around (run_id, target, database, table_name, location)
     select $1, $2, a.database, a."table", a.location from jsonb_to_recordset($3::jsonb) as a (database text, "table" text, location text)
     on conflict (run_id, target, database, table_name) do update set location = excluded.location`,
    [runId, target, JSON.stringify(rows)],
  );
}

export async function deleteAround(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(`delete from run_around where run_id = $1 and target = $2`, [runId, target]);
}

/** `0` follows `/` in byte order: all that lies below a location is one range when each ends in a slash. */
function orderedText(location: Location): string {
  const { namespace, segments } = partsOf(location);
  return [namespace, ...segments, ''].join('/');
}

/** A table whose text is no location was never kept with one. */
function neighbourOf({
  database,
  table,
  location: text,
}: {
  readonly database: string;
  readonly table: string;
  readonly location: string;
}): readonly Neighbour[] {
  const location = parseLocation(text);
  return location === undefined ? [] : [{ table: { database, table }, location }];
}
