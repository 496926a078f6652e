import type { RunState, StepKind, StepState } from '@hiveferry/core';
import type { Failure, StepLease } from '@hiveferry/ports';
import { isFolded, unfold } from './folded-claims.sql.ts';
import type { HeldStep } from './folded-claims.sql.ts';
import { queued } from './ready-queue.sql.ts';
import { anyId, plainArray } from './sql.ts';
import type { Sql } from './sql.ts';

/** Which step a fenced statement changed, and where it belongs. */
export interface StepPlace {
  readonly id: string;
  readonly target: string;
  readonly database: string;
  /** Empty for a database's step. */
  readonly tableName: string;
  readonly key: string;
  readonly kind: string;
  readonly attempt: number;
}

export const placeColumns = `s.id, s.target, s.database, s.table_name as "tableName", s.key, s.kind, s.attempt`;

/** @returns of each lease its run's state, undefined where the fence is not this claim's any more; an ending goes on whatever becomes of its run */
export async function extendLeases(sql: Sql, leases: readonly StepLease[], leaseMs: number): Promise<readonly (RunState | undefined)[]> {
  const states = new Map<string, RunState>();
  const note = (rows: readonly HeldStep[]): void => rows.forEach(({ id, fence, runState }) => states.set(`${id}/${fence}`, runState));
  const missing = (): readonly StepLease[] => leases.filter(({ stepId, fence }) => !states.has(`${stepId}/${fence}`));
  note(await extendUnfolded(sql, leases, leaseMs));
  if (missing().length > 0) note(await unfold(sql, { leases: missing() }, leaseMs));
  // Somebody else, who looks at copies or renews at the same moment, may have unfolded them in between.
  if (missing().length > 0) note(await extendUnfolded(sql, missing(), leaseMs));
  return leases.map(({ stepId, fence }) => states.get(`${stepId}/${fence}`));
}

async function extendUnfolded(sql: Sql, leases: readonly StepLease[], leaseMs: number): Promise<readonly HeldStep[]> {
  return sql.rows(
    `update step s set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     from unnest($1::uuid[], $2::bigint[]) as c (id, fence), run r
     where s.id = ${anyId('$1')} and s.id = c.id and s.fence = c.fence and s.state in ('RUNNING', 'ENDING') and r.id = s.run_id
     returning s.id, s.fence, case s.state when 'ENDING' then 'EXECUTING' else r.state end as "runState"`,
    [plainArray(leases.map(({ stepId }) => stepId)), plainArray(leases.map(({ fence }) => fence)), leaseMs],
  );
}

export interface StepEnd {
  readonly state: StepState;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
  readonly countsAsTry?: boolean;
  /** Only when the lease has ended: what a sweeper may do. */
  readonly onlyExpired?: boolean;
  readonly availableInMs?: number;
  /** What the claim began may go on outside. */
  readonly isUnended?: boolean;
}

/** A step that is given up, though what it began may go on: ENDING comes first. */
const isLeft = `($3 in ('FAILED', 'CANCELLED') and (s.unended or $9))`;

/** Ends one claim where its fence is still the step's. @returns undefined when it is not */
export async function endClaim(sql: Sql, lease: StepLease, end: StepEnd): Promise<(StepPlace & { readonly state: StepState }) | undefined> {
  await unfold(sql, { leases: [lease] });
  const [row] = await sql.rows<StepPlace & { readonly state: StepState }>(
    `with s as (
     update step s set state = case when ${isLeft} then 'ENDING' else $3 end, result = coalesce($4::jsonb, s.result), failure = $5::jsonb,
       tries = s.tries + $6, unended = s.unended or $9,
       ends = case when ${isLeft} then jsonb_build_object('state', $3::text, 'failure', $5::jsonb) end,
       lease_until = null, ended_at = case when $3 in ('FAILED', 'CANCELLED') and not ${isLeft} then clock_timestamp() end,
       available_at = clock_timestamp() + $7 * interval '1 millisecond', announced_at = clock_timestamp()
     where s.id = $1 and s.fence = $2 and s.state = 'RUNNING' and (not $8 or s.lease_until < clock_timestamp()) returning s.*),
     ${queued('s')}
     select ${placeColumns}, s.state from s`,
    [
      lease.stepId,
      lease.fence,
      end.state,
      jsonOrNull(end.result),
      jsonOrNull(end.failure),
      end.countsAsTry === true ? 1 : 0,
      end.availableInMs ?? 0,
      end.onlyExpired === true,
      end.isUnended === true,
    ],
  );
  return row;
}

/** What a claim came to; until it ends, the step's own row tells who has it. */
export async function closeAttempt(sql: Sql, lease: StepLease, end: StepEnd): Promise<void> {
  await sql.rows(
    `insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, failure, started_at, ended_at)
     select id, fence, attempt, lease_owner, $3, $4::jsonb, $5::jsonb, started_at, clock_timestamp() from step where id = $1 and fence = $2`,
    [lease.stepId, lease.fence, end.state, jsonOrNull(end.result), jsonOrNull(end.failure)],
  );
}

/** What began may go on outside, though its claim ends otherwise. */
export async function markUnended(sql: Sql, lease: StepLease): Promise<void> {
  await unfold(sql, { leases: [lease] });
  await sql.rows(`update step set unended = true where id = $1 and fence = $2 and state = 'RUNNING'`, [lease.stepId, lease.fence]);
}

/** A claim that expired had been given up by an executor that could not say so: it was no try. @returns false when it did not end so */
export async function excuseExpiry(sql: Sql, lease: StepLease): Promise<boolean> {
  const rows = await sql.rows(
    `with excused as (
       update kept_attempt set failure = null where step_id = $1 and fence = $2 and outcome = 'READY' and failure ->> 'code' = 'LEASE_EXPIRED'
       returning step_id)
     update step s set tries = greatest(0, s.tries - 1) from excused where s.id = excused.step_id returning s.id`,
    [lease.stepId, lease.fence],
  );
  return rows.length > 0;
}

export interface ExpiredClaim extends StepLease {
  readonly kind: StepKind;
  readonly tries: number;
  readonly owner: string;
}

export async function expiredClaims(sql: Sql, limit: number): Promise<readonly ExpiredClaim[]> {
  await unfold(sql, { isExpired: true });
  return sql.rows(
    `select id as "stepId", run_id as "runId", fence, kind, tries, lease_owner as owner from step
     where id = any(array(select distinct unnest(steps) from step_claim)) and state = 'RUNNING' and lease_until < clock_timestamp()
     order by lease_until limit $1`,
    [limit],
  );
}

/** Claims of which no step runs any more: nobody is going to look for them. Reports count down; what ends otherwise is looked for. */
export async function deleteEndedClaims(sql: Sql): Promise<void> {
  await sql.rows(
    `delete from step_claim c where c.unreported <= 0
       or not exists (select from step s where s.id = any(c.steps) and (s.claim_id = c.id and s.state = 'RUNNING' or ${isFolded}))`,
  );
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
