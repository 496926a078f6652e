import type { RunState } from '@hiveferry/core';
import { isFolded } from './folded-claims.sql.ts';
import { runStatesBefore, tableStatesBefore } from './moves.ts';
import { throughGate } from './run-gate.sql.ts';
import type { Sql } from './sql.ts';
import { beforeOf } from './table-beginnings.sql.ts';
import { deleteClaims } from './table-claims.sql.ts';

/** States in which none of a run's steps runs any more: what it claimed is free. */
const AT_REST: readonly RunState[] = ['SUCCEEDED', 'INCOMPLETE', 'CANCELLED'];

export interface LockedRun {
  readonly id: string;
  readonly migrationId: string;
  readonly state: RunState;
  readonly fence: string;
  readonly executeAfterPlan: boolean;
}

const lockedRun = (isAllowed: string): string => `
  select id, migration_id as "migrationId", state, fence, execute_after_plan as "executeAfterPlan" from run
  where id = $1 and ${isAllowed} for no key update`;

/**
 * Locks a run until the transaction ends: one writer of a run's state at a time. Events are then committed in the order of their
 * sequence, and the last of two steps that finish at once sees the other.
 */
export async function lockRun(sql: Sql, runId: string): Promise<LockedRun | undefined> {
  const [run] = await sql.rows<LockedRun>(lockedRun(throughGate), [runId]);
  return run;
}

export const NO_COUNTS = '[]';

/**
 * As `lockRun`, for a report that entered the run before; what it ended goes off its claims, and tables that began with it, while their own
 * rows say QUEUED, are counted. A claim may have steps of several runs: its rows are locked after the run, and in one order.
 *
 * @param counts steps that ended and tables that began, by claim and target, as JSON
 */
export async function lockEnteredRun(sql: Sql, runId: string, counts = NO_COUNTS): Promise<LockedRun | undefined> {
  const [run] = await sql.rows<LockedRun>(
    `with held as materialized (${lockedRun('true')}),
     counts as materialized (select * from jsonb_to_recordset($2::jsonb) as c (claim_id bigint, target text, count integer, folded integer)),
     ended as materialized (select claim_id as id, sum(count)::integer as count from counts where claim_id is not null group by claim_id),
     claims as materialized (
       select id from step_claim where id = any(array(select id from ended)) and exists (select from held) order by id for no key update),
     counted as (
       update step_claim c set unreported = c.unreported - e.count from ended e join claims l using (id) where c.id = e.id),
     folded as (
       update run_target g set folded_tables = g.folded_tables + f.count
       from held, (select target, sum(folded)::integer as count from counts group by target having sum(folded) > 0) f
       where g.run_id = held.id and g.target = f.target)
     select * from held`,
    [runId, counts],
  );
  return run;
}

/** Asked by who has entered the run: it does not stop before he is done. */
export async function isExecuting(sql: Sql, runId: string): Promise<boolean> {
  const rows = await sql.rows(`select id from run where id = $1 and state = 'EXECUTING'`, [runId]);
  return rows.length > 0;
}

/** @returns false when the run is in no state from which that is a legal move */
export async function moveRun(sql: Sql, runId: string, to: RunState): Promise<boolean> {
  const moved = await sql.rows(
    `update run set state = $2::text,
       started_at = case when $2::text = 'PLANNING' then coalesce(started_at, clock_timestamp()) else started_at end,
       failure = case when $2::text = 'REQUESTED' then null else failure end,
       ended_at = case when $2::text in ('SUCCEEDED', 'INCOMPLETE', 'FAILED', 'CANCELLED') then clock_timestamp() end
     where id = $1 and state = any($3::text[]) returning id`,
    [runId, to, runStatesBefore(to)],
  );
  if (moved.length > 0 && AT_REST.includes(to)) await deleteClaims(sql, runId);
  return moved.length > 0;
}

export async function recordRunFailure(
  sql: Sql,
  runId: string,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await sql.rows(`update run set failure = $2::jsonb where id = $1`, [runId, JSON.stringify(failure)]);
}

