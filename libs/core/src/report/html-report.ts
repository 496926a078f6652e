import { PAGE_SCRIPT, PAGE_STYLE } from './page.gen.ts';
import { TABLES_A_PART } from './report-model.ts';
import type { Pack, ReportDetails, ReportEnding, ReportFacts, ReportRow, ReportedKind, ReportedTable } from './report-model.ts';

/** A report as it grows: the pieces in order are one HTML file that needs nothing else, also no network. */
export interface HtmlReport {
  readonly begin: () => string;
  /** @returns '' while a block is filling */
  readonly add: (table: ReportedTable) => string;
  readonly end: (ending: ReportEnding) => string;
}

/** The tables are packed in parts, so that a report of 20,000 tables opens at once; memory does not grow with their number. */
export function htmlReport(facts: ReportFacts, pack: Pack): HtmlReport {
  // As text at once: the strings of a table are often slices that keep its whole definition in memory.
  let rows: string[] = [];
  let details: string[] = [];
  const kinds = new Map<string, ReportedKind>();
  const flush = (): string => {
    if (rows.length === 0) return '';
    const text = `${element('rows', pack(listOf(rows)))}${element('details', pack(listOf(details)))}`;
    [rows, details] = [[], []];
    return text;
  };
  return {
    begin: () => `${head(facts.title)}${element('facts', pack(JSON.stringify(facts)))}`,
    add: (table) => {
      rows.push(JSON.stringify(rowOf(table)));
      details.push(JSON.stringify(detailsOf(table)));
      countKinds(kinds, table);
      return rows.length < TABLES_A_PART ? '' : flush();
    },
    end: (ending) => {
      const whole = JSON.stringify({ ...ending, kinds: [...kinds.values()] });
      return `${flush()}${element('ending', pack(whole))}<script>\n${PAGE_SCRIPT}</script>\n</body>\n</html>\n`;
    },
  };
}

function listOf(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

function countKinds(kinds: Map<string, ReportedKind>, { issues }: ReportedTable): void {
  const first = new Map(issues.toReversed().map((found) => [found.code, found]));
  for (const [code, found] of first) kinds.set(code, { ...(kinds.get(code) ?? found), tables: (kinds.get(code)?.tables ?? 0) + 1 });
}

function rowOf({ database, name, target, state, strategy, issues, copies, counted }: ReportedTable): ReportRow {
  return [database, name, target, state, strategy, issues.map(({ code, severity }) => [code, severity]), copies.length, counted ?? []];
}

function detailsOf({ decisions, issues, copies, sourceDdl, statements, proof }: ReportedTable): ReportDetails {
  const known = { ...(sourceDdl === undefined ? {} : { sourceDdl }), ...(proof === undefined ? {} : { proof }) };
  return { decisions, issues, copies, statements, ...known };
}

/** Base64 has no character that could end the element. */
function element(kind: 'facts' | 'rows' | 'details' | 'ending', packed: string): string {
  return `<script type="text/plain" data-packed="${kind}">${packed}</script>\n`;
}

function head(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
${PAGE_STYLE}</style>
</head>
<body>
<main id="report"><p role="status">The report is being unpacked.</p></main>
<noscript><p>This report needs JavaScript: all of it is in this file, and nothing is sent or fetched.</p></noscript>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
