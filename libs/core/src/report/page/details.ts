import { element } from './elements.ts';
import type { ReportedCopy, ReportDetails, ReportFacts } from '../report-model.ts';
import { noted } from './sections.ts';

/** Lines that the other side has too, in order, by longest common subsequence; beyond 400 lines nothing is marked. */
function commonLines(left: readonly string[], right: readonly string[]): readonly [ReadonlySet<number>, ReadonlySet<number>] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const [here, below] = [lengths[i], lengths[i + 1]];
      if (here === undefined || below === undefined) continue;
      here[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0);
    }
  }
  const [ofLeft, ofRight] = [new Set<number>(), new Set<number>()];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) {
      ofLeft.add(i++);
      ofRight.add(j++);
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return [ofLeft, ofRight];
}

function ddl(lines: readonly string[], common: ReadonlySet<number> | undefined, label: string): HTMLElement {
  const parts = lines.map((line, index) => (common === undefined || common.has(index) ? `${line}\n` : element('mark', {}, line)));
  return element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, ...(parts.length === 0 ? ['nothing'] : parts));
}

function sideBySide(details: ReportDetails, { sides }: ReportFacts): readonly HTMLElement[] {
  const linesOf = (statements: readonly string[]): readonly string[] => statements.flatMap((text) => `${text};`.split('\n'));
  const [left, right] = [details.sourceDdl === undefined ? [] : linesOf([details.sourceDdl]), linesOf(details.statements.target)];
  const marks = left.length * right.length > 0 && Math.max(left.length, right.length) <= 400 ? commonLines(left, right) : undefined;
  const [there, here] = [`As it stands on ${sides.source}`, `To be run on ${sides.target}`];
  const onSource = linesOf(details.statements.source);
  return [
    element(
      'div',
      { class: 'sides' },
      element('div', {}, element('h3', {}, there), ddl(left, marks?.[0], there)),
      element('div', {}, element('h3', {}, here), ddl(right, marks?.[1], here)),
    ),
    ...(onSource.length === 0
      ? []
      : [element('h3', {}, `To be run on ${sides.source}`), ddl(onSource, undefined, `To be run on ${sides.source}`)]),
  ];
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
