import type { Sql } from './sql.ts';

/** One range of the tables of a run on a target, in order of database and name. Steps of databases, whose table is empty, belong to the range around them. */
export interface TablePage {
  readonly runId: string;
  readonly target: string;
  readonly after: TablePlace;
  /** Absent: to the end. */
  readonly through: TablePlace | undefined;
}

interface TablePlace {
  readonly database: string;
  readonly tableName: string;
}

const TABLES_A_PAGE = 5_000;
const START: TablePlace = { database: '', tableName: '' };

/** What is done page by page takes no longer, locks no more and holds no more the larger the run is, whatever Postgres knows of its tables. */
export async function* tablePages(sql: Sql, runId: string, target: string): AsyncIterable<TablePage> {
  let after = START;
  for (;;) {
    const through = await lastOfPage(sql, { runId, target, after });
    yield { runId, target, after, through };
    if (through === undefined) return;
    after = through;
  }
}

/** The same for all targets of the run that are dispatched: the planner of one that is not does for its tables what is to be done. */
export async function* pagesOfRun(sql: Sql, runId: string): AsyncIterable<TablePage> {
  const targets = await sql.rows<{ target: string }>(
    `select target from run_target where run_id = $1 and dispatched_at is not null order by position`,
    [runId],
  );
  for (const { target } of targets) yield* tablePages(sql, runId, target);
}

/** The condition that a row lies in the page, whose values are the first six parameters. */
export const inPage = (alias: string): string =>
  `${alias}.run_id = $1 and ${alias}.target = $2 and (${alias}.database, ${alias}.table_name) > ($3, $4)
     and ($5::text is null or (${alias}.database, ${alias}.table_name) <= ($5, $6))`;

export const pageValues = ({ runId, target, after, through }: TablePage): readonly (string | null)[] => [
  runId,
  target,
  after.database,
  after.tableName,
  through?.database ?? null,
  through?.tableName ?? null,
];

async function lastOfPage(sql: Sql, { runId, target, after }: Omit<TablePage, 'through'>): Promise<TablePlace | undefined> {
  const [row] = await sql.rows<TablePlace>(
    `select database, table_name as "tableName" from run_table
     where run_id = $1 and target = $2 and (database, table_name) > ($3, $4) order by database, table_name offset $5 limit 1`,
    [runId, target, after.database, after.tableName, TABLES_A_PAGE - 1],
  );
  return row;
}
