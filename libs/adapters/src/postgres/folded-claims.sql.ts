import type { RunState } from '@hiveferry/core';
import type { StepLease } from '@hiveferry/ports';
import { plainArray } from './sql.ts';
import type { Sql } from './sql.ts';

/**
 * A claim is folded: one row of `step_claim` says who has its steps, since when and how long, and their own rows say READY still, with a
 * lower fence and without a row in the queue. A report writes such a step once, from READY to DONE. Whatever else wants to know or change
 * a step that may be claimed unfolds it first: its row then says RUNNING as if it had been written with the claim.
 *
 * It stands on three rules. A READY step is in the queue or in one folded claim, never in both: a claim deletes the queue's row in the
 * statement that writes its own. Whatever ends a claim of a step leaves the claim's fence, or a higher one, in the step. And who takes READY
 * steps away deletes their rows of the queue first, waiting for claims that are being written, then unfolds, then changes what is READY.
 */

/** Whether claim `c` has step `s` without its row saying so. */
export const isFolded = `s.state = 'READY' and c.is_folded and c.unreported > 0 and s.fence < c.id`;

/** Which claims, or which of their steps; every condition that is given must hold. */
export interface Folded {
  readonly runId?: string;
  readonly leases?: readonly StepLease[];
  readonly stepId?: string;
  readonly isExpired?: boolean;
}

export interface HeldStep {
  readonly id: string;
  readonly fence: string;
  readonly runState: RunState;
}

/** @param leaseMs from now; absent: the lease of the claim goes on. @returns the steps whose rows say RUNNING now */
export async function unfold(sql: Sql, { runId, leases, stepId, isExpired }: Folded, leaseMs?: number): Promise<readonly HeldStep[]> {
  return sql.rows(
    `with claimed as materialized (
       select c.id as claim_id, c.owner, c.lease_until, c.claimed_at, f.id from step_claim c cross join lateral unnest(c.steps) as f (id)
       where c.is_folded and c.unreported > 0 and ($1::bigint[] is null or c.id = any($1::bigint[])) and ($2::uuid[] is null or f.id = any($2::uuid[]))
         and ($4::uuid is null or f.id = $4) and (not $5 or c.lease_until < clock_timestamp()))
     update step s set state = 'RUNNING', claim_id = c.claim_id, fence = c.claim_id, attempt = s.attempt + 1, lease_owner = c.owner, failure = null,
       lease_until = coalesce(clock_timestamp() + $6 * interval '1 millisecond', c.lease_until), started_at = c.claimed_at, ended_at = null
     from claimed c, run r
     where s.id = any(array(select id from claimed)) and s.id = c.id and s.state = 'READY' and s.fence < c.claim_id and r.id = s.run_id
       and ($3::uuid is null or s.run_id = $3)
     returning s.id, s.fence, r.state as "runState"`,
    [
      leases === undefined ? null : plainArray(leases.map(({ fence }) => fence)),
      leases === undefined ? null : plainArray(leases.map(({ stepId }) => stepId)),
      runId ?? null,
      stepId ?? null,
      isExpired === true,
      leaseMs ?? null,
    ],
  );
}
