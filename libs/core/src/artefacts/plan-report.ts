import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { ArtefactInput } from './artefact.ts';
import { runBook } from './run-book.ts';
import { reportHead, reportTable } from './script-report.ts';

/** For people: a database of a plan, table by table, with the reasons. */
export function planReport({ database, tables }: ArtefactInput): string {
  const counts: Readonly<Record<string, number>> = Object.fromEntries(
    [...Map.groupBy(tables, ({ decision }) => decision)].map(([decision, group]) => [decision, group.length]),
  );
  const copies = tables.reduce((sum, { copyJobs }) => sum + copyJobs.length, 0);
  return [reportHead({ ...database, decisions: [], tables: counts, copies, leftOut: 0 }), ...tables.map(tableText)].join('');
}

/** The steps of a database for people who run them by hand; the service does the same by itself. */
export function planRunBook(stem: string, { database, tables }: ArtefactInput, files: readonly string[]): string {
  const runs = (side: 'source' | 'target'): boolean =>
    [...database.statements, ...tables.flatMap(({ statements }) => statements)].some((statement) => statement.side === side);
  const idle = [...(runs('source') ? [] : [`${stem}_LEFT_execute.sql`]), ...(runs('target') ? [] : [`${stem}_RIGHT_execute.sql`])];
  return runBook({
    stem,
    database: database.source,
    target: database.target,
    files: files.filter((name) => !idle.includes(name)),
    databaseSql: database.statements.filter(({ side }) => side === 'target').map(({ sql }) => sql),
    refused: tables.filter(({ decision }) => decision === 'REFUSED').length,
    notes: [BY_THE_SERVICE, ...attached(tables)],
  });
}

const BY_THE_SERVICE =
  'For a plan that is run by hand. When the service executes it, it does these steps itself, table by table, and proves each: run nothing of this then.';

function attached(tables: readonly TablePlan[]): readonly string[] {
  const own = tables.filter(({ strategy, decision }) => strategy !== 'DUMP' && decision === 'MIGRATE');
  return own.some(({ partitions }) => partitions.length > 0)
    ? ['Partitions that HiveQL cannot say stand as comments in the HiveQL of RIGHT: they are to be attached through the metastore.']
    : [];
}

function tableText(plan: TablePlan): string {
  return reportTable({ ...plan, name: displayName(plan.source) });
}
