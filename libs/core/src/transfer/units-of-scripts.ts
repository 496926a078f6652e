import type { ScriptCopy } from '../model/script-plan.ts';
import type { CopyUnit } from '../model/transfer.ts';
import { nearestAbove, placesAbove } from '../translate/places-above.ts';

/**
 * The copies of a script as units: what is fetched from an intermediate storage waits for what is brought there, and a directory
 * whose files go elsewhere is left out of the copy of a directory above it.
 *
 * @param copies each once, none that another brings along
 */
export function unitsOfScripts(copies: readonly ScriptCopy[]): readonly CopyUnit[] {
  const inner = innerSources(copies);
  const bringing = bringingCopies(copies);
  const units = copies.map(({ side, source, target, size, parts = [] }, index): CopyUnit => ({
    id: idAt(index),
    subject: source,
    side,
    source,
    target,
    excluded: inner.get(keyOf({ side, source })) ?? [],
    after: side === 'source' ? [] : bringing(source),
    ...(size === undefined ? {} : { size }),
    parts,
  }));
  // Stable: those that others wait for come first.
  return bringing === noneBrings
    ? units
    : [...units.filter(({ side }) => side === 'source'), ...units.filter(({ side }) => side === 'target')];
}

function idAt(index: number): string {
  return `copy-${index + 1}`;
}

/** By copy, the sources of other copies of its side below it, no two of which hold each other. */
function innerSources(copies: readonly ScriptCopy[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(copies.map(keyOf));
  const inner = new Map<string, Set<string>>();
  for (const { side, source } of copies) {
    const outer = nearestAbove(source, (place) => known.has(keyOf({ side, source: place })));
    if (outer === undefined) continue;
    const key = keyOf({ side, source: outer });
    const found = inner.get(key);
    if (found === undefined) inner.set(key, new Set([source]));
    else found.add(source);
  }
  return new Map([...inner].map(([key, sources]) => [key, [...sources].sort()]));
}

function noneBrings(): readonly string[] {
  return [];
}

/** Which copies of the source's side fill a place of the intermediate storage, or a place above or below it. */
function bringingCopies(copies: readonly ScriptCopy[]): (place: string) => readonly string[] {
  const filling = new Map<string, string[]>();
  if (!copies.some(({ side }) => side === 'target')) return noneBrings;
  for (const [index, { side, target }] of copies.entries()) {
    if (side === 'target') continue;
    for (const place of [target, ...placesAbove(target)]) append(filling, place, idAt(index));
  }
  if (filling.size === 0) return noneBrings;
  const exact = new Map(copies.flatMap(({ side, target }, index) => (side === 'source' ? [[target, idAt(index)] as const] : [])));
  return (source) => {
    const above = placesAbove(source).flatMap((place) => exact.get(place) ?? []);
    return [...new Set([...above, ...(filling.get(source) ?? [])])];
  };
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function keyOf({ side, source }: Pick<ScriptCopy, 'side' | 'source'>): string {
  return `${side} ${source}`;
}