/** Operations of a run that are open, but cancel operations only when `kinds` says so. */
export async function closeOperations(
  sql: Sql,
  runId: string,
  { kinds, error }: { readonly kinds: readonly string[]; readonly error?: { readonly code: string; readonly message: string } | undefined },
): Promise<void> {
  await sql.rows(
    `update operation set done = true, ended_at = clock_timestamp(), error = $3::jsonb
     where run_id = $1 and not done and kind = any($2::text[])`,
    [runId, kinds, error === undefined ? null : JSON.stringify(error)],
  );
}

/** Steps that are claimed and not reported, or to be ended, have a row that says so. */
const GOES_ON = `exists (
    select from step_claim c join step s on s.id = any(c.steps) where s.run_id = $1 and (s.state = 'RUNNING' or ${isFolded}))
  or exists (select from step where ends is not null and run_id = $1)`;

/** A planner holds it, or a target of it, and that lease has not ended. */
export async function isHeldByPlanner(sql: Sql, runId: string): Promise<boolean> {
  const [row] = await sql.rows<{ isHeld: boolean }>(
    `select exists (select from run where id = $1 and lease_until > clock_timestamp())
       or exists (select from run_target where run_id = $1 and lease_until > clock_timestamp()) as "isHeld"`,
    [runId],
  );
  return row?.isHeld === true;
}

/**
 * True, or no row. The order makes Postgres take the index: reading the table until it finds an open one gets longer with each that is done.
 * Not for `exists`, where it drops the order.
 */
export const openTable = `select true from run_table where run_id = $1 and phase = 'OPEN' order by run_id, phase, target limit 1`;

/**
 * Whether something keeps a run of approved targets from ending, beside tables that are open: that is asked before, and mostly answers it.
 * Steps of a run without an open table are looked for where they wait, run or are ended: no index of `step` knows its state.
 */
export async function hasOpenWork(sql: Sql, runId: string): Promise<boolean> {
  const [work] = await sql.rows<{ isOpen: boolean }>(
    `select exists (select from run_target where run_id = $1 and due_at is not null)
       or exists (select from ready_step q join step s on s.id = q.step_id where q.run_id = $1 and s.state = 'READY')
       or exists (select from step where waits_until is not null and run_id = $1)
       or ${GOES_ON} as "isOpen"`,
    [runId],
  );
  return work?.isOpen === true;
}

export async function hasOpenTable(sql: Sql, runId: string): Promise<boolean> {
  return (await sql.rows(openTable, [runId])).length > 0;
}

/** Whether a table was not proved, or a target cannot be planned, got no steps or has all its tables refused: not what was asked for. */
export async function isUnverified(sql: Sql, runId: string): Promise<boolean> {
  const [work] = await sql.rows<{ isUnverified: boolean }>(
    `select exists (select from run_table t join run_target g on g.run_id = t.run_id and g.target = t.target and g.approved_at is not null
                    where t.run_id = $1 and t.phase in ('FAILED', 'NOT_VERIFIED', 'CANCELLED'))
         or exists (select from run_target where run_id = $1 and dispatched_at is null and failure is not null)
         or exists (select from run_target g where g.run_id = $1 and g.approved_at is not null
                    and exists (select from run_table t where t.run_id = $1 and t.target = g.target)
                    and not exists (select from run_table t where t.run_id = $1 and t.target = g.target and t.decision = 'MIGRATE'))
         as "isUnverified"`,
    [runId],
  );
  return work?.isUnverified === true;
}

/** Or such that are ended first. */
export async function hasRunningSteps(sql: Sql, runId: string): Promise<boolean> {
  const [work] = await sql.rows<{ goesOn: boolean }>(`select ${GOES_ON} as "goesOn"`, [runId]);
  return work?.goesOn === true;
}

export async function cancelOpenTables(sql: Sql, runId: string): Promise<void> {
  const tables = { from: 'run_table t', where: 't.run_id = $1 and t.state = any($2::text[])' };
  await sql.rows(
    `with ${beforeOf(tables)}
     update run_table t set state = 'CANCELLED', ended_at = clock_timestamp(), started_at = b.started_at from before b where t.id = b.id`,
    [runId, tableStatesBefore('CANCELLED')],
  );
}
