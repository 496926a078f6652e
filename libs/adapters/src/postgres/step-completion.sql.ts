import type { StepState } from '@hiveferry/core';
import type { StepLease } from '@hiveferry/ports';
import type { MovedStep } from './events.sql.ts';
import { tableStatesBefore } from './moves.ts';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox.sql.ts';
import { queued } from './ready-queue.sql.ts';
import { plainArray } from './sql.ts';
import type { Sql } from './sql.ts';
import type { TableKey } from './step-graph.sql.ts';

/** A claim that ends without a failure. */
export interface ClaimEnd {
  readonly lease: StepLease;
  readonly state: Extract<StepState, 'DONE' | 'READY' | 'CANCELLED'>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** ENDING where CANCELLED was meant: what an earlier claim began may go on. */
export type EndedClaim = TableKey & MovedStep & Pick<StepLease, 'fence'> & { readonly state: ClaimEnd['state'] | 'ENDING' };

const isLeft = `c.state = 'CANCELLED' and t.unended`;

/**
 * Ends many claims, each only where its fence is still the step's. That one ended with DONE its step's row tells; other attempts are
 * written down. @returns those that were ended, in any order
 */
export async function endClaims(sql: Sql, ends: readonly ClaimEnd[]): Promise<readonly EndedClaim[]> {
  if (ends.length === 0) return [];
  return sql.rows(
    `with s as (
       update step t set state = case when ${isLeft} then 'ENDING' else c.state end, result = coalesce(c.result, t.result), failure = null,
         lease_until = null, unended = t.unended and c.state <> 'DONE', ends = case when ${isLeft} then '{"state": "CANCELLED"}'::jsonb end,
         ended_at = case when c.state <> 'READY' and not (${isLeft}) then clock_timestamp() end, available_at = clock_timestamp(),
         announced_at = clock_timestamp()
       from unnest($1::uuid[], $2::bigint[], $3::text[], $4::jsonb[]) as c (id, fence, state, result)
       where t.id = any($1::uuid[]) and t.id = c.id and t.fence = c.fence and t.state = 'RUNNING'
       returning t.id, t.run_id, t.cluster, t.target, t.kind, t.position, t.database, t.table_name, t.attempt, t.fence, t.state, t.lease_owner,
         t.claim_id, c.result, t.started_at),
     ${queued('s')},
     counted as (
       update step_claim c set open = c.open - n.count from (select claim_id, count(*) from s group by claim_id) n where c.id = n.claim_id),
     kept as (
       insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, started_at, ended_at)
       select id, fence, attempt, lease_owner, state, result, started_at, clock_timestamp() from s where state <> 'DONE')
     select id, target, database, table_name as "tableName", attempt, fence, state from s`,
    [
      plainArray(ends.map(({ lease }) => lease.stepId)),
      plainArray(ends.map(({ lease }) => lease.fence)),
      plainArray(ends.map(({ state }) => state)),
      ends.map(({ result }) => (result === undefined ? null : JSON.stringify(result))),
    ],
  );
}

/** The tables of these steps, as far as they wait, are RUNNING. @returns of each that moved one of its steps */
export async function startTablesOf(sql: Sql, stepIds: readonly string[]): Promise<readonly { readonly id: string }[]> {
  return sql.rows(
    `update run_table t set state = 'RUNNING', started_at = coalesce(t.started_at, clock_timestamp()), ended_at = null, failure = null
     from step s
     where s.id = any($1::uuid[]) and t.run_id = s.run_id and t.target = s.target and t.database = s.database
       and t.table_name = s.table_name and t.state = any($2::text[])
     returning s.id`,
    [plainArray(stepIds), tableStatesBefore('RUNNING')],
  );
}

/** Those that are READY, as messages need them. */
export async function readySteps(sql: Sql, stepIds: readonly string[]): Promise<readonly ReadyStep[]> {
  if (stepIds.length === 0) return [];
  return sql.rows(`select ${readyStepColumns} from step s where s.id = any($1::uuid[]) and s.state = 'READY'`, [plainArray(stepIds)]);
}
