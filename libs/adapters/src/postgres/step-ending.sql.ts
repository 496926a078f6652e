import { specOnTarget } from '@hiveferry/contracts';
import type { StepState } from '@hiveferry/core';
import type { ClaimedStep, EndingRequest, Failure, StepLease } from '@hiveferry/ports';
import type { Sql } from './sql.ts';
import { placeColumns } from './step-claim.sql.ts';
import type { StepPlace } from './step-claim.sql.ts';

/** An executor that died while it ended something is no hindrance: whoever comes next may. */
const isFree = `s.state = 'ENDING' and s.ends is not null and s.available_at <= clock_timestamp() and (s.lease_until is null or s.lease_until < clock_timestamp())`;

/** ENDING steps get a new fence, as from a claim, though they are in none; they stay ENDING. */
export async function takeEndings(sql: Sql, request: EndingRequest): Promise<readonly ClaimedStep[]> {
  const rows = await sql.rows<Omit<ClaimedStep, 'table'> & { readonly tableName: string }>(
    `with free as (
       select s.id, row_number() over (partition by s.cluster order by s.available_at, s.id) as number from step s
       where ${isFree} and ($2::text[] is null or s.cluster = any($2::text[]))),
     taken as (
       update step s set fence = nextval('step_claim_id_seq'), lease_owner = $1, lease_until = clock_timestamp() + $5 * interval '1 millisecond'
       from free where free.id = s.id and free.number <= $4 - coalesce(($3::jsonb ->> s.cluster)::integer, 0) and ${isFree} returning s.*)
     select ${placeColumns}, s.id as "stepId", s.run_id as "runId", s.fence, s.side, s.cluster, s.payload, s.tries, m.spec
     from taken s join run r on r.id = s.run_id join migration m on m.id = r.migration_id order by s.available_at, s.id`,
    [request.owner, request.clusters ?? null, JSON.stringify(request.taken), request.limit, request.leaseMs],
  );
  return rows.map(({ tableName, ...row }) => ({
    ...row,
    spec: specOnTarget(row.spec, row.target),
    ...(tableName !== '' && { table: tableName }),
  }));
}

export type EndedStep = StepPlace & { readonly state: StepState; readonly failure: Failure | null };

/** What the step began has ended: now it is what it was to be. @returns undefined when another has the step */
export async function finishEnding(sql: Sql, lease: StepLease): Promise<EndedStep | undefined> {
  const [row] = await sql.rows<EndedStep>(
    `update step s set state = s.ends ->> 'state', failure = nullif(s.ends -> 'failure', 'null'::jsonb), ends = null, unended = false,
       lease_until = null, ended_at = clock_timestamp()
     where s.id = $1 and s.fence = $2 and s.state = 'ENDING' returning ${placeColumns}, s.state, s.failure`,
    [lease.stepId, lease.fence],
  );
  return row;
}

/** @param failure what hinders it, shown until it ends */
export async function postponeEnding(
  sql: Sql,
  lease: StepLease,
  { failure, againAfterMs }: { readonly failure?: Failure | undefined; readonly againAfterMs: number },
): Promise<StepPlace | undefined> {
  const [row] = await sql.rows<StepPlace>(
    `update step s set failure = coalesce($3::jsonb, s.failure), lease_until = null,
       available_at = clock_timestamp() + $4 * interval '1 millisecond'
     where s.id = $1 and s.fence = $2 and s.state = 'ENDING' returning ${placeColumns}`,
    [lease.stepId, lease.fence, failure === undefined ? null : JSON.stringify(failure), againAfterMs],
  );
  return row;
}
