import type { StepState } from '@hiveferry/core';
import type { StepLease } from '@hiveferry/ports';
import type { MovedStep } from './step-lists.ts';
import { tableStatesBefore } from './moves.ts';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox-rows.ts';
import { queued } from './ready-queue.sql.ts';
import { NO_COUNTS } from './run.sql.ts';
import { anyId, plainArray, plainTexts } from './sql.ts';
import type { Sql } from './sql.ts';

/**
 * Part of a statement: rows of tables of these steps that wait say that they begin; it gives of each one of its steps. Another report may start the same table: it
 * begins once; and of two reports that start several, none waits for the other in a circle, since all go by number (of a few
 * rows Postgres may read the whole table instead, all in the same order of their places), and a report does so in one statement.
 */
const begun = (steps: string, states: string): string => `
  firsts as materialized (select distinct on (table_id) table_id, id from (${steps}) a where table_id is not null order by table_id),
  begun as (
    update run_table t set state = 'RUNNING', started_at = coalesce(t.started_at, clock_timestamp()), ended_at = null, failure = null
    where t.id = any(array(select table_id from firsts)) and t.state = any(${states}::text[]) returning t.id as table_id)`;

const WRITTEN_STEPS = `select f.id from begun join firsts f using (table_id)`;

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

/**
 * Steps that run, and are not done yet: the rows of their tables are written, since nobody knows how long they run. A mark that another report
 * takes off, or tells of, at this moment is waited for.
 */
const opened = (ids: string): string => `
  opened as (
    update step set beginning = null where id = ${anyId(ids)} and beginning = 'FOLDED' and state <> 'DONE' returning id, table_id),
  running as (
    select id, table_id from opened
    union all select id, table_id from step where id = ${anyId(ids)} and beginning = 'WRITTEN')`;

const DONE_WRITTEN = `select id, table_id from s where state = 'DONE' and beginning = 'WRITTEN'`;

/** Where steps run as well, $7. */
const BEGUN_BESIDE = `${opened('$7')}, ${begun(`${DONE_WRITTEN} union all select * from running`, '$5')}`;

/** Tables of these begin with them, and no row of a table says so (`table-beginnings.sql.ts`). */
const IS_FOLDED = `state = 'DONE' and beginning = 'FOLDED'`;

const ENDED_LISTS = `
  select json_build_array(array_agg(id)::text, array_agg(attempt)::text, array_agg(fence)::text, array_agg(state)::text) from s having count(*) > 0`;

/** Of claims that all end with DONE, which is nearly always: Postgres has less to think about, and a row less to write. */
const DONE_COLUMNS = `state = 'DONE', unended = false, ends = null, ended_at = (select clock_timestamp())`;

const ENDED_COLUMNS = `state = case when ${isLeft} then 'ENDING' else c.state end, unended = t.unended and c.state <> 'DONE',
  ends = case when ${isLeft} then '{"state": "CANCELLED"}'::jsonb end,
  ended_at = case when c.state <> 'READY' and not (${isLeft}) then clock_timestamp() end, available_at = clock_timestamp(),
  announced_at = clock_timestamp()`;

const NOT_DONE_COLUMNS = `, t.run_id, t.cluster, t.kind, t.position, t.lease_owner, c.result, t.started_at`;

/** What is to be done for claims that did not end with DONE: mostly there are none, and Postgres need not think about it. */
const NOT_DONE = `,
  ${queued('s')},
  kept as (
    insert into kept_attempt (step_id, fence, attempt, owner, outcome, result, started_at, ended_at)
    select id, fence, attempt, lease_owner, state, nullif(result, 'null'), started_at, clock_timestamp() from s where state <> 'DONE')`;

const BEGUN_STEPS = `
  select coalesce(array_agg(id)::text, '{}') from (${WRITTEN_STEPS} union all select id from s where ${IS_FOLDED}) b`;

/**
 * What came of it: mostly all ended as they were to ($6 is their number), at the same attempt, and each began a table, or none did. Then there is
 * no need to say it of each. They are counted once, by claim and target.
 */
const ENDED_TEXTS = `
  select attempt, counts::text, case when attempt is null then (${ENDED_LISTS}) end as steps,
    case when attempt is null or begun_count not in (0, count) then (${BEGUN_STEPS}) when begun_count = 0 then '{}' end as begun
  from (
    select sum(count) as count, (select count(*) from begun) + coalesce(sum(folded), 0) as begun_count, jsonb_agg(g) as counts,
      case when sum(count) = $6 and min(first) = max(last) then min(first) end as attempt
    from (
      select claim_id, target, count(*) as count, count(*) filter (where ${IS_FOLDED}) as folded, min(attempt) as first, max(attempt) as last
      from s group by claim_id, target) g) alike`;

