import type { Ids, StepGroup } from '@hiveferry/ports';
import { tableStatesBefore } from './moves.ts';
import type { Sql } from './sql.ts';
import { beginningsOf } from './table-beginnings.sql.ts';
import { inPage, pageValues } from './table-pages.ts';
import type { TablePage } from './table-pages.ts';

/** Steps of the groups, BLOCKED until the target is activated; those that are there stay as they are. */
export async function insertSteps(
  sql: Sql,
  runId: string,
  { target, groups, ids }: { readonly target: string; readonly groups: readonly StepGroup[]; readonly ids: Ids },
): Promise<void> {
  const rows = groups.flatMap((group) => {
    const beginnings = group.table === undefined ? undefined : beginningsOf(group.steps);
    return group.steps.map((step, position) => ({
      id: ids.next(),
      database: group.database,
      tableName: group.table ?? '',
      key: step.key,
      kind: step.kind,
      side: step.side,
      payload: step.payload,
      position: step.position ?? position,
      beginning: beginnings?.get(step.key),
    }));
  });
  await sql.rows(
    `insert into step (id, run_id, target, database, table_name, key, kind, side, cluster, state, payload, position, beginning, table_id)
     select s.id, $1, $2, s.database, s."tableName", s.key, s.kind, s.side, case s.side when 'source' then m.source else $2 end,
       'BLOCKED', s.payload, s.position, s.beginning,
       (select t.id from run_table t where (t.run_id, t.target, t.database, t.table_name) = ($1, $2, s.database, s."tableName"))
     from jsonb_to_recordset($3::jsonb) as s (
       id uuid, database text, "tableName" text, key text, kind text, side text, payload jsonb, position integer, beginning text)
     join run r on r.id = $1 join migration m on m.id = r.migration_id
     on conflict (run_id, target, database, table_name, key) do nothing`,
    [runId, target, JSON.stringify(rows)],
  );
}

/** `database` names the database's step, every other key one of the same table. */
export async function insertDependencies(
  sql: Sql,
  runId: string,
  { target, groups }: { readonly target: string; readonly groups: readonly StepGroup[] },
): Promise<void> {
  const rows = groups.flatMap(({ database, table = '', steps }) =>
    steps.flatMap(({ key, after }) =>
      after.map((needs) => ({
        database,
        tableName: table,
        key,
        needs,
        needsTable: needs === 'database' ? '' : table,
      })),
    ),
  );
  await sql.rows(
    `insert into step_dependency (needs_step_id, step_id)
     select n.id, s.id
     from jsonb_to_recordset($3::jsonb) as d (database text, "tableName" text, key text, needs text, "needsTable" text)
     join step s on s.run_id = $1 and s.target = $2 and s.database = d.database and s.table_name = d."tableName" and s.key = d.key
     join step n on n.run_id = $1 and n.target = $2 and n.database = d.database and n.table_name = d."needsTable" and n.key = d.needs
     on conflict do nothing`,
    [runId, target, JSON.stringify(rows)],
  );
}

/**
 * A view is created after the objects it reads, as far as this run creates them. Steps are looked for one by one: for a join of these tables
 * Postgres took minutes where it had no statistics yet (6,000 views).
 */
export async function linkViews(sql: Sql, page: TablePage): Promise<void> {
  await sql.rows(
    `insert into step_dependency (needs_step_id, step_id)
     select l.needs, l.step from (
       select (select n.id from step n where (n.run_id, n.target, n.database, n.table_name) = ($1, $2, d.database, d."table")
           and n.kind in ('create-table', 'create-view') limit 1) as needs,
         (select s.id from step s where (s.run_id, s.target, s.database, s.table_name) = ($1, $2, t.database, t.table_name)
           and s.kind = 'create-view' limit 1) as step
       from run_table t cross join lateral jsonb_to_recordset(t.plan -> 'dependsOn') as d (database text, "table" text)
       where ${inPage('t')} and t.object = 'view' and t.decision = 'MIGRATE') l
     where l.needs <> l.step
     on conflict do nothing`,
    pageValues(page),
  );
}

/** @returns how many tables are queued now */
export async function queueTables(sql: Sql, page: TablePage): Promise<number> {
  const [row] = await sql.rows<{ queued: number }>(
    `with queued as (
       update run_table t set state = 'QUEUED'
       where ${inPage('t')} and t.decision = 'MIGRATE' and t.state = any($7::text[]) and t.state = 'PLANNED' returning 1)
     select count(*)::integer as queued from queued`,
    [...pageValues(page), tableStatesBefore('QUEUED')],
  );
  return row?.queued ?? 0;
}

/** From now on its steps are claimed; it stays due until all of them were looked at. */
export async function markDispatching(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(`update run_target set dispatched_at = clock_timestamp() where run_id = $1 and target = $2`, [runId, target]);
}

export async function markDispatched(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(`update run_target set due_at = null, tries = 0, failure = null where run_id = $1 and target = $2`, [runId, target]);
}
