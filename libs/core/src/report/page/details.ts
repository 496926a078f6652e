import { element } from './elements.ts';
import type { ReportedCopy, ReportDetails, ReportFacts } from '../report-model.ts';
import { noted } from './sections.ts';

/**
 * Lines that the other side has too, in order, by longest common subsequence; beyond 400 lines nothing is marked. Of several the last one
 * is taken: what comes first on a target is a trial, what comes last is what stands there afterwards.
 */
function commonLines(left: readonly string[], right: readonly string[]): readonly [ReadonlySet<number>, ReadonlySet<number>] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  const lengthAt = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = 1; i <= left.length; i += 1) {
    for (let j = 1; j <= right.length; j += 1) {
      const [row, isEqual] = [lengths[i], left[i - 1] === right[j - 1]];
      if (row !== undefined) row[j] = isEqual ? lengthAt(i - 1, j - 1) + 1 : Math.max(lengthAt(i - 1, j), lengthAt(i, j - 1));
    }
  }
  const [ofLeft, ofRight] = [new Set<number>(), new Set<number>()];
  for (let i = left.length, j = right.length; i > 0 && j > 0;) {
    if (left[i - 1] === right[j - 1]) {
      ofLeft.add((i -= 1));
      ofRight.add((j -= 1));
    } else if (lengthAt(i - 1, j) >= lengthAt(i, j - 1)) i -= 1;
    else j -= 1;
  }
  return [ofLeft, ofRight];
}

function ddl(lines: readonly string[], common: ReadonlySet<number> | undefined, label: string): HTMLElement {
  const parts = lines.map((line, index) => (common === undefined || common.has(index) ? `${line}\n` : element('mark', {}, line)));
  return element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, ...(parts.length === 0 ? ['nothing'] : parts));
}

/** The trial in a working database is folded, so that both definitions stand side by side. */
function sideBySide(details: ReportDetails, { sides }: ReportFacts): readonly HTMLElement[] {
  const linesOf = (statements: readonly string[]): readonly string[] => statements.flatMap((text) => `${text};`.split('\n'));
  const onTarget = details.statements.target;
  const trial = trialOf(onTarget);
  const [left, right] = [details.sourceDdl === undefined ? [] : linesOf([details.sourceDdl]), linesOf(onTarget.slice(trial.length))];
  const marks = left.length * right.length > 0 && Math.max(left.length, right.length) <= 400 ? commonLines(left, right) : undefined;
  const [there, here] = [`As it stands on ${sides.source}`, `To be run on ${sides.target}`];
  const onSource = linesOf(details.statements.source);
  return [
    element(
      'div',
      { class: 'sides' },
      element('div', {}, element('h3', {}, there), ddl(left, marks?.[0], there)),
      element('div', {}, element('h3', {}, here), ddl(right, marks?.[1], here), ...folded(trial, linesOf)),
    ),
    ...(onSource.length === 0
      ? []
      : [element('h3', {}, `To be run on ${sides.source}`), ddl(onSource, undefined, `To be run on ${sides.source}`)]),
  ];
}

/** What is made and dropped again before anything else is run. */
function trialOf(statements: readonly string[]): readonly string[] {
  return statements.length > 3 && statements[0] === statements[2] ? statements.slice(0, 3) : [];
}

function folded(trial: readonly string[], linesOf: (statements: readonly string[]) => readonly string[]): readonly HTMLElement[] {
  if (trial.length === 0) return [];
  const title = 'Tried before, and dropped again';
  return [element('details', {}, element('summary', {}, title), ddl(linesOf(trial), undefined, title))];
}

export function copyLines(copies: readonly ReportedCopy[], { sides }: ReportFacts): HTMLElement {
  return element(
    'ul',
    {},
    ...copies.map(({ source, target, runsAt }) =>
      element(
        'li',
        {},
        element('code', {}, source),
        ' to ',
        element('code', {}, target),
        element('span', { class: 'dim' }, ` (runs at ${sides[runsAt]})`),
      ),
    ),
  );
}

export function detailsCell(
  details: ReportDetails,
  { columns, facts }: { readonly columns: number; readonly facts: ReportFacts },
): HTMLElement {
  const list = (title: string, kind: 'ul' | 'ol', items: readonly HTMLElement[]): readonly HTMLElement[] =>
    items.length === 0 ? [] : [element('h3', {}, title), element(kind, {}, ...items)];
  return element(
    'td',
    { class: 'details', colspan: String(columns) },
    ...list(
      'Decided, in this order',
      'ol',
      details.decisions.map(({ rule, reason }) => element('li', {}, `${reason} `, element('span', { class: 'dim' }, `(${rule})`))),
    ),
    ...list('To be known', 'ul', details.issues.map(noted)),
    ...list(
      'Proof',
      'ul',
      (details.proof ?? []).map((line) => element('li', {}, line)),
    ),
    ...(details.copies.length === 0 ? [] : [element('h3', {}, 'Copies'), copyLines(details.copies, facts)]),
    ...sideBySide(details, facts),
  );
}
