import { copyLines } from './details.ts';
import { button, element } from './elements.ts';
import { packedParts, unpack } from './packed-parts.ts';
import type { ReportedCopy, ReportDetails, ReportFacts } from '../report-model.ts';

const SHOWN = 500;

/** All copies of the run, unpacked when asked for. */
export function copyPlan(total: number, facts: ReportFacts): readonly HTMLElement[] {
  if (total === 0) return [];
  const search = element('input', { type: 'search', autocomplete: 'off', placeholder: 'part of a path' });
  const found = element('p', { role: 'status', class: 'dim' }, `${total.toLocaleString('en')} copies, each listed with its table too.`);
  const list = element('div');
  let copies: readonly ReportedCopy[] | undefined;
  const show = async (): Promise<void> => {
    copies ??= await copiesOfAll();
    const kept = copies.filter(({ source, target }) => `${source} ${target}`.includes(search.value.trim()));
    found.textContent = `${kept.length.toLocaleString('en')} copies${kept.length > SHOWN ? `; the first ${String(SHOWN)} are shown` : ''}`;
    list.replaceChildren(copyLines(kept.slice(0, SHOWN), facts));
  };
  search.addEventListener('input', () => void show());
  const controls = element(
    'div',
    { class: 'filters' },
    element('label', { class: 'search' }, 'Search in paths', search),
    button('List all copies', {}, () => void show()),
  );
  return [element('h2', {}, 'Copy plan'), controls, found, list];
}

async function copiesOfAll(): Promise<readonly ReportedCopy[]> {
  const all: ReportedCopy[] = [];
  for (const part of packedParts('details')) for (const { copies } of await unpack<readonly ReportDetails[]>(part)) all.push(...copies);
  return all;
}
