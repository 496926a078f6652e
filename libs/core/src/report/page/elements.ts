type Child = Node | string;
type Attributes = Readonly<Record<string, string>>;

const GOOD = new Set(['MIGRATE', 'VERIFIED']);
const BAD = new Set(['REFUSED', 'FAILED', 'NOT_VERIFIED', 'SOURCE_CHANGING']);
const order = new Intl.Collator('en', { numeric: true });

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(text: string, attributes: Attributes, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', onClick);
  return made;
}

export function tone(state: string): string {
  if (GOOD.has(state)) return 'good';
  return BAD.has(state) ? 'bad' : 'dim';
}

export function severityTone(severity: string): string {
  if (severity === 'refusal' || severity === 'failure') return 'bad';
  return severity === 'warning' || severity === 'hazard' ? 'warn' : 'dim';
}

export function tally(values: Iterable<string>): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => order.compare(a, b));
}

export const table = (labels: readonly string[], numbers: ReadonlySet<string>, body: HTMLElement): HTMLTableElement =>
  element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...labels.map((label) => element('th', { scope: 'col', ...(numbers.has(label) ? { class: 'number' } : {}) }, label)),
      ),
    ),
    body,
  );
