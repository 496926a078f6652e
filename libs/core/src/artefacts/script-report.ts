import { describeIssue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { DatabaseScript, TableScript } from '../model/script-plan.ts';
import { code, plain } from './markdown.ts';

/** What a report says of a database before its tables. */
export interface ReportHead extends Pick<DatabaseScript, 'source' | 'target' | 'issues' | 'decisions'> {
  /** Number of tables by decision. */
  readonly tables: Readonly<Record<string, number>>;
  readonly copies: number;
  readonly leftOut: number;
}

/** For people: a database, and how many tables go which way. */
export function reportHead({ source, target, tables, copies, leftOut, issues, decisions }: ReportHead): string {
  const counts = Object.entries(tables).map(([decision, count]) => `${count} ${decision}`);
  const total = Object.values(tables).reduce((sum, count) => sum + count, 0);
  return paragraphs([
    `# ${code(source)} to ${code(target)}`,
    `${total} tables: ${counts.length === 0 ? 'none' : counts.join(', ')}. ${copies} copies, ${leftOut} tables left out.`,
    ...decisionLines(decisions),
    ...issues.map(issueLine),
  ]);
}

/** What a report says of a table. */
export interface ReportedTable extends Pick<TableScript, 'name' | 'strategy' | 'issues' | 'decisions'> {
  readonly decision: string;
  readonly statements: readonly Pick<TableScript['statements'][number], 'side'>[];
}

/** For people: what is done with a table, and why. */
export function reportTable({ name, strategy, decision, statements, issues, decisions }: ReportedTable): string {
  const [left = 0, right = 0] = (['source', 'target'] as const).map(
    (side) => statements.filter((statement) => statement.side === side).length,
  );
  return `\n${paragraphs([
    `## ${code(name)}: ${decision}, ${strategy}`,
    `Statements: ${left} on LEFT, ${right} on RIGHT.`,
    ...decisionLines(decisions),
    ...issues.map(issueLine),
  ])}`;
}

/** For people: the tables that take no part. */
export function reportLeftOut(leftOut: DatabaseScript['filteredOut']): string {
  if (leftOut.length === 0) return '';
  const lines = leftOut.map(({ table, reason }) => `- ${code(table)}: ${plain(reason)}`);
  return `\n${paragraphs(['## Left out', lines.join('\n')])}`;
}

function decisionLines(decisions: DatabaseScript['decisions']): readonly string[] {
  return decisions.length === 0 ? [] : [decisions.map(({ rule, reason }) => `- ${rule}: ${plain(reason)}`).join('\n')];
}

function paragraphs(all: readonly string[]): string {
  return `${all.join('\n\n')}\n`;
}

function issueLine(found: Issue): string {
  const { text, advice } = describeIssue(found);
  return `> ${found.severity} ${found.code}: ${plain(text)} ${plain(advice)}`;
}
