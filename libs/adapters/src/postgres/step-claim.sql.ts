import type { RunState, StepState } from '@hiveferry/core';
import type { ClaimRequest, ClaimedStep, Failure, StepLease } from '@hiveferry/ports';
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

/**
 * READY steps become RUNNING under a new fence; rows another executor is taking are skipped. Later steps of a table go first, so that
 * tables are finished one after another instead of all at the end.
 */
export async function takeReadySteps(sql: Sql, request: ClaimRequest): Promise<readonly ClaimedStep[]> {
  const rows = await sql.rows<Omit<ClaimedStep, 'table'> & { readonly tableName: string }>(
    `with picked as (
       select id from step
       where state = 'READY' and kind = any($3::text[]) and ($2::text[] is null or cluster = any($2::text[]))
         and available_at <= clock_timestamp()
       order by position desc, available_at, id limit $4 for update skip locked),
     taken as (
       update step s set state = 'RUNNING', attempt = s.attempt + 1, fence = s.fence + 1, lease_owner = $1, failure = null,
         lease_until = clock_timestamp() + $5 * interval '1 millisecond', started_at = clock_timestamp(), ended_at = null
       from picked where s.id = picked.id returning s.*),
     logged as (insert into step_attempt (step_id, fence, attempt, owner) select id, fence, attempt, $1 from taken)
     select ${placeColumns}, s.id as "stepId", s.run_id as "runId", s.fence, s.side, s.cluster, s.payload, s.tries, m.spec
     from taken s join run r on r.id = s.run_id join migration m on m.id = r.migration_id order by s.available_at, s.id`,
    [request.owner, request.clusters ?? null, request.kinds, request.limit, request.leaseMs],
  );
  return rows.map(({ tableName, ...step }) => (tableName === '' ? step : { ...step, table: tableName }));
}

/** @returns the run's state, undefined when the fence is not this claim's any more */
export async function extendLease(sql: Sql, lease: StepLease, leaseMs: number): Promise<RunState | undefined> {
  const [row] = await sql.rows<{ state: RunState }>(
    `update step s set lease_until = clock_timestamp() + $3 * interval '1 millisecond' from run r
     where s.id = $1 and s.fence = $2 and s.state = 'RUNNING' and r.id = s.run_id returning r.state`,
    [lease.stepId, lease.fence, leaseMs],
  );
  return row?.state;
}

export interface StepEnd {
  readonly state: StepState;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
  readonly countsAsTry?: boolean;
  /** Only when the lease has ended: what a sweeper may do. */
  readonly onlyExpired?: boolean;
  readonly availableInMs?: number;
}

/** Ends one claim where its fence is still the step's. @returns undefined when it is not */
export async function endClaim(sql: Sql, lease: StepLease, end: StepEnd): Promise<StepPlace | undefined> {
  const [row] = await sql.rows<StepPlace>(
    `update step s set state = $3, result = coalesce($4::jsonb, s.result), failure = $5::jsonb, tries = s.tries + $6,
       lease_owner = null, lease_until = null, ended_at = case when $3 in ('DONE', 'FAILED', 'CANCELLED') then clock_timestamp() end,
       available_at = clock_timestamp() + $7 * interval '1 millisecond', announced_at = clock_timestamp()
     where s.id = $1 and s.fence = $2 and s.state = 'RUNNING' and (not $8 or s.lease_until < clock_timestamp())
     returning ${placeColumns}`,
    [
      lease.stepId,
      lease.fence,
      end.state,
      jsonOrNull(end.result),
      jsonOrNull(end.failure),
      end.countsAsTry === true ? 1 : 0,
      end.availableInMs ?? 0,
      end.onlyExpired === true,
    ],
  );
  return row;
}

export async function closeAttempt(sql: Sql, lease: StepLease, end: StepEnd): Promise<void> {
  await sql.rows(
    `update step_attempt set outcome = $3, result = $4::jsonb, failure = $5::jsonb, ended_at = clock_timestamp() where step_id = $1 and fence = $2`,
    [lease.stepId, lease.fence, end.state, jsonOrNull(end.result), jsonOrNull(end.failure)],
  );
}

export async function expiredClaims(
  sql: Sql,
  limit: number,
): Promise<readonly (StepLease & { readonly tries: number; readonly owner: string })[]> {
  return sql.rows(
    `select id as "stepId", run_id as "runId", fence, tries, lease_owner as owner from step
     where state = 'RUNNING' and lease_until < clock_timestamp() order by lease_until limit $1`,
    [limit],
  );
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
