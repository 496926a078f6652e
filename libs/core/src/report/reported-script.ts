import { sourceDdl } from '../hiveql/source-ddl.ts';
import { describeIssue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { ScriptCopy, TableScript } from '../model/script-plan.ts';
import type { Table } from '../model/table.ts';
import type { ReportedIssue, ReportedTable } from './report-model.ts';

const LONGEST_STATEMENT = 4_000;

interface PlannedScript {
  readonly database: string;
  readonly targetDatabase: string;
  readonly script: TableScript;
  readonly copies: readonly ScriptCopy[];
  /** As it stands on the source, when it is there. */
  readonly source?: Table;
}

/** A table of the scripts, as a report shows it. */
export function reportedScript({ database, targetDatabase, script, copies, source }: PlannedScript): ReportedTable {
  const { name, decision, strategy, decisions, issues, statements } = script;
  const on = (side: 'source' | 'target'): readonly string[] =>
    statements.filter((statement) => statement.side === side).map(({ sql }) => shortened(sql));
  return {
    database,
    name,
    target: `${targetDatabase}.${name}`,
    state: decision,
    strategy,
    decisions,
    issues: issues.map(reportedIssue),
    copies: copies.map((copy) => ({ source: copy.source, target: copy.target, runsAt: copy.side })),
    ...(source === undefined ? {} : { sourceDdl: sourceDdl(source) }),
    statements: { source: on('source'), target: on('target') },
  };
}

export function reportedIssue(found: Issue): ReportedIssue {
  return { code: found.code, severity: found.severity, ...describeIssue(found) };
}

/** What is true about databases, each once: of several targets most is the same. */
export function reportedNotes(found: readonly Issue[]): readonly ReportedIssue[] {
  const once = new Map(found.map((each) => [JSON.stringify(each), each]));
  return [...once.values()].map((each) => {
    const reported = reportedIssue(each);
    return { ...reported, text: `${each.subject}: ${reported.text}` };
  });
}

/** Statements with thousands of partitions are in the scripts; here their beginning is. */
export function shortened(sql: string): string {
  if (sql.length <= LONGEST_STATEMENT) return sql;
  const end = sql.lastIndexOf('\n', LONGEST_STATEMENT);
  const kept = sql.slice(0, end > 0 ? end : LONGEST_STATEMENT);
  return `${kept}\n-- and ${sql.length - kept.length} characters more: the script has all of it`;
}
