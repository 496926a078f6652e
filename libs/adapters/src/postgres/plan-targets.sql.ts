import type { Failure, TargetToPlan } from '@hiveferry/ports';
import type { Sql } from './sql.ts';

/** Targets of a run that are to be planned now, in order. */
export async function targetsToPlan(sql: Sql, runId: string): Promise<readonly TargetToPlan[]> {
  return sql.rows(
    `select target as name, plan_tries as tries from run_target
     where run_id = $1 and plan_hash is null and plan_at <= clock_timestamp() order by position`,
    [runId],
  );
}

/** All of a run's targets are to be planned, whatever an earlier attempt found; why it failed is shown until they are. */
export async function restartTargets(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`update run_target set plan_at = clock_timestamp(), plan_hash = null where run_id = $1`, [runId]);
}

/** Targets that could not be planned are to be planned. @returns how many */
export async function replanTargets(sql: Sql, runId: string): Promise<number> {
  const rows = await sql.rows(
    `update run_target set plan_at = clock_timestamp(), plan_tries = 0
     where run_id = $1 and plan_hash is null and failure is not null returning target`,
    [runId],
  );
  return rows.length;
}

export async function putPlanHash(
  sql: Sql,
  runId: string,
  { target, hash }: { readonly target: string; readonly hash: string },
): Promise<void> {
  await sql.rows(`update run_target set plan_hash = $3, plan_at = null, plan_tries = 0, failure = null where run_id = $1 and target = $2`, [
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
    `update run_target set failure = $3::jsonb, plan_tries = plan_tries + 1,
       plan_at = clock_timestamp() + $4::double precision * interval '1 millisecond'
     where run_id = $1 and target = $2`,
    [runId, failed.target, JSON.stringify(failed.failure), failed.retryAfterMs ?? null],
  );
}

/** Plans of a target whose planning did not come to its end. */
export async function deletePlansOf(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(
    `with tables as (delete from run_table where run_id = $1 and target = $2)
     delete from run_database where run_id = $1 and target = $2`,
    [runId, target],
  );
}

export async function approveTargets(sql: Sql, runId: string, targets: readonly string[]): Promise<void> {
  await sql.rows(
    `update run_target set approved_at = clock_timestamp() where run_id = $1 and target = any($2::text[]) and approved_at is null`,
    [runId, targets],
  );
}
