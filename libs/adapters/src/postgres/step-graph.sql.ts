import type { Failure } from '@hiveferry/ports';
import { unfold } from './folded-claims.sql.ts';
import { stepStatesBefore, tableStatesBefore } from './moves.ts';
import { readyStepColumns } from './outbox.sql.ts';
import type { ReadyStep } from './outbox-rows.ts';
import { queued } from './ready-queue.sql.ts';
import { plainArray } from './sql.ts';
import type { Sql } from './sql.ts';
import { STATE_NOW, beforeOf, unfoldTables } from './table-beginnings.sql.ts';
import { inPage, pageValues } from './table-pages.ts';
import type { TablePage } from './table-pages.ts';

const STEPS_A_PAGE = 5_000;

/** What a run's lock holder may do with steps that wait for others. The graph is read each time, there is no counter to go wrong. */
const nothingLeft = `not exists (
  select from step_dependency d join step n on n.id = d.needs_step_id where d.step_id = s.id and n.state <> 'DONE')`;

/** Whether anything needs one of these steps. Asked first: to make it ready takes Postgres a millisecond to think about. */
export const isNeeded = (ids: string): string => `exists (select from step_dependency where needs_step_id = any((${ids})::uuid[]))`;

/** A database's step has all its tables behind it: they come in pages, each begins where the last one ended, so that time and memory are bounded. */
export async function* readyDependants(sql: Sql, stepIds: readonly string[]): AsyncIterable<readonly ReadyStep[]> {
  let after: DependencyKey | undefined;
  for (let isMore = true; isMore;) {
    const page = await readyPage(sql, stepIds, after);
    yield page.ready;
    isMore = page.count === STEPS_A_PAGE;
    after = page.last;
  }
}

interface DependencyKey {
  readonly needs: string;
  readonly step: string;
}

interface ReadyPage {
  readonly ready: readonly ReadyStep[];
  /** Dependencies that were looked at. */
  readonly count: number;
  readonly last: DependencyKey | undefined;
}

/** The page's end comes with each row, and alone when nothing became ready. */
type PageRow = Omit<ReadyStep, 'id'> & { readonly id: string | null; readonly count: number; readonly last: DependencyKey | null };

async function readyPage(sql: Sql, stepIds: readonly string[], after: DependencyKey | undefined): Promise<ReadyPage> {
  const rows = await sql.rows<PageRow>(
    `with page as materialized (
       select needs_step_id, step_id from step_dependency
       where needs_step_id = any($1::uuid[]) and ($2::uuid is null or (needs_step_id, step_id) > ($2, $3::uuid))
       order by needs_step_id, step_id limit $4),
     ready as (
       update step s set state = 'READY', available_at = clock_timestamp(), announced_at = clock_timestamp()
       where s.id = any(array(select step_id from page)) and s.state = 'BLOCKED' and ${nothingLeft}
       returning s.*),
     ${queued('ready')},
     seen as (select count(*)::integer as count from page),
     ending as (select jsonb_build_object('needs', needs_step_id, 'step', step_id) as last from page order by needs_step_id desc, step_id desc limit 1)
     select ${readyStepColumns}, seen.count, ending.last from seen left join ending on true left join ready s on true`,
    [plainArray(stepIds), after?.needs ?? null, after?.step ?? null, STEPS_A_PAGE],
  );
  const [first] = rows;
  return {
    ready: rows.flatMap(({ count: _count, last: _last, ...step }) => (step.id === null ? [] : [{ ...step, id: step.id }])),
    count: first?.count ?? 0,
    last: first?.last ?? undefined,
  };
}

export async function readyUnblocked(sql: Sql, page: TablePage): Promise<readonly ReadyStep[]> {
  return sql.rows(
    `with ready as (
       update step s set state = 'READY', available_at = clock_timestamp(), announced_at = clock_timestamp()
       where ${inPage('s')} and s.state = 'BLOCKED' and ${nothingLeft}
       returning s.*),
     ${queued('ready')}
     select ${readyStepColumns} from ready s`,
    pageValues(page),
  );
}

export async function readyDueRetries(sql: Sql, runId: string): Promise<readonly ReadyStep[]> {
  return sql.rows(
    `with ready as (
       update step s set state = 'READY', announced_at = clock_timestamp()
       where s.run_id = $1 and s.waits_until <= clock_timestamp()
       returning s.*),
     ${queued('ready')}
     select ${readyStepColumns} from ready s`,
    [runId],
  );
}

