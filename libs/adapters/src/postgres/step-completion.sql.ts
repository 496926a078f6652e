import type { StepState } from '@hiveferry/core';
import type { StepLease } from '@hiveferry/ports';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox.sql.ts';
import type { Sql } from './sql.ts';
import { placeColumns } from './step-claim.sql.ts';
import type { StepPlace } from './step-claim.sql.ts';

/** A claim that ends without a failure. */
export interface ClaimEnd {
  readonly lease: StepLease;
  readonly state: Extract<StepState, 'DONE' | 'READY' | 'CANCELLED'>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** ENDING where CANCELLED was meant: what an earlier claim began may go on. */
export type EndedClaim = StepPlace & ReadyStep & Pick<StepLease, 'fence'> & { readonly state: ClaimEnd['state'] | 'ENDING' };

const isLeft = `c.state = 'CANCELLED' and t.unended`;

/** Ends many claims, each only where its fence is still the step's, and writes down their attempts. @returns those that were ended, in any order */
export async function endClaims(sql: Sql, ends: readonly ClaimEnd[]): Promise<readonly EndedClaim[]> {
  if (ends.length === 0) return [];
  const rows = ends.map(({ lease, state, result }) => ({ id: lease.stepId, fence: lease.fence, state, result }));
  return sql.rows(
    `with s as (
       update step t set state = case when ${isLeft} then 'ENDING' else c.state end, result = coalesce(c.result, t.result), failure = null,
         lease_until = null, unended = t.unended and c.state <> 'DONE', ends = case when ${isLeft} then '{"state": "CANCELLED"}'::jsonb end,
         ended_at = case when c.state <> 'READY' and not (${isLeft}) then clock_timestamp() end, available_at = clock_timestamp(), announced_at = clock_timestamp()
       from jsonb_to_recordset($1::jsonb) as c (id uuid, fence bigint, state text, result jsonb)
       where t.id = c.id and t.fence = c.fence and t.state = 'RUNNING'
       returning t.id, t.run_id, t.target, t.database, t.table_name, t.key, t.kind, t.cluster, t.attempt, t.fence, t.state, t.lease_owner,
         c.result, t.started_at),
     logged as (
       insert into step_attempt (step_id, fence, attempt, owner, outcome, result, started_at, ended_at)
       select id, fence, attempt, lease_owner, state, result, started_at, clock_timestamp() from s)
     select ${placeColumns}, ${readyStepColumns}, s.fence, s.state from s`,
    [JSON.stringify(rows)],
  );
}
