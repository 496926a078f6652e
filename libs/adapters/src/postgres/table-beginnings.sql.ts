import type { PlannedStep } from '@hiveferry/core';
import type { Sql } from './sql.ts';
import { inPage, pageValues } from './table-pages.ts';
import type { TablePage } from './table-pages.ts';

/**
 * A table begins with its first step, and mostly nothing has to be written for it: the step's row is written anyway. `step.beginning` says how.
 *
 * FOLDED: the table begins with this step and no other. When the step is DONE the table is RUNNING, since when the step began; its own row
 * says QUEUED still, until it is written for another reason. `run_target.folded_tables` counts those tables, so that nobody has to look for them.
 * WRITTEN: the table may begin with this step, or with another: its row is looked at, and written when it says QUEUED.
 * Null: the table has begun before.
 *
 * It stands on two rules. Who writes to the row of a QUEUED table, with the run's lock held, takes it out of the count or takes the mark off the
 * step that is not DONE, so that nothing begins with it any more. And where a table is queued once more its steps are marked anew.
 */
export type Beginning = 'FOLDED' | 'WRITTEN';

/** The beginning that each step of a new table is marked with. */
export function beginningsOf(steps: readonly Pick<PlannedStep, 'key' | 'after'>[]): ReadonlyMap<string, Beginning> {
  const keys = new Set(steps.map(({ key }) => key));
  const first = steps.filter(({ after }) => !after.some((needed) => keys.has(needed)));
  const beginning = first.length === 1 ? 'FOLDED' : 'WRITTEN';
  return new Map(first.map(({ key }) => [key, beginning]));
}

/** Part of a statement: of table `t` that is QUEUED, the step with which alone it begins. One look for each (offset 0 keeps it so), by the index. */
const FIRST_STEP = `
  left join lateral (
    select s.id, s.state = 'DONE' as is_done, case when s.state = 'DONE' then s.started_at end as begun_at from step s
    where t.state = 'QUEUED' and (s.run_id, s.target, s.database, s.table_name) = (t.run_id, t.target, t.database, t.table_name)
      and s.beginning = 'FOLDED' offset 0) f on true`;

/** What table `t` is, whichever row says so; as `table_now` has it for who reads. */
export const STATE_NOW = `case when f.is_done then 'RUNNING' else t.state end`;

/**
 * Parts of a statement about run $1 that writes to rows of tables: `before` has of each its id, its target, its `state` as people see it,
 * and since when it runs. Those that were folded are no longer counted, with the others that are QUEUED nothing begins any more.
 *
 * @param tables from-clause and condition for `run_table t`
 * @param more columns of it for `before`
 */
export const beforeOf = (tables: { readonly from: string; readonly where: string }, more = ''): string => `
  before as materialized (
    select t.id, t.target, ${STATE_NOW} as state, coalesce(t.started_at, f.begun_at) as started_at, f.id as first_step, f.is_done${more}
    from ${tables.from} ${FIRST_STEP} where ${tables.where}),
  unmarked as (update step s set beginning = null from before b
    where s.id = b.first_step and not b.is_done),
  uncounted as (
    update run_target g set folded_tables = g.folded_tables - c.count
    from (select target, count(*)::integer from before where is_done group by target) c where g.run_id = $1 and g.target = c.target)`;

/** Rows of tables that run say so: for who goes by them. */
export async function unfoldTables(sql: Sql, page: TablePage): Promise<void> {
  await sql.rows(
    `with ${beforeOf({ from: 'run_table t', where: `${inPage('t')} and t.state = 'QUEUED' and f.is_done` })}
     update run_table t set state = 'RUNNING', started_at = b.started_at from before b where t.id = b.id`,
    pageValues(page),
  );
}

const ANEW = `case when s.state = 'DONE' then null else 'WRITTEN' end`;

/** Tables that are queued once more begin with any of the steps that are to run. */
export async function markAnew(sql: Sql, runId: string): Promise<void> {
  await sql.rows(
    `update step s set beginning = ${ANEW} from run_table t
     where t.run_id = $1 and t.state = 'QUEUED' and s.run_id = t.run_id and s.target = t.target and s.database = t.database
       and s.table_name = t.table_name and s.beginning is distinct from ${ANEW}`,
    [runId],
  );
}
