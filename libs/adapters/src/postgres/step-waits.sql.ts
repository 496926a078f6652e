import type { StepLease } from '@hiveferry/ports';
import type { Sql } from './sql.ts';
import { closeAttempt } from './step-claim.sql.ts';
import type { StepEnd } from './step-claim.sql.ts';

/** Nothing failed: it is looked for again, however often. */
const isWait = ({ state, countsAsTry }: StepEnd): boolean => state === 'WAITING' && countsAsTry !== true;

/** Writes down what a claim came to. Looks of a step that goes on waiting for the same are one attempt, from the first to the last of them. */
export async function closeAttemptOrWait(sql: Sql, lease: StepLease, end: StepEnd): Promise<void> {
  if (isWait(end) && (await prolongWait(sql, lease, end))) return;
  await closeAttempt(sql, lease, end);
}

/** @returns false when the attempt before was no wait for the same */
async function prolongWait(sql: Sql, lease: StepLease, { failure }: StepEnd): Promise<boolean> {
  const rows = await sql.rows(
    `update kept_attempt k set fence = s.fence, attempt = s.attempt, owner = s.lease_owner, failure = $3::jsonb, ended_at = clock_timestamp()
     from step s where s.id = $1 and s.fence = $2 and k.step_id = s.id and k.outcome = 'WAITING' and k.failure ->> 'code' = $3::jsonb ->> 'code'
       and k.fence = (select max(fence) from kept_attempt where step_id = $1)
     returning k.step_id`,
    [lease.stepId, lease.fence, JSON.stringify(failure)],
  );
  return rows.length > 0;
}
