import { describeIssue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { DatabaseScript, TableScript } from '../model/script-plan.ts';

/** For people: what is done with each table of a database, and why. */
export function scriptReport(script: DatabaseScript): string {
  const counts = countsOf(script.tables);
  return `${[
    `# ${code(script.source)} to ${code(script.target)}`,
    `${script.tables.length} tables: ${counts}. ${script.copies.length} copies, ${script.filteredOut.length} tables left out.`,
    ...lines(script.decisions.map(({ rule, reason }) => `- ${rule}: ${plain(reason)}`)),
    ...script.issues.map(issueLine),
    ...script.tables.map(tableText),
    ...leftOut(script),
  ].join('\n\n')}\n`;
}

function countsOf(tables: readonly TableScript[]): string {
  const decisions = [...new Set(tables.map(({ decision }) => decision))].sort();
  const counts = decisions.map((decision) => `${tables.filter((table) => table.decision === decision).length} ${decision}`);
  return counts.length === 0 ? 'none' : counts.join(', ');
}

function tableText({ name, strategy, decision, statements, issues, decisions }: TableScript): string {
  const executed = (['source', 'target'] as const).map((side) => `${statements.filter((statement) => statement.side === side).length}`);
  return [
    `## ${code(name)}: ${decision}, ${strategy}`,
    `Statements: ${executed.join(' on LEFT, ')} on RIGHT.`,
    ...lines(decisions.map(({ rule, reason }) => `- ${rule}: ${plain(reason)}`)),
    ...issues.map(issueLine),
  ].join('\n\n');
}

function leftOut({ filteredOut }: DatabaseScript): readonly string[] {
  if (filteredOut.length === 0) return [];
  return ['## Left out', ...lines(filteredOut.map(({ table, reason }) => `- ${code(table)}: ${plain(reason)}`))];
}

function lines(all: readonly string[]): readonly string[] {
  return all.length === 0 ? [] : [all.join('\n')];
}

function issueLine(found: Issue): string {
  const { text, advice } = describeIssue(found);
  return `> ${found.severity} ${found.code}: ${plain(text)} ${plain(advice)}`;
}

function code(text: string): string {
  return `\`${plain(text).replaceAll('`', "'")}\``;
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;');
}
