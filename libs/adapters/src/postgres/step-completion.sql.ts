import type { StepLease } from '@hiveferry/ports';
import type { Sql } from './sql.ts';
import { placeColumns } from './step-claim.sql.ts';
import type { StepPlace } from './step-claim.sql.ts';

export interface Completion {
  readonly lease: StepLease;
  readonly result: Readonly<Record<string, unknown>>;
}

export type CompletedPlace = StepPlace & Pick<StepLease, 'fence'>;

const given = `jsonb_to_recordset($1::jsonb) as c (id uuid, fence bigint, result jsonb)`;

/** Ends many claims as DONE, each only where its fence is still the step's. @returns those that were ended, in any order */
export async function completeClaims(sql: Sql, completions: readonly Completion[]): Promise<readonly CompletedPlace[]> {
  return sql.rows(
    `update step s set state = 'DONE', result = c.result, failure = null, lease_owner = null, lease_until = null,
       ended_at = clock_timestamp(), available_at = clock_timestamp(), announced_at = clock_timestamp()
     from ${given} where s.id = c.id and s.fence = c.fence and s.state = 'RUNNING' returning ${placeColumns}, s.fence`,
    [rowsOf(completions)],
  );
}

export async function closeCompletedAttempts(sql: Sql, completions: readonly Completion[]): Promise<void> {
  await sql.rows(
    `update step_attempt a set outcome = 'DONE', result = c.result, failure = null, ended_at = clock_timestamp()
     from ${given} where a.step_id = c.id and a.fence = c.fence`,
    [rowsOf(completions)],
  );
}

function rowsOf(completions: readonly Completion[]): string {
  return JSON.stringify(completions.map(({ lease, result }) => ({ id: lease.stepId, fence: lease.fence, result })));
}
