import type { RunState } from '@hiveferry/core';
import { isFolded } from './folded-claims.sql.ts';
import { runStatesBefore, tableStatesBefore } from './moves.ts';
import type { Sql } from './sql.ts';
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

/**
 * Locks a run until the transaction ends: one writer of a run's state at a time. Events are then committed in the order of their
 * sequence, and the last of two steps that finish at once sees the other.
 */
export async function lockRun(sql: Sql, runId: string): Promise<LockedRun | undefined> {
  const [run] = await sql.rows<LockedRun>(
    `select id, migration_id as "migrationId", state, fence, execute_after_plan as "executeAfterPlan" from run where id = $1 for no key update`,
    [runId],
  );
  return run;
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
 * Whether something keeps a run of approved targets from ending. Asked at each batch of reports, and mostly answered by the first look.
 * Steps of a run without an open table are looked for where they wait, run or are ended: no index of `step` knows its state.
 */
export async function hasOpenWork(sql: Sql, runId: string): Promise<boolean> {
  if (await hasOpenTable(sql, runId)) return true;
  const [work] = await sql.rows<{ isOpen: boolean }>(
    `select exists (select from run_target where run_id = $1 and due_at is not null)
       or exists (select from ready_step q join step s on s.id = q.step_id where q.run_id = $1 and s.state = 'READY')
       or exists (select from step where waits_until is not null and run_id = $1)
       or ${GOES_ON} as "isOpen"`,
    [runId],
  );
  return work?.isOpen === true;
}

/** The order makes Postgres take the index: reading the table until it finds an open one gets longer with each that is done. */
async function hasOpenTable(sql: Sql, runId: string): Promise<boolean> {
  const rows = await sql.rows(
    `select true as "isOpen" from run_table where run_id = $1 and phase = 'OPEN' order by run_id, phase, target limit 1`,
    [runId],
  );
  return rows.length > 0;
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
  await sql.rows(`update run_table set state = 'CANCELLED', ended_at = clock_timestamp() where run_id = $1 and state = any($2::text[])`, [
    runId,
    tableStatesBefore('CANCELLED'),
  ]);
}
