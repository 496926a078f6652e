import type { ReportFacts, ReportRow } from '../report-model.ts';
import { button, element, table, tally } from './elements.ts';
import { tableRow } from './table-row.ts';

const PAGE = 100;
const COLUMNS = ['Table', 'On the target', 'State', 'Strategy', 'Issues', 'Copies'];

export interface TableList {
  readonly parts: readonly HTMLElement[];
  /** Shows the tables that have an issue. */
  readonly showIssue: (code: string) => void;
}

/** The tables: searched, filtered, a page at a time. */
export function tableList(rows: readonly ReportRow[], facts: ReportFacts): TableList {
  const controls = controlsOf(rows);
  const found = element('p', { role: 'status', class: 'dim' });
  const body = element('tbody');
  const pages = element('p', { class: 'filters' });
  const columns = rows.some((row) => row[7].length > 0) ? [...COLUMNS, 'Counted'] : COLUMNS;
  const show = (page: number): void => {
    const kept = filtered(rows, controls);
    const last = Math.max(0, Math.ceil(kept.length / PAGE) - 1);
    const at = Math.min(page, last);
    const shown = kept.slice(at * PAGE, (at + 1) * PAGE);
    body.replaceChildren(...shown.map(([row, index]) => tableRow(row, { index, columns: columns.length, facts })));
    found.textContent = foundText(kept.length, rows.length, last === 0 ? '' : `, page ${String(at + 1)} of ${String(last + 1)}`);
    pages.replaceChildren(...(last === 0 ? [] : pageButtons(at, last, show)));
  };
  for (const control of [controls.search, controls.database, controls.state, controls.issue])
    control.addEventListener('input', () => show(0));
  const heading = element('h2', { tabindex: '-1' }, 'Tables');
  show(0);
  return {
    parts: [heading, filters(controls), found, table(columns, new Set(['Copies']), body), pages],
    showIssue: (code) => {
      controls.issue.value = code;
      show(0);
      heading.focus();
      heading.scrollIntoView();
    },
  };
}

interface Controls {
  readonly search: HTMLInputElement;
  readonly database: HTMLSelectElement;
  readonly state: HTMLSelectElement;
  readonly issue: HTMLSelectElement;
}

function controlsOf(rows: readonly ReportRow[]): Controls {
  return {
    search: element('input', { type: 'search', placeholder: 'words of name, target or strategy', autocomplete: 'off' }),
    database: choice('all databases', tally(rows.map((row) => row[0]))),
    state: choice('all states', tally(rows.map((row) => row[3]))),
    issue: choice('with or without issues', tally(rows.flatMap((row) => [...new Set(row[5].map(([code]) => code))]))),
  };
}

function foundText(found: number, all: number, page: string): string {
  return `${found.toLocaleString('en')} of ${all.toLocaleString('en')} tables${page}`;
}

/** @returns rows with their place among all */
function filtered(rows: readonly ReportRow[], controls: Controls): readonly (readonly [ReportRow, number])[] {
  const words = controls.search.value.toLowerCase().split(/\s+/u).filter(Boolean);
  return rows.flatMap((row, index) => (fits(row, controls, words) ? [[row, index] as const] : []));
}

function fits(row: ReportRow, { database, state, issue }: Controls, words: readonly string[]): boolean {
  if (database.value !== '' && row[0] !== database.value) return false;
  if (state.value !== '' && row[3] !== state.value) return false;
  if (issue.value !== '' && !row[5].some(([code]) => code === issue.value)) return false;
  const text = `${row[0]}.${row[1]} ${row[2]} ${row[4]}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function choice(all: string, options: readonly (readonly [string, number])[]): HTMLSelectElement {
  const made = options.map(([value, count]) => element('option', { value }, `${value} (${count.toLocaleString('en')})`));
  return element('select', {}, element('option', { value: '' }, all), ...made);
}

function filters({ search, database, state, issue }: Controls): HTMLElement {
  const label = (text: string, control: HTMLElement, style: Readonly<Record<string, string>> = {}): HTMLElement =>
    element('label', style, text, control);
  return element(
    'div',
    { class: 'filters', role: 'search' },
    label('Search', search, { class: 'search' }),
    label('Database', database),
    label('State', state),
    label('Issue', issue),
  );
}

function pageButtons(at: number, last: number, show: (page: number) => void): readonly HTMLElement[] {
  const to = (label: string, page: number, isPossible: boolean): HTMLElement =>
    button(label, isPossible ? {} : { disabled: '' }, () => show(page));
  return [to('First', 0, at > 0), to('Previous', at - 1, at > 0), to('Next', at + 1, at < last), to('Last', last, at < last)];
}
