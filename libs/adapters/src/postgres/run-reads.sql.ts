import type { Evidence, StepKind, StepState, TableName, TablePlan, TableState } from '@hiveferry/core';
import type { DatabaseIssues, StepRecord, TableFilter, TableRecord, TableWithPlan } from '@hiveferry/ports';
import { decodePageToken } from './page-token.ts';
import type { Sql } from './sql.ts';

export interface TableCountRow {
  readonly runId: string;
  readonly target: string;
  readonly state: TableState;
  readonly count: number;
}

/** Only of tables that are queued or run the rows are read: the index tells of the others. Some of the queued ones run, and are counted. */
export async function tableCountsOf(sql: Sql, runIds: readonly string[]): Promise<readonly TableCountRow[]> {
  return sql.rows(
    `select run_id as "runId", target, phase as state, count(*)::integer as count from run_table
     where run_id = any($1::uuid[]) and phase <> 'OPEN' group by run_id, target, phase
     union all
     select o.run_id, o.target, n.state, n.count
     from (
       select run_id, target, (count(*) filter (where state = 'QUEUED'))::integer as queued, count(*)::integer as count from run_table
       where run_id = any($1::uuid[]) and phase = 'OPEN' group by run_id, target) o
     join run_target g using (run_id, target)
     cross join lateral (values ('QUEUED', o.queued - g.folded_tables), ('RUNNING', o.count - o.queued + g.folded_tables)) as n (state, count)
     where n.count > 0
     order by state`,
    [runIds],
  );
}

export interface TableRow {
  readonly runId: string;
  readonly target: string;
  readonly database: string;
  readonly tableName: string;
  readonly targetDatabase: string;
  readonly targetTable: string;
  readonly object: 'table' | 'view';
  readonly state: TableState;
  readonly tableHash: string;
  readonly issues: TableRecord['issues'];
  readonly hazards: TableRecord['hazards'];
  readonly failure: TableRecord['failure'] | null;
  readonly evidence: Evidence | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

const tableColumns = `t.run_id as "runId", t.target, t.database, t.table_name as "tableName", t.target_database as "targetDatabase",
  t.target_table as "targetTable", t.object, t.state, t.table_hash as "tableHash", t.issues, t.hazards, t.failure,
  t.started_at as "startedAt", t.ended_at as "endedAt",
  (select e.facts from evidence e where e.run_id = t.run_id and e.target = t.target and e.database = t.database
     and e.table_name = t.table_name order by e.id desc limit 1) as evidence`;

export async function tablePage(sql: Sql, filter: TableFilter): Promise<readonly TableRow[]> {
  const [target, database, table] = filter.pageToken === undefined ? ['', '', ''] : decodePageToken(filter.pageToken, 3);
  return sql.rows(
    `select ${tableColumns} from table_now t
     where t.run_id = $1 and ($2::text is null or t.target = $2) and ($3::text is null or (t.phase = 'OPEN') = ($3 in ('QUEUED', 'RUNNING')) and t.state = $3) and ($4::text is null or t.database = $4)
       and (t.target, t.database, t.table_name) > ($5, $6, $7)
     order by t.target, t.database, t.table_name limit $8`,
    [filter.runId, filter.target ?? null, filter.state ?? null, filter.database ?? null, target, database, table, filter.pageSize + 1],
  );
}

/** @param after database and table of the last one before */
export async function tablesWithPlansAfter(
  sql: Sql,
  { runId, target }: { readonly runId: string; readonly target: string },
  after: readonly [database: string, table: string],
): Promise<readonly TableWithPlan[]> {
  const rows = await sql.rows<TableRow & { readonly plan: TablePlan | null }>(
    `select ${tableColumns}, t.plan from table_now t
     where t.run_id = $1 and t.target = $2 and (t.database, t.table_name) > ($3, $4) order by t.database, t.table_name limit 100`,
    [runId, target, ...after],
  );
  return rows.map(({ plan, ...row }) => ({ record: tableRecord(row), ...(plan && { plan }) }));
}

export async function oneTable(sql: Sql, key: readonly string[]): Promise<TableRow | undefined> {
  const [row] = await sql.rows<TableRow>(
    `select ${tableColumns} from table_now t where t.run_id = $1 and t.target = $2 and t.database = $3 and t.table_name = $4`,
    key,
  );
  return row;
}

export async function tablePlanOf(sql: Sql, key: readonly string[]): Promise<TablePlan | undefined> {
  const [row] = await sql.rows<{ plan: TablePlan }>(
    `select plan from run_table where run_id = $1 and target = $2 and database = $3 and table_name = $4 and plan is not null`,
    key,
  );
  return row?.plan;
}

export async function plansAfter(
  sql: Sql,
  scope: { readonly runId: string; readonly target: string; readonly database: string },
  after: string,
): Promise<readonly TablePlan[]> {
  const rows = await sql.rows<{ plan: TablePlan }>(
    `select plan from run_table where run_id = $1 and target = $2 and database = $3 and table_name > $4 and plan is not null
     order by table_name limit 100`,
    [scope.runId, scope.target, scope.database, after],
  );
  return rows.map(({ plan }) => plan);
}

/** What is not about one database stands in the plan of each. */
export async function issuesOfDatabases(sql: Sql, runId: string): Promise<readonly DatabaseIssues[]> {
  return sql.rows(
    `select target, jsonb_agg(issue order by first, issue ->> 'code') as issues from (
       select d.target, i.issue, min(d.database) as first
       from run_database d cross join lateral jsonb_array_elements(d.plan -> 'issues') as i (issue)
       where d.run_id = $1 group by d.target, i.issue) found
     group by target order by target`,
    [runId],
  );
}

interface StepRow {
  readonly id: string;
  readonly key: string;
  readonly kind: StepKind;
  readonly cluster: string;
  readonly state: StepState;
  readonly attempt: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly waitsUntil: Date | null;
  readonly failure: StepRecord['failure'] | null;
  readonly result: StepRecord['result'] | null;
}

/** A table's steps in planned order, its database's step first. */
export async function stepsOfTable(
  sql: Sql,
  runId: string,
  { target, source }: { readonly target: string; readonly source: TableName },
): Promise<readonly StepRecord[]> {
  const rows = await sql.rows<StepRow>(
    `select id, key, kind, cluster, state, attempt, started_at as "startedAt", ended_at as "endedAt", waits_until as "waitsUntil", failure, result
     from step_now
     where run_id = $1 and target = $2 and database = $3 and table_name in ('', $4) order by table_name, position`,
    [runId, target, source.database, source.table],
  );
  return rows.map(stepRecord);
}

export function tableRecord(row: TableRow): TableRecord {
  const { runId, target, object, state, tableHash, issues, hazards } = row;
  return {
    runId,
    target,
    object,
    state,
    tableHash,
    issues,
    hazards,
    source: { database: row.database, table: row.tableName },
    targetName: { database: row.targetDatabase, table: row.targetTable },
    ...(row.failure && { failure: row.failure }),
    ...(row.evidence && { evidence: row.evidence }),
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
  };
}

function stepRecord(row: StepRow): StepRecord {
  const { id, key, kind, cluster, state, attempt } = row;
  return {
    id,
    key,
    kind,
    cluster,
    state,
    attempt,
    ...(row.startedAt && { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt && { endedAt: row.endedAt.toISOString() }),
    ...(row.waitsUntil && { waitsUntil: row.waitsUntil.toISOString() }),
    ...(row.failure && { failure: row.failure }),
    ...(row.result && { result: row.result }),
  };
}
