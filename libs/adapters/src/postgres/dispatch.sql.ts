import type { Ids, StepGroup } from '@hiveferry/ports';
import { tableStatesBefore } from './moves.ts';
import type { Sql } from './sql.ts';

/** Steps of the groups, BLOCKED until the target is activated; those that are there stay as they are. */
export async function insertSteps(
  sql: Sql,
  runId: string,
  { target, groups, ids }: { readonly target: string; readonly groups: readonly StepGroup[]; readonly ids: Ids },
): Promise<void> {
  const rows = groups.flatMap((group) =>
    group.steps.map((step, position) => ({
      id: ids.next(),
      database: group.database,
      tableName: group.table ?? '',
      key: step.key,
      kind: step.kind,
      side: step.side,
      payload: step.payload,
      position: step.position ?? position,
    })),
  );
  await sql.rows(
    `insert into step (id, run_id, target, database, table_name, key, kind, side, cluster, state, payload, position)
     select s.id, $1, $2, s.database, s."tableName", s.key, s.kind, s.side, case s.side when 'source' then m.source else $2 end,
       'BLOCKED', s.payload, s.position
     from jsonb_to_recordset($3::jsonb) as s (id uuid, database text, "tableName" text, key text, kind text, side text, payload jsonb, position integer)
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

/** A view is created after the objects it reads, as far as this run creates them. */
export async function linkViews(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(
    `insert into step_dependency (needs_step_id, step_id)
     select n.id, s.id
     from run_table t
     cross join lateral jsonb_to_recordset(t.plan -> 'dependsOn') as d (database text, "table" text)
     join step s on s.run_id = t.run_id and s.target = t.target and s.database = t.database and s.table_name = t.table_name and s.kind = 'create-view'
     join step n on n.run_id = t.run_id and n.target = t.target and n.database = d.database and n.table_name = d."table"
       and n.kind in ('create-table', 'create-view')
     where t.run_id = $1 and t.target = $2 and t.object = 'view' and t.decision = 'MIGRATE' and n.id <> s.id
     on conflict do nothing`,
    [runId, target],
  );
}

const TABLES_A_PAGE = 10_000;

/** In pages, each a range of the key: no statement takes the longer the more tables a run has, whatever Postgres knows of the table. @returns how many tables are queued now */
export async function queueTables(sql: Sql, runId: string, target: string): Promise<number> {
  let queued = 0;
  let after = { database: '', tableName: '' };
  for (;;) {
    const page = await queuePage(sql, { runId, target }, after);
    queued += page.queued;
    if (page.last === null) return queued;
    after = page.last;
  }
}

interface QueuedPage {
  readonly queued: number;
  /** Absent when there was no table left. */
  readonly last: { readonly database: string; readonly tableName: string } | null;
}

async function queuePage(
  sql: Sql,
  { runId, target }: { readonly runId: string; readonly target: string },
  after: { readonly database: string; readonly tableName: string },
): Promise<QueuedPage> {
  const [row] = await sql.rows<QueuedPage>(
    `with page as materialized (
       select database, table_name from run_table where run_id = $1 and target = $2 and (database, table_name) > ($4, $5)
       order by database, table_name limit $6),
     last as materialized (select database, table_name from page order by database desc, table_name desc limit 1),
     queued as (
       update run_table t set state = 'QUEUED'
       where t.run_id = $1 and t.target = $2 and (t.database, t.table_name) > ($4, $5)
         and (t.database, t.table_name) <= (select database, table_name from last)
         and t.decision = 'MIGRATE' and t.state = any($3::text[]) and t.state = 'PLANNED' returning 1)
     select (select count(*)::integer from queued) as queued,
       (select jsonb_build_object('database', database, 'tableName', table_name) from last) as last`,
    [runId, target, tableStatesBefore('QUEUED'), after.database, after.tableName, TABLES_A_PAGE],
  );
  return row ?? { queued: 0, last: null };
}

export async function markDispatched(sql: Sql, runId: string, target: string): Promise<void> {
  await sql.rows(
    `update run_target set dispatched_at = clock_timestamp(), due_at = null, tries = 0, failure = null where run_id = $1 and target = $2`,
    [runId, target],
  );
}
