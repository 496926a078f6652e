import type { RunState } from '@hiveferry/core';
import type { Failure, MigrationSpec, PlannerWork, RunLease, TargetToPlan } from '@hiveferry/ports';
import { throughGate } from './run-gate.sql.ts';
import type { Sql } from './sql.ts';
import { isSuspectOf } from './suspects.sql.ts';
import type { PlannerRequest } from './suspects.sql.ts';

export interface TakenTarget {
  readonly runId: string;
  readonly target: string;
  readonly fence: string;
  readonly work: Exclude<PlannerWork, 'plan'>;
  /** Tries that failed. */
  readonly tries: number;
  readonly takes: number;
  readonly spec: MigrationSpec;
}

/** What a planner does with a target that is due. */
const workOf = (target: string): string => `case when ${target}.plan_hash is null then 'plan-target' else 'dispatch' end`;

/** A target that is due, or whose planner's lease has ended. Approved ones go first: one that cannot be planned keeps nobody waiting. */
export async function takeTarget(
  sql: Sql,
  { owner, leaseMs, work, isSuspect }: PlannerRequest & { readonly work?: PlannerWork | undefined },
): Promise<TakenTarget | undefined> {
  const [taken] = await sql.rows<TakenTarget>(
    `with picked as (
       select t.run_id, t.target, m.spec from run_target t join run r on r.id = t.run_id join migration m on m.id = r.migration_id
       where t.due_at <= clock_timestamp() and (t.lease_until is null or t.lease_until < clock_timestamp())
         and r.state in ('PLANNED', 'EXECUTING') and ($3::text is null or $3 = ${workOf('t')})
         and ($4::boolean is null or $4 = ${isSuspectOf('t')})
       order by t.plan_hash is null, t.due_at, t.run_id, t.position limit 1 for no key update of t)
     update run_target t set fence = t.fence + 1, takes = t.takes + 1, lease_owner = $1,
       is_suspect = ${isSuspectOf('t')}, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
     from picked p where (t.run_id, t.target) = (p.run_id, p.target)
     returning t.run_id as "runId", t.target, t.fence, ${workOf('t')} as work, t.tries, t.takes, p.spec`,
    [owner, leaseMs, work ?? null, isSuspect ?? null],
  );
  return taken;
}

/** @returns the run's state, undefined when another planner took over */
export async function extendTargetLease(sql: Sql, lease: RunLease, leaseMs: number): Promise<RunState | undefined> {
  const [row] = await sql.rows<{ state: RunState }>(
    `update run_target t set lease_until = clock_timestamp() + $4 * interval '1 millisecond' from run r
     where t.run_id = $1 and t.target = $2 and t.fence = $3 and t.lease_owner is not null and r.id = t.run_id returning r.state`,
    [lease.runId, lease.target, lease.fence, leaseMs],
  );
  return row?.state;
}

/** Locks the target as its planner; its run first, as commands do. @returns false when another planner took over */
export async function holdsTarget(sql: Sql, lease: RunLease): Promise<boolean> {
  await sql.rows(`select id from run where id = $1 and ${throughGate} for no key update`, [lease.runId]);
  const rows = await sql.rows(
    `select target from run_target where run_id = $1 and target = $2 and fence = $3 and lease_owner is not null for no key update`,
    [lease.runId, lease.target, lease.fence],
  );
  return rows.length > 0;
}

/** Its planner has reported: whatever comes now, it did not die. */
export async function freeTarget(sql: Sql, lease: RunLease): Promise<void> {
  await sql.rows(
    `update run_target set lease_owner = null, lease_until = null, takes = 0 where run_id = $1 and target = $2 and fence = $3`,
    [lease.runId, lease.target, lease.fence],
  );
}

/** Targets of a run that are to be planned now, in order. */
export async function targetsToPlan(sql: Sql, runId: string): Promise<readonly TargetToPlan[]> {
  return sql.rows(
    `select target as name, tries from run_target
     where run_id = $1 and plan_hash is null and due_at <= clock_timestamp() order by position`,
    [runId],
  );
}

/** All of a run's targets are to be planned, whatever an earlier attempt found; why it failed is shown until they are. */
export async function restartTargets(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`update run_target set due_at = clock_timestamp(), plan_hash = null where run_id = $1`, [runId]);
}

/** Targets that could not be planned, or got no steps, are due again; of others the tables go on. @returns how many are due */
export async function resumeTargets(sql: Sql, runId: string): Promise<number> {
  await sql.rows(`update run_target set failure = null where run_id = $1 and dispatched_at is not null and failure is not null`, [runId]);
  const rows = await sql.rows(
    `update run_target set due_at = clock_timestamp(), tries = 0
     where run_id = $1 and dispatched_at is null and failure is not null returning target`,
    [runId],
  );
  return rows.length;
}

export async function putPlanHash(
  sql: Sql,
  runId: string,
  { target, hash }: { readonly target: string; readonly hash: string },
): Promise<void> {
  await sql.rows(`update run_target set plan_hash = $3, due_at = null, tries = 0, failure = null where run_id = $1 and target = $2`, [
    runId,
    target,
    hash,
  ]);
}

/** @param failed `retryAfterMs` absent: not before somebody asks */
export async function putTargetFailure(
  sql: Sql,
  runId: string,
  failed: { readonly target: string; readonly failure: Failure; readonly retryAfterMs?: number },
): Promise<void> {
  await sql.rows(
    `update run_target set failure = $3::jsonb, tries = tries + 1,
       due_at = clock_timestamp() + $4::double precision * interval '1 millisecond'
     where run_id = $1 and target = $2`,
    [runId, failed.target, JSON.stringify(failed.failure), failed.retryAfterMs ?? null],
  );
}

/** Plans of a target whose planning did not come to its end; one that has its hash keeps them. */
export async function deletePlansOf(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(
    `with unplanned as materialized (select from run_target where run_id = $1 and target = $2 and plan_hash is null),
     tables as (delete from run_table where run_id = $1 and target = $2 and exists (select from unplanned))
     delete from run_database where run_id = $1 and target = $2 and exists (select from unplanned)`,
    [runId, target],
  );
}

export async function approveTargets(sql: Sql, runId: string, targets: readonly string[]): Promise<void> {
  await sql.rows(
    `update run_target set approved_at = clock_timestamp(), due_at = clock_timestamp()
     where run_id = $1 and target = any($2::text[]) and approved_at is null`,
    [runId, targets],
  );
}
