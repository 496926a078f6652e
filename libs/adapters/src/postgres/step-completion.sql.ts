import type { StepState } from '@hiveferry/core';
import type { StepLease } from '@hiveferry/ports';
import type { MovedStep } from './events.sql.ts';
import { tableStatesBefore } from './moves.ts';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox.sql.ts';
import { queued } from './ready-queue.sql.ts';
import { anyId, plainArray, plainTexts } from './sql.ts';
import type { Sql } from './sql.ts';

/** A claim that ends without a failure. */
export interface ClaimEnd {
  readonly lease: StepLease;
  readonly state: Extract<StepState, 'DONE' | 'READY' | 'CANCELLED'>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** ENDING where CANCELLED was meant: what an earlier claim began may go on. */
export type EndedClaim = MovedStep & Pick<StepLease, 'fence'> & { readonly state: ClaimEnd['state'] | 'ENDING' };

const isLeft = `c.state = 'CANCELLED' and t.unended`;

/** Of a step whose claim is folded: what its row gets that was not written with the claim. */
const unfoldedColumns = `fence = c.fence,
  claim_id = case t.state when 'READY' then k.id else t.claim_id end, attempt = case t.state when 'READY' then t.attempt + 1 else t.attempt end,
  lease_owner = case t.state when 'READY' then k.owner else t.lease_owner end,
  started_at = case t.state when 'READY' then k.claimed_at else t.started_at end`;

const NOT_DONE_COLUMNS = `, t.run_id, t.cluster, t.target, t.kind, t.position, t.lease_owner, c.result, t.started_at`;

/** What is to be done for claims that did not end with DONE: mostly there are none, and Postgres need not think about it. */
const NOT_DONE = `
  ${queued('s')},
  kept as (
    insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, started_at, ended_at)
    select id, fence, attempt, lease_owner, state, nullif(result, 'null'), started_at, clock_timestamp() from s where state <> 'DONE'),`;

/**
 * Ends many claims, each only where its fence is still the step's, or where its claim is folded and no other one came between. That one
 * ended with DONE its step's row tells; other attempts are written down. @returns those that were ended, in any order
 */
export async function endClaims(sql: Sql, ends: readonly ClaimEnd[]): Promise<readonly EndedClaim[]> {
  if (ends.length === 0) return [];
  const isAllDone = ends.every(({ state }) => state === 'DONE');
  const [ended] = await sql.rows<EndedTexts>(
    `with s as (
       update step t set state = case when ${isLeft} then 'ENDING' else c.state end, result = coalesce(nullif(c.result, 'null'), t.result),
         failure = null, lease_until = null, unended = t.unended and c.state <> 'DONE',
         ends = case when ${isLeft} then '{"state": "CANCELLED"}'::jsonb end,
         ended_at = case when c.state <> 'READY' and not (${isLeft}) then clock_timestamp() end, available_at = clock_timestamp(),
         announced_at = clock_timestamp(), ${unfoldedColumns}
       from rows from (unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]), jsonb_array_elements($4::jsonb)) as c (id, fence, state, result)
         left join step_claim k on k.id = c.fence and k.is_folded
       where t.id = ${anyId('$1')} and t.id = c.id
         and (t.state = 'RUNNING' and t.fence = c.fence or t.state = 'READY' and t.fence < k.id)
       returning t.id, t.attempt, t.fence, t.state, t.claim_id${isAllDone ? '' : NOT_DONE_COLUMNS}),
     ${isAllDone ? '' : NOT_DONE}
     counted as (
       update step_claim c set unreported = c.unreported - n.count from (select claim_id, count(*) from s group by claim_id) n where c.id = n.claim_id)
     select array_agg(id)::text as ids, array_agg(attempt)::text as attempts, array_agg(fence)::text as fences, array_agg(state)::text as states
     from s having count(*) > 0`,
    [
      plainArray(ends.map(({ lease }) => lease.stepId)),
      plainArray(ends.map(({ lease }) => lease.fence)),
      plainArray(ends.map(({ state }) => state)),
      JSON.stringify(ends.map(({ result = null }) => result)),
    ],
  );
  return ended === undefined ? [] : endedClaims(ended);
}

/** As many rows as columns: the driver takes a row for each step five times as long. */
interface EndedTexts {
  readonly ids: string;
  readonly attempts: string;
  readonly fences: string;
  readonly states: string;
}

function endedClaims({ ids, attempts, fences, states }: EndedTexts): readonly EndedClaim[] {
  const [attempt, fence, state] = [plainTexts(attempts), plainTexts(fences), plainTexts(states)];
  return plainTexts(ids).map((id, index) => ({
    id,
    attempt: Number(attempt[index]),
    fence: fence[index] ?? '',
    // As the statement wrote it.
    state: state[index] as EndedClaim['state'],
  }));
}

/**
 * The tables of these steps, as far as they wait, are RUNNING. Each is looked for by its whole key: for a join Postgres read all tables, and for
 * a range of them it may take another index. The run's lock is held, so that a row is where it was found. @returns of each that moved one of its steps
 */
export async function startTablesOf(sql: Sql, runId: string, stepIds: readonly string[]): Promise<readonly string[]> {
  if (stepIds.length === 0) return [];
  const [moved] = await sql.rows<{ ids: string }>(
    `with places as materialized (
       select distinct on (t.place) s.id, t.place from step s cross join lateral (
         select t.ctid as place from run_table t
         where (t.run_id, t.target, t.database, t.table_name) = ($1, s.target, s.database, s.table_name) and t.state = any($3::text[])
         offset 0) t
       where s.id = ${anyId('$2')}),
     moved as (
       update run_table t set state = 'RUNNING', started_at = coalesce(t.started_at, clock_timestamp()), ended_at = null, failure = null
       where t.ctid = any(array(select place from places)))
     select array_agg(id)::text as ids from places having count(*) > 0`,
    [runId, plainArray(stepIds), tableStatesBefore('RUNNING')],
  );
  return moved === undefined ? [] : plainTexts(moved.ids);
}

/** Those that are READY, as messages need them. */
export async function readySteps(sql: Sql, stepIds: readonly string[]): Promise<readonly ReadyStep[]> {
  if (stepIds.length === 0) return [];
  return sql.rows(`select ${readyStepColumns} from step s where s.id = ${anyId('$1')} and s.state = 'READY'`, [plainArray(stepIds)]);
}
