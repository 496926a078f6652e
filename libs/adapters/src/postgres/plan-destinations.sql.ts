import type { Destination, Location, TableName, TablePlan } from '@hiveferry/core';
import type { Database, Sql } from './sql.ts';

interface CopyRow {
  readonly database: string;
  readonly table: string;
  readonly source: Location;
  readonly target: Location;
  readonly isWritten: boolean;
  /** Null for all but tables that are used there as soon as they lie there. */
  readonly leavesOut: readonly Location[] | null;
}

/**
 * One row a source directory, and only its two locations: plans stay in Postgres. A list's source lands below the target under its own
 * name; rows that Hive inserts land where they are published. Byte 1 in place of the slash sorts before what a name may hold: `/t/x` follows `/t`, not `/t-2`.
 */
export async function* copiesInOrder(database: Database, runId: string, target: string): AsyncIterable<readonly Destination[]> {
  const pages = database.pages<CopyRow>(
    `select t.database, t.table_name as "table", d.source, d.target, d.is_written as "isWritten", d.leaves_out as "leavesOut"
     from run_table t
     cross join lateral (
       select s.source, (j.job ->> 'target')
         || case when j.job ->> 'kind' = 'list' then '/' || regexp_replace(s.source, '^.*/', '') else '' end as target, false as is_written,
         case when t.plan ? 'relocation' or (not t.plan ? 'copiedBy'
           and (t.plan #> '{existing,linked}' ? 'table' or jsonb_array_length(t.plan #> '{existing,linked,partitions}') > 0))
         then j.job -> 'excluded' end as leaves_out
       from jsonb_array_elements(t.plan -> 'copyJobs') as j (job)
       cross join lateral jsonb_array_elements_text(coalesce(j.job -> 'sources', jsonb_build_array(j.job -> 'source'))) as s (source)
       union all
       select t.plan -> 'mappings' -> 0 ->> 'from', t.plan -> 'rows' ->> 'destination', true, null where t.plan ? 'rows'
     ) as d
     where t.run_id = $1 and t.target = $2 and t.decision = 'MIGRATE'
     order by replace(d.target, '/', chr(1)) || chr(1) collate "C", t.database, t.table_name`,
    [runId, target],
  );
  for await (const page of pages) yield page.map(destinationOf);
}

function destinationOf({ database, table, source, target, isWritten, leavesOut }: CopyRow): Destination {
  return { table: { database, table }, source, target, ...(isWritten && { isWritten }), ...(leavesOut !== null && { leavesOut }) };
}

export async function plansOfTables(
  sql: Sql,
  scope: { readonly runId: string; readonly target: string },
  tables: readonly TableName[],
): Promise<readonly TablePlan[]> {
  const rows = await sql.rows<{ plan: TablePlan }>(
    `select t.plan from jsonb_to_recordset($3::jsonb) as a (database text, "table" text)
     join run_table t on t.run_id = $1 and t.target = $2 and t.database = a.database and t.table_name = a."table"
     order by t.database, t.table_name`,
    [scope.runId, scope.target, JSON.stringify(tables)],
  );
  return rows.map(({ plan }) => plan);
}