export interface EndedClaims {
  /** In any order. */
  readonly steps: readonly EndedClaim[];
  /** Of each table that began with one of them, that one. */
  readonly begun: readonly string[];
  /** As `lockEnteredRun` takes it. */
  readonly counts: string;
}

/**
 * Ends many claims of a run, each only where its fence is still the step's, or where its claim is folded and no other one came between. That
 * one ended with DONE its step's row tells; other attempts are written down. Tables of steps that are DONE, or run, have begun. Whoever calls
 * counts the claims down.
 */
export async function endClaims(
  sql: Sql,
  { ends, running }: { readonly ends: readonly ClaimEnd[]; readonly running: readonly string[] },
): Promise<EndedClaims> {
  if (ends.length === 0) return { steps: [], counts: NO_COUNTS, begun: await startTablesOf(sql, running) };
  const isAllDone = ends.every(({ state }) => state === 'DONE');
  const [ended] = await sql.rows<EndedTexts>(
    `with k as materialized (
       select id, owner, claimed_at from step_claim where id = any((select $2::bigint[])::bigint[]) and is_folded),
     s as (
       update step t set result = coalesce(nullif(c.result, 'null'), t.result), failure = null, lease_until = null,
         ${isAllDone ? DONE_COLUMNS : ENDED_COLUMNS}, ${unfoldedColumns}
       from rows from (unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]), jsonb_array_elements($4::jsonb)) as c (id, fence, state, result)
         left join k on k.id = c.fence
       where t.id = ${anyId('$1')} and t.id = c.id
         and (t.state = 'RUNNING' and t.fence = c.fence or t.state = 'READY' and t.fence < k.id)
       returning t.id, t.attempt, t.fence, t.state, t.claim_id, t.table_id, t.target, t.beginning${isAllDone ? '' : NOT_DONE_COLUMNS}),
     ${running.length === 0 ? begun(DONE_WRITTEN, '$5') : BEGUN_BESIDE}${isAllDone ? '' : NOT_DONE}
     ${ENDED_TEXTS}`,
    [
      plainArray(ends.map(({ lease }) => lease.stepId)),
      plainArray(ends.map(({ lease }) => lease.fence)),
      plainArray(ends.map(({ state }) => state)),
      JSON.stringify(ends.map(({ result = null }) => result)),
      plainArray(tableStatesBefore('RUNNING')),
      isAllDone && running.length === 0 ? ends.length : -1,
      ...(running.length === 0 ? [] : [plainArray(running)]),
    ],
  );
  const steps = ended === undefined ? [] : endedClaims(ends, ended);
  return { steps, begun: begunSteps(steps, ended?.begun ?? null), counts: ended?.counts ?? NO_COUNTS };
}

/** Arrays as one text each: the driver takes a row for each step five times as long. */
interface EndedTexts {
  /** When all ended as they were to, all at this attempt. */
  readonly attempt: number | null;
  readonly steps: readonly [ids: string, attempts: string, fences: string, states: string] | null;
  readonly counts: string | null;
  /** Absent: all of them. */
  readonly begun: string | null;
}

function endedClaims(ends: readonly ClaimEnd[], { attempt: common, steps }: EndedTexts): readonly EndedClaim[] {
  if (common !== null) return ends.map(({ lease: { stepId: id, fence }, state }) => ({ id, fence, state, attempt: common }));
  if (steps === null) return [];
  const [ids, attempts, fences, states] = steps.map(plainTexts);
  return (ids ?? []).map((id, index) => ({
    id,
    attempt: Number(attempts?.[index]),
    fence: fences?.[index] ?? '',
    // As the statement wrote it.
    state: states?.[index] as EndedClaim['state'],
  }));
}

function begunSteps(steps: readonly EndedClaim[], begun: string | null): readonly string[] {
  return begun === null ? steps.map(({ id }) => id) : plainTexts(begun);
}

/** The rows of the tables of these steps, as far as they wait, say RUNNING. @returns of each that moved one of its steps */
async function startTablesOf(sql: Sql, stepIds: readonly string[]): Promise<readonly string[]> {
  if (stepIds.length === 0) return [];
  const [moved] = await sql.rows<{ ids: string }>(
    `with ${opened('$1')}, ${begun('select * from running', '$2')} select coalesce(array_agg(id)::text, '{}') as ids from (${WRITTEN_STEPS}) b`,
    [plainArray(stepIds), plainArray(tableStatesBefore('RUNNING'))],
  );
  return plainTexts(moved?.ids ?? '{}');
}

/** Those that are READY, as messages need them. */
export async function readySteps(sql: Sql, stepIds: readonly string[]): Promise<readonly ReadyStep[]> {
  if (stepIds.length === 0) return [];
  return sql.rows(`select ${readyStepColumns} from step s where s.id = ${anyId('$1')} and s.state = 'READY'`, [plainArray(stepIds)]);
}
