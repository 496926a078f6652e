import type { Sql } from './sql.ts';
import type { TableKey } from './step-graph.sql.ts';
import { inPage, pageValues } from './table-pages.ts';
import type { TablePage } from './table-pages.ts';

/** Any number of its own: claims are taken by one transaction at a time, so that none is overlooked. */
const CLAIM_LOCK = 4_827_120;

/** A table that another run writes to, or one inside or around a directory that it writes to. */
export interface ClaimConflict extends TableKey {
  readonly otherRunId: string;
  /** Name or location that both want. */
  readonly wanted: string;
}

/** Claims wait for each other until the transaction ends. */
export async function lockClaims(sql: Sql): Promise<void> {
  await sql.rows(`select pg_advisory_xact_lock($1)`, [CLAIM_LOCK]);
}

/** Runs that ended have none; one that FAILED keeps them until its last step is over. */
export async function deleteStaleClaims(sql: Sql): Promise<void> {
  await sql.rows(
    `with ended as (
       select c.run_id from (select run_id from table_claim union select run_id from location_claim) c join run r on r.id = c.run_id
       where r.ended_at is not null and not exists (select from step_now s where s.run_id = c.run_id and s.state in ('RUNNING', 'ENDING'))),
     tables as (delete from table_claim where run_id in (select run_id from ended))
     delete from location_claim where run_id in (select run_id from ended)`,
  );
}

export async function deleteClaims(sql: Sql, runId: string): Promise<void> {
  await sql.rows(`with tables as (delete from table_claim where run_id = $1) delete from location_claim where run_id = $1`, [runId]);
}

/** Names by their metastore: a cluster may be registered under two names. @returns tables whose name another has */
export async function claimNames(sql: Sql, page: TablePage): Promise<readonly ClaimConflict[]> {
  return sql.rows(
    `with wanted as materialized (
       select t.target, t.database, t.table_name, lower(t.target_database) as target_database, lower(t.target_table) as target_table,
         coalesce(lower(c.connection #>> '{metastore,host}') || ':' || (c.connection #>> '{metastore,port}'), t.target) as metastore
       from run_table t left join cluster c on c.name = t.target where ${inPage('t')} and t.state = 'QUEUED'),
     claimed as (
       insert into table_claim (metastore, target_database, target_table, run_id, target, database, table_name)
       select metastore, target_database, target_table, $1, target, database, table_name from wanted
       on conflict do nothing returning metastore, target_database, target_table)
     select w.target, w.database, w.table_name as "tableName", c.run_id as "otherRunId", w.target_database || '.' || w.target_table as wanted
     from wanted w join table_claim c using (metastore, target_database, target_table)
     where (c.run_id, c.target, c.database, c.table_name) <> ($1, w.target, w.database, w.table_name)`,
    pageValues(page),
  );
}

/** Notes where the copies of queued tables go, or their inserted rows; a list's source lands below its target under its own name. */
export async function claimLocations(sql: Sql, page: TablePage): Promise<void> {
  await sql.rows(
    `insert into location_claim (location, run_id, target, database, table_name)
     select (j.job ->> 'target') || case when j.job ->> 'kind' = 'list' then '/' || regexp_replace(s.source, '^.*/', '') else '' end || '/',
       $1, t.target, t.database, t.table_name
     from run_table t
     cross join lateral jsonb_array_elements(t.plan -> 'copyJobs') as j (job)
     cross join lateral jsonb_array_elements_text(coalesce(j.job -> 'sources', jsonb_build_array(j.job -> 'source'))) as s (source)
     where ${inPage('t')} and t.state = 'QUEUED'
     union
     select (t.plan #>> '{rows,destination}') || '/', $1, t.target, t.database, t.table_name
     from run_table t where ${inPage('t')} and t.state = 'QUEUED' and t.plan ? 'rows'
     on conflict do nothing`,
    pageValues(page),
  );
}

/**
 * Directories of queued tables that lie at, inside or around one of another run or target. Within a target the plan has seen to that, and a
 * table that runs has its place: who comes later yields. Each place is looked for by itself, since Postgres may know nothing of the claims yet.
 */
export async function claimedLocations(sql: Sql, page: TablePage): Promise<readonly ClaimConflict[]> {
  return sql.rows(
    `with own as materialized (
       select c.* from location_claim c
       where ${inPage('c')} and (select t.state from run_table t
         where (t.run_id, t.target, t.database, t.table_name) = (c.run_id, c.target, c.database, c.table_name)) = 'QUEUED')
     select l.target, l.database, l.table_name as "tableName", o.run_id as "otherRunId", o.location as wanted
     from own l cross join lateral (
       select c.run_id, c.location from location_claim c where c.location >= l.location and c.location < left(l.location, -1) || '0' collate "C"
         and (c.run_id, c.target) <> (l.run_id, l.target) offset 0) o
     union
     select l.target, l.database, l.table_name, o.run_id, o.location
     from own l
     cross join lateral (select string_to_array(rtrim(l.location, '/'), '/') as parts) p
     cross join lateral generate_series(3, cardinality(p.parts) - 1) as n
     cross join lateral (
       select c.run_id, c.location from location_claim c where c.location = (array_to_string(p.parts[1:n], '/') || '/') collate "C"
         and (c.run_id, c.target) <> (l.run_id, l.target) offset 0) o
     order by 1, 2, 3`,
    pageValues(page),
  );
}

export async function dropClaimsOf(sql: Sql, runId: string, tables: readonly TableKey[]): Promise<void> {
  await sql.rows(
    `with lost as materialized (
       select target, database, "tableName" from jsonb_to_recordset($2::jsonb) as k (target text, database text, "tableName" text)),
     names as (delete from table_claim c using lost k
       where c.run_id = $1 and c.target = k.target and c.database = k.database and c.table_name = k."tableName")
     delete from location_claim c using lost k
     where c.run_id = $1 and c.target = k.target and c.database = k.database and c.table_name = k."tableName"`,
    [runId, JSON.stringify(tables)],
  );
}

/** The step of a table with which everything of it begins. */
export async function firstStepOf(sql: Sql, runId: string, { target, database, tableName }: TableKey): Promise<string | undefined> {
  const [step] = await sql.rows<{ id: string }>(
    `select id from step where run_id = $1 and target = $2 and database = $3 and table_name = $4 order by position limit 1`,
    [runId, target, database, tableName],
  );
  return step?.id;
}