export async function runsWithDueRetries(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.rows<{ runId: string }>(`select distinct run_id as "runId" from step where waits_until <= clock_timestamp()`);
  return rows.map(({ runId }) => runId);
}

/** Steps that are READY for long: their messages may be lost. One for each kind and link is enough: who is woken takes all that he has places for. */
export async function reannounceable(sql: Sql, olderThanMs: number): Promise<readonly ReadyStep[]> {
  return sql.rows(
    `with recursive queues as (
       (select cluster, target, kind from ready_step order by cluster, target, kind limit 1)
       union all
       select n.cluster, n.target, n.kind from queues q cross join lateral (
         select cluster, target, kind from ready_step where (cluster, target, kind) > (q.cluster, q.target, q.kind)
         order by cluster, target, kind limit 1) n)
     update step s set announced_at = clock_timestamp()
     where s.state = 'READY' and s.id = any(array(
       select l.id from queues q cross join lateral (
         select w.id from ready_step r join step w on w.id = r.step_id
         where r.cluster = q.cluster and r.target = q.target and r.kind = q.kind and w.state = 'READY'
           and coalesce(w.announced_at, w.available_at) < clock_timestamp() - $1 * interval '1 millisecond'
         order by r.position desc, r.step_id limit 1) l))
     returning ${readyStepColumns}`,
    [olderThanMs],
  );
}

/** States of steps that nobody works on and that may be given up. */
const idleStates = stepStatesBefore('CANCELLED').filter((state) => state !== 'RUNNING' && state !== 'ENDING');

/** Where what an executor that is dead began may go on, that is ended first. */
const giveUp = `state = case when s.unended then 'ENDING' else 'CANCELLED' end, ends = case when s.unended then '{"state": "CANCELLED"}'::jsonb end,
  available_at = clock_timestamp(), ended_at = case when not s.unended then clock_timestamp() end`;

export interface TableKey {
  readonly target: string;
  readonly database: string;
  readonly tableName: string;
}

/** A step, the idle ones of its table, and all that needs one of them. */
const HIT = `recursive hit (id) as (
  select id from step where id = $1
  union
  select o.id from step f join step o on o.run_id = f.run_id and o.target = f.target and o.database = f.database
    and o.table_name = f.table_name and o.state = any($2::text[])
  where f.id = $1
  union
  select d.step_id from step_dependency d join hit on hit.id = d.needs_step_id)`;

/** Cancels what was to come in the failed step's table, and all that depends on it elsewhere. @returns the tables hit */
export async function cancelWhatNeeds(sql: Sql, runId: string, stepId: string): Promise<readonly TableKey[]> {
  await sql.rows(
    `with ${HIT}
     delete from ready_step q using hit join step w on w.id = hit.id
     where q.cluster = w.cluster and q.target = w.target and q.kind = w.kind and q.position = w.position and q.step_id = w.id`,
    [stepId, idleStates],
  );
  await unfold(sql, { runId });
  const rows = await sql.rows<TableKey>(
    `with ${HIT}
     update step s set ${giveUp} from hit
     where s.id = hit.id and s.state = any($2::text[])
     returning s.target, s.database, s.table_name as "tableName"`,
    [stepId, idleStates],
  );
  return distinct(rows);
}

/** What its table wrote for a time is there, and nobody resumes a run that is cancelled. */
const hasToCleanUp = `s.kind = 'clean-up' and exists (
  select from step w where w.run_id = s.run_id and w.target = s.target and w.database = s.database and w.table_name = s.table_name
    and w.side = s.side and w.kind in ('transfer-rows', 'insert-rows', 'export-table', 'import-table') and w.state = 'DONE')`;

export async function cancelOpenSteps(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`delete from ready_step where run_id = $1`, [runId]);
  await unfold(sql, { runId });
  // One that runs may be stopped before it did anything.
  await sql.rows(`update step s set unended = true where run_id = $1 and state = any($2::text[]) and ${hasToCleanUp}`, [
    runId,
    [...idleStates, 'RUNNING'],
  ]);
  await sql.rows(`update step s set ${giveUp} where run_id = $1 and state = any($2::text[])`, [runId, idleStates]);
}

