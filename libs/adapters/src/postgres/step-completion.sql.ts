import type { StepState } from '@hiveferry/core';
import type { StepLease } from '@hiveferry/ports';
import type { MovedStep } from './step-lists.ts';
import { tableStatesBefore } from './moves.ts';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox-rows.ts';
import { queued } from './ready-queue.sql.ts';
import { anyId, plainArray, plainTexts } from './sql.ts';
import type { Sql } from './sql.ts';

/**
 * Part of a statement: tables of these steps that wait begin; it gives of each one of its steps. Each table is looked for by its whole key: for
 * a join Postgres read all tables, and for a range of them it may take another index. Another report may start the same table: it begins once;
 * and of two reports that start several, none waits for the other in a circle, since all go by name and a report does so in one statement
 * (of a few rows Postgres may read the whole table instead, all in the same order of their places).
 */
const begun = (steps: string, { runId, states }: { readonly runId: string; readonly states: string }): string => `
  places as materialized (
    select s.id, t.place from (select * from (${steps}) a order by target, database, table_name) s cross join lateral (
      select t.ctid as place from run_table t
      where (t.run_id, t.target, t.database, t.table_name) = (${runId}::uuid, s.target, s.database, s.table_name) and t.state = any(${states}::text[])
      offset 0) t),
  begun as (
    update run_table t set state = 'RUNNING', started_at = coalesce(t.started_at, clock_timestamp()), ended_at = null, failure = null
    from places p where t.ctid = p.place and t.state = any(${states}::text[]) returning p.id)`;

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

const BEGINNING = `
  select id, target, database, table_name from s where state = 'DONE'
  union all select id, target, database, table_name from step where id = ${anyId('$7')}`;

const NOT_DONE_COLUMNS = `, t.run_id, t.cluster, t.kind, t.position, t.lease_owner, c.result, t.started_at`;

/** What is to be done for claims that did not end with DONE: mostly there are none, and Postgres need not think about it. */
const NOT_DONE = `,
  ${queued('s')},
  kept as (
    insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, started_at, ended_at)
    select id, fence, attempt, lease_owner, state, nullif(result, 'null'), started_at, clock_timestamp() from s where state <> 'DONE')`;

export interface EndedClaims {
  /** In any order. */
  readonly steps: readonly EndedClaim[];
  /** Of each table that began with one of them, that one. */
  readonly begun: readonly string[];
  /** How many of them each row of `step_claim` had, as `lockEnteredRun` takes it. */
  readonly claims: string;
}

/**
 * Ends many claims of a run, each only where its fence is still the step's, or where its claim is folded and no other one came between. That
 * one ended with DONE its step's row tells; other attempts are written down. Tables of steps that are DONE, or run, have begun. Whoever calls
 * counts the claims down.
 */
export async function endClaims(
  sql: Sql,
  runId: string,
  { ends, running }: { readonly ends: readonly ClaimEnd[]; readonly running: readonly string[] },
): Promise<EndedClaims> {
  if (ends.length === 0) return { ...NONE_ENDED, begun: await startTablesOf(sql, runId, running) };
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
       returning t.id, t.attempt, t.fence, t.state, t.claim_id, t.target, t.database, t.table_name${isAllDone ? '' : NOT_DONE_COLUMNS}),
     ${begun(BEGINNING, { runId: '$5', states: '$6' })}${isAllDone ? '' : NOT_DONE}
     select coalesce(array_agg(id)::text, '{}') as ids, coalesce(array_agg(attempt)::text, '{}') as attempts,
       coalesce(array_agg(fence)::text, '{}') as fences, coalesce(array_agg(state)::text, '{}') as states,
       (select jsonb_object_agg(claim_id, count)::text from (select claim_id, count(*) from s where claim_id is not null group by claim_id) c) as claims,
       coalesce((select array_agg(id)::text from begun), '{}') as begun
     from s`,
    [
      plainArray(ends.map(({ lease }) => lease.stepId)),
      plainArray(ends.map(({ lease }) => lease.fence)),
      plainArray(ends.map(({ state }) => state)),
      JSON.stringify(ends.map(({ result = null }) => result)),
      runId,
      plainArray(tableStatesBefore('RUNNING')),
      plainArray(running),
    ],
  );
  if (ended === undefined) return NONE_ENDED;
  return { steps: endedClaims(ended), begun: plainTexts(ended.begun), claims: ended.claims ?? NO_CLAIMS };
}

const NO_CLAIMS = '{}';
const NONE_ENDED: EndedClaims = { steps: [], begun: [], claims: NO_CLAIMS };

/** As many rows as columns: the driver takes a row for each step five times as long. */
interface EndedTexts {
  readonly ids: string;
  readonly attempts: string;
  readonly fences: string;
  readonly states: string;
  readonly claims: string | null;
  readonly begun: string;
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

/** The tables of these steps, as far as they wait, are RUNNING. @returns of each that moved one of its steps */
async function startTablesOf(sql: Sql, runId: string, stepIds: readonly string[]): Promise<readonly string[]> {
  if (stepIds.length === 0) return [];
  const steps = `select id, target, database, table_name from step where id = ${anyId('$2')}`;
  const [moved] = await sql.rows<{ ids: string }>(
    `with ${begun(steps, { runId: '$1', states: '$3' })}
     select array_agg(id)::text as ids from begun having count(*) > 0`,
    [runId, plainArray(stepIds), plainArray(tableStatesBefore('RUNNING'))],
  );
  return moved === undefined ? [] : plainTexts(moved.ids);
}

/** Those that are READY, as messages need them. */
export async function readySteps(sql: Sql, stepIds: readonly string[]): Promise<readonly ReadyStep[]> {
  if (stepIds.length === 0) return [];
  return sql.rows(`select ${readyStepColumns} from step s where s.id = ${anyId('$1')} and s.state = 'READY'`, [plainArray(stepIds)]);
}
