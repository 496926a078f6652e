import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { compareText } from '../model/order.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import type { ScriptSettings } from '../model/script-settings.ts';
import type { CopySize } from '../model/transfer.ts';
import { canonicalPlace, lastNameIn, parentOf, place } from '../translate/place.ts';
import { nearestAbove } from '../translate/places-above.ts';

export interface ConsolidatedCopies {
  readonly copies: readonly ScriptCopy[];
  readonly issues: readonly Issue[];
}

export interface CopiedDatabase {
  readonly name: string;
  /** Locations of all its tables, also of those that take no part. */
  readonly locations: readonly string[];
}

/**
 * Copies of a database: each once, sorted, none that another one brings along. When consolidation is asked for, a directory whose
 * tables all go to one place is copied whole, with what else lies in it.
 */
export function consolidateCopies(
  copies: readonly ScriptCopy[],
  { movement }: ScriptSettings,
  database: CopiedDatabase,
): ConsolidatedCopies {
  if (!movement.consolidateTables) return { copies: uncovered(copies), issues: [] };
  const whole = wholeDirectories(copies, database);
  const widened = [...Map.groupBy(copies, parentKey)].map(([key, same]) => (whole.has(key) ? { same, wide: widen(same) } : { same }));
  const wide = widened.flatMap((group) => group.wide ?? group.same);
  const roots = [...new Set(widened.flatMap((group) => group.wide?.source ?? []))].sort();
  const detail = { count: roots.length, examples: roots.slice(0, 5) };
  return { copies: uncovered(wide), issues: roots.length === 0 ? [] : [issue('COPY_OF_WHOLE_DIRECTORY', database.name, detail)] };
}

/** One copy of the directory of several, which are its parts; its size is known when theirs are. */
function widen(copies: readonly ScriptCopy[]): ScriptCopy | undefined {
  const [first] = copies;
  if (first === undefined) return undefined;
  const { side, source, target } = first;
  const distinct = [...new Map(copies.map((copy) => [copy.source, copy])).values()];
  const sizes = distinct.flatMap(({ size }) => size ?? []);
  const wide = { side, source: parentOf(source), target: parentOf(target) };
  if (sizes.length < distinct.length) return wide;
  const parts = distinct.map((copy) => ({ source: copy.source, ...(copy.size === undefined ? {} : { size: copy.size }) }));
  const total = (of: (size: CopySize) => number) => sizes.reduce((sum, size) => sum + of(size), 0);
  return { ...wide, size: { bytes: total(({ bytes }) => bytes), files: total(({ files }) => files) }, parts };
}

/** Pairs of directories, as keys, of which every recorded table below the first goes below the second under its old name. */
function wholeDirectories(copies: readonly ScriptCopy[], { locations }: CopiedDatabase): ReadonlySet<string> {
  const keeping = copies.filter(({ source, target }) => lastNameIn(source) === lastNameIn(target));
  const moved = new Set(keeping.map(keyOf));
  const children = new Map<string, Set<string>>();
  const sources = [...copies.map(({ source }) => source), ...locations.map(canonicalPlace)];
  for (const source of sources) append(children, parentOf(source), lastNameIn(source));
  const isWhole = (copy: ScriptCopy): boolean => {
    const [from, to] = [parentOf(copy.source), parentOf(copy.target)];
    return [...(children.get(from) ?? [])].every((name) =>
      moved.has(keyOf({ ...copy, source: place(from, name), target: place(to, name) })),
    );
  };
  const candidates = new Map(keeping.map((copy) => [parentKey(copy), copy]));
  return new Set([...candidates].filter(([, copy]) => isWhole(copy)).map(([key]) => key));
}

function append(children: Map<string, Set<string>>, parent: string, name: string): void {
  const names = children.get(parent);
  if (names === undefined) children.set(parent, new Set([name]));
  else names.add(name);
}

function parentKey(copy: ScriptCopy): string {
  return keyOf({ ...copy, source: parentOf(copy.source), target: parentOf(copy.target) });
}

/**
 * Copies that the one of the innermost directory around them does not bring to the same place. An outer one would not do: what lies
 * between goes elsewhere. Few copies lie in another: keys are made for those alone, there may be as many copies as tables.
 */
function uncovered(copies: readonly ScriptCopy[]): readonly ScriptCopy[] {
  const sources = new Set(copies.map(({ source }) => source));
  const holders = new Set(copies.flatMap(({ source }) => nearestAbove(source, (place) => sources.has(place)) ?? []));
  const around = copies.filter(({ source }) => holders.has(source));
  const [places, known] = [new Set(around.map(placeKey)), new Set(around.map(keyOf))];
  const kept = copies.filter((copy) => holders.size === 0 || !isBrought(copy, places, known)).sort(byPlaces);
  return kept.filter((copy, index) => index === 0 || byPlaces(copy, kept[index - 1] ?? copy) !== 0);
}

function isBrought(copy: ScriptCopy, places: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  const { side, source, target } = copy;
  const holder = nearestAbove(source, (place) => places.has(placeKey({ side, source: place })));
  if (holder === undefined) return false;
  const rest = source.slice(holder.length);
  return target.endsWith(rest) && known.has(keyOf({ side, source: holder, target: target.slice(0, -rest.length) }));
}

function byPlaces(a: ScriptCopy, b: ScriptCopy): number {
  return compareText(a.source, b.source) || compareText(a.target, b.target) || compareText(a.side, b.side);
}

function placeKey({ side, source }: Pick<ScriptCopy, 'side' | 'source'>): string {
  return `${side}\u0000${source}`;
}

function keyOf({ side, source, target }: ScriptCopy): string {
  return `${side}\u0000${source}\u0000${target}`;
}