/** Tables by their keys, in $2: one look for each (offset 0 keeps it so), whatever Postgres knows of the tables. */
const keyed = (
  more = '',
): string => `jsonb_to_recordset($2::jsonb) as k (target text, database text, "tableName" text${more}) cross join lateral (
  select * from run_table r where (r.run_id, r.target, r.database, r.table_name) = ($1, k.target, k.database, k."tableName") offset 0) t`;

const MOVED = `t.target, t.database, t.table_name as "tableName"`;

/** @returns the tables that moved to FAILED */
export async function failTables(
  sql: Sql,
  runId: string,
  { tables, failure }: { readonly tables: readonly TableKey[]; readonly failure: Failure },
): Promise<readonly TableKey[]> {
  return sql.rows(
    `with ${beforeOf({ from: keyed(), where: 't.state = any($4::text[])' })}
     update run_table t set state = 'FAILED', failure = $3::jsonb, started_at = b.started_at, ended_at = clock_timestamp()
     from before b where t.id = b.id returning ${MOVED}`,
    [runId, JSON.stringify(distinct(tables)), JSON.stringify(failure), tableStatesBefore('FAILED')],
  );
}

/** Gives up tables that wait for their first step, when nobody goes on with their target. @returns those that moved to FAILED */
export async function failQueued(sql: Sql, page: TablePage, failure: Failure): Promise<readonly TableKey[]> {
  const waits = `exists (select from run_table t where t.state = 'QUEUED'
    and (t.run_id, t.target, t.database, t.table_name) = (s.run_id, s.target, s.database, s.table_name))`;
  await unfoldTables(sql, page);
  await sql.rows(
    `delete from ready_step q using step s where ${inPage('s')} and ${waits} and s.state = 'READY'
       and q.cluster = s.cluster and q.target = s.target and q.kind = s.kind and q.position = s.position and q.step_id = s.id`,
    pageValues(page),
  );
  await unfold(sql, { runId: page.runId });
  await sql.rows(`update step s set ${giveUp} where ${inPage('s')} and s.state = any($7::text[]) and ${waits}`, [
    ...pageValues(page),
    idleStates,
  ]);
  return sql.rows(
    `with ${beforeOf({ from: 'run_table t', where: `${inPage('t')} and t.state = 'QUEUED'` })}
     update run_table t set state = 'FAILED', failure = $7::jsonb, ended_at = clock_timestamp() from before b where t.id = b.id returning ${MOVED}`,
    [...pageValues(page), JSON.stringify(failure)],
  );
}

/**
 * The rows of these tables, as far as they wait, say RUNNING.
 *
 * @param tables one may be there several times
 * @returns those that begin with it
 */
export async function startTables(sql: Sql, runId: string, tables: readonly TableKey[]): Promise<readonly TableKey[]> {
  return sql.rows(
    `with ${beforeOf({ from: keyed(), where: 't.state = any($3::text[])' })},
     started as (
       update run_table t set state = 'RUNNING', started_at = coalesce(b.started_at, clock_timestamp()), ended_at = null, failure = null
       from before b where t.id = b.id returning t.*, b.is_done)
     select ${MOVED} from started t where is_done is not true`,
    [runId, JSON.stringify(distinct(tables)), tableStatesBefore('RUNNING')],
  );
}

export interface TableEnd extends TableKey {
  readonly state: 'VERIFIED' | 'NOT_VERIFIED';
}

/** @returns the tables that moved */
export async function endTables(sql: Sql, runId: string, ends: readonly TableEnd[]): Promise<readonly TableEnd[]> {
  if (ends.length === 0) return [];
  // The last word on a table holds, should there be two.
  const byKey = new Map(ends.map((end) => [keyOf(end), end]));
  const rows = [...byKey.values()].map((end) => ({ ...end, before: tableStatesBefore(end.state) }));
  return sql.rows(
    `with ${beforeOf({ from: keyed(', state text, before jsonb'), where: `k.before ? ${STATE_NOW}` }, ', k.state as next')}
     update run_table t set state = b.next, started_at = b.started_at, ended_at = clock_timestamp()
     from before b where t.id = b.id returning ${MOVED}, t.state`,
    [runId, JSON.stringify(rows)],
  );
}

function distinct(tables: readonly TableKey[]): readonly TableKey[] {
  const keys = tables.map(({ target, database, tableName }) => ({ target, database, tableName }));
  return [...new Map(keys.map((key) => [keyOf(key), key])).values()];
}

const keyOf = ({ target, database, tableName }: TableKey): string => `${target}/${database}/${tableName}`;
