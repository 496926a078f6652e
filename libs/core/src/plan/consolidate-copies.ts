import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { compareText } from '../model/order.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import type { ScriptSettings } from '../model/script-settings.ts';
import { canonicalPlace, lastNameIn, parentOf, place } from '../translate/place.ts';

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
  const wide = copies.map((copy) =>
    whole.has(parentKey(copy)) ? { ...copy, source: parentOf(copy.source), target: parentOf(copy.target) } : copy,
  );
  const roots = [...new Set(wide.filter((copy, index) => copy !== copies[index]).map(({ source }) => source))].sort();
  const detail = { count: roots.length, examples: roots.slice(0, 5) };
  return { copies: uncovered(wide), issues: roots.length === 0 ? [] : [issue('COPY_OF_WHOLE_DIRECTORY', database.name, detail)] };
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

/** Few copies lie below another: keys are made for these alone, there may be as many copies as tables. */
function uncovered(copies: readonly ScriptCopy[]): readonly ScriptCopy[] {
  const sources = new Set(copies.map(({ source }) => source));
  const outer = new Set(
    copies.flatMap((copy) =>
      widenings(copy)
        .map(({ source }) => source)
        .filter((source) => sources.has(source)),
    ),
  );
  const known = new Set(copies.filter(({ source }) => outer.has(source)).map(keyOf));
  const kept = copies.filter((copy) => known.size === 0 || !widenings(copy).some((wide) => known.has(keyOf(wide)))).sort(byPlaces);
  return kept.filter((copy, index) => index === 0 || byPlaces(copy, kept[index - 1] ?? copy) !== 0);
}

/** The same copy of each directory above that keeps its name, from the inside. */
function widenings(copy: ScriptCopy): readonly ScriptCopy[] {
  const found: ScriptCopy[] = [];
  for (let wide = copy; lastNameIn(wide.source) !== '' && lastNameIn(wide.source) === lastNameIn(wide.target); found.push(wide)) {
    wide = { ...wide, source: parentOf(wide.source), target: parentOf(wide.target) };
  }
  return found;
}

function byPlaces(a: ScriptCopy, b: ScriptCopy): number {
  return compareText(a.source, b.source) || compareText(a.target, b.target) || compareText(a.side, b.side);
}

function keyOf({ side, source, target }: ScriptCopy): string {
  return `${side}\u0000${source}\u0000${target}`;
}
