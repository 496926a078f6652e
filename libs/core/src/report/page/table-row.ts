import { detailsCell } from './details.ts';
import { button, element, tally, tone } from './elements.ts';
import { packedParts, unpack } from './packed-parts.ts';
import { TABLES_A_PART } from '../report-model.ts';
import type { ReportDetails, ReportFacts, ReportRow } from '../report-model.ts';

interface Place {
  /** Among all tables. */
  readonly index: number;
  /** Number of columns. */
  readonly columns: number;
  readonly facts: ReportFacts;
}

/** One line of the list; its button unfolds the table's details below it. */
export function tableRow(row: ReportRow, { index, columns, facts }: Place): HTMLElement {
  const [database, name, target, state, strategy, issues, copies, counted] = row;
  const opener = button(`${database}.${name}`, { class: 'open', 'aria-expanded': 'false' }, () => void toggle());
  const codes = tally(issues.map(([code]) => code)).map(([code, count]) =>
    element('div', {}, count > 1 ? `${code} (${String(count)})` : code),
  );
  const numbers = counted.map(([label, value]) => `${typeof value === 'number' ? value.toLocaleString('en') : value} ${label}`);
  const made = element(
    'tr',
    {},
    element('td', {}, opener),
    element('td', {}, target),
    element('td', { class: tone(state) }, state),
    element('td', {}, strategy),
    element('td', {}, ...codes),
    element('td', { class: 'number' }, copies === 0 ? '' : copies.toLocaleString('en')),
    ...(columns > 6 ? [element('td', {}, numbers.join(', '))] : []),
  );
  let shown: HTMLElement | undefined;
  const toggle = async (): Promise<void> => {
    opener.setAttribute('aria-expanded', String(shown === undefined));
    if (shown !== undefined) {
      shown.remove();
      shown = undefined;
      return;
    }
    shown = element('tr', {}, element('td', { colspan: String(columns) }, 'is being unpacked'));
    made.after(shown);
    const details = await detailsOf(index);
    if (details !== undefined) shown.replaceChildren(detailsCell(details, { columns, facts }));
  };
  return made;
}

async function detailsOf(index: number): Promise<ReportDetails | undefined> {
  const part = packedParts('details')[Math.floor(index / TABLES_A_PART)];
  return part === undefined ? undefined : (await unpack<readonly ReportDetails[]>(part))[index % TABLES_A_PART];
}
