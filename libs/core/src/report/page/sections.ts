import { element, button, severityTone, table, tally, tone } from './elements.ts';
import type { WholeEnding, ReportFacts, ReportedIssue, ReportRow } from '../report-model.ts';

export function summary(facts: ReportFacts, rows: readonly ReportRow[]): readonly HTMLElement[] {
  const states = tally(rows.map((row) => row[3]));
  const copies = rows.reduce((sum, row) => sum + row[6], 0);
  const tile = (label: string, count: number, style: string): HTMLElement =>
    element('li', {}, element('b', { class: style }, count.toLocaleString('en')), label);
  return [
    element('h1', {}, facts.title),
    element(
      'dl',
      { class: 'asked' },
      ...facts.asked.map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value))),
    ),
    element(
      'ul',
      { class: 'tiles' },
      tile('tables', rows.length, ''),
      ...states.map(([state, count]) => tile(state, count, tone(state))),
      tile('copies', copies, ''),
    ),
  ];
}

export function noted(issue: ReportedIssue): HTMLElement {
  return element(
    'li',
    {},
    element('b', { class: severityTone(issue.severity) }, `${issue.severity} ${issue.code}`),
    `: ${issue.text} ${issue.advice}`,
  );
}

export function issueSection({ kinds, notes }: WholeEnding, choose: (code: string) => void): readonly HTMLElement[] {
  if (kinds.length === 0 && notes.length === 0) return [];
  const body = element(
    'tbody',
    {},
    ...kinds.map(({ code, severity, text, advice, tables }) =>
      element(
        'tr',
        {},
        element(
          'td',
          {},
          button(code, { class: 'link', title: 'Show the tables that have it' }, () => choose(code)),
        ),
        element('td', { class: severityTone(severity) }, severity),
        element('td', { class: 'number' }, tables.toLocaleString('en')),
        element('td', {}, `${text} ${advice}`),
      ),
    ),
  );
  return [
    element('h2', {}, 'Issues'),
    ...(notes.length === 0 ? [] : [element('ul', {}, ...notes.map(noted))]),
    ...(kinds.length === 0 ? [] : [table(['Code', 'Severity', 'Tables', 'What it says, for the first table'], new Set(['Tables']), body)]),
  ];
}

/** Tables that take no part. */
export function leftOutSection({ leftOut }: WholeEnding): readonly HTMLElement[] {
  if (leftOut.length === 0) return [];
  const body = leftOut.map(({ database, table: name, reason }) =>
    element('tr', {}, element('td', {}, `${database}.${name}`), element('td', {}, reason)),
  );
  return [element('h2', {}, 'Left out'), table(['Table', 'Why'], new Set(), element('tbody', {}, ...body))];
}
