import type { CopyPart, CopyUnit } from '../model/transfer.ts';
import { liesWithin, place, restBelow } from '../translate/place.ts';

/** What an earlier copy of a unit brought, by the listings that it was proved with. */
export interface CopyRecord {
  readonly source: string;
  readonly target: string;
  /** Digests of listings by source directory of the parts. */
  readonly parts: Readonly<Record<string, string>>;
  /** Digest of the listing of what lies in no part. */
  readonly rest?: string;
}

/** Which of the content is to be copied again. */
export type IncrementalRule =
  /** What is not there with the same listing as when it was copied to the same place. */
  | { readonly kind: 'changed'; readonly records: readonly CopyRecord[] }
  /** What was modified after a moment, ISO-8601 UTC. Clocks of the clusters must be in step. */
  | { readonly kind: 'modified-after'; readonly moment: string }
  /** What holds a path that failed, as the logs of the failed attempt name it. */
  | { readonly kind: 'failed'; readonly paths: readonly string[] };

/** Parts of the units that are to be copied, and what is left as it is. */
export interface IncrementalCopies {
  readonly units: readonly CopyUnit[];
  /** Source directories that are not copied, sorted; a unit's own directory stands for what lies in no part of it. */
  readonly unchanged: readonly string[];
  /** Recorded parts that the source does not have any more, sorted. Nothing is removed at the target. */
  readonly gone: readonly string[];
}

/**
 * Cuts units down to what changed. What nothing is known of is copied: `-update` then looks at each file of it. Each file is in one
 * copy at most, and goes where it went.
 */
export function incrementalCopies(units: readonly CopyUnit[], rule: IncrementalRule): IncrementalCopies {
  const isChanged = changedBy(rule);
  const cut = units.map((unit) => cutUnit(unit, isChanged));
  return {
    units: cut.flatMap(({ kept }) => kept),
    unchanged: cut.flatMap(({ unchanged }) => unchanged).sort(),
    gone: rule.kind === 'changed' ? goneSince(rule.records, units) : [],
  };
}

/** What is to be kept of copies that were proved: the next `changed` rule starts from it. Parts without a listing are not in it. */
export function recordsOf(units: readonly CopyUnit[]): readonly CopyRecord[] {
  return units.map(({ source, target, parts, rest }) => ({
    source,
    target,
    parts: Object.fromEntries(parts.flatMap((part) => (part.listing === undefined ? [] : [[part.source, part.listing] as const]))),
    ...(rest?.listing === undefined ? {} : { rest: rest.listing }),
  }));
}

/** @param part absent for what lies in no part of the unit */
type Judge = (unit: CopyUnit, part?: CopyPart) => boolean;

function changedBy(rule: IncrementalRule): Judge {
  switch (rule.kind) {
    case 'changed': {
      const records = new Map(rule.records.map((record) => [`${record.source} ${record.target}`, record]));
      return (unit, part) => {
        const record = records.get(`${unit.source} ${unit.target}`);
        const now = part === undefined ? unit.rest?.listing : part.listing;
        const before = part === undefined ? record?.rest : record?.parts[part.source];
        return now === undefined || now !== before;
      };
    }
    case 'modified-after': {
      const moment = Date.parse(rule.moment);
      return (unit, part) => {
        const modifiedAt = part === undefined ? unit.rest?.modifiedAt : part.modifiedAt;
        return modifiedAt === undefined || Date.parse(modifiedAt) > moment;
      };
    }
    case 'failed':
      return (unit, part) =>
        rule.paths.some((path) => holds(path, part ?? unit) || (part === undefined ? isInRest(unit, path) : liesWithin(path, part.source)));
  }
}

/** A directory that failed did so with all that lies in it. */
const holds = (path: string, { source }: { readonly source: string }): boolean => path === source || liesWithin(source, path);

function isInRest({ source, parts, excluded }: CopyUnit, path: string): boolean {
  return liesWithin(path, source) && ![...parts.map((part) => part.source), ...excluded].some((other) => liesWithin(path, other));
}

interface CutUnit {
  readonly kept: readonly CopyUnit[];
  readonly unchanged: readonly string[];
}

/** The rest with the changed parts in it; without it, the changed parts by themselves. */
function cutUnit(unit: CopyUnit, isChanged: Judge): CutUnit {
  const changed = unit.parts.filter((part) => isChanged(unit, part));
  const left = unit.parts.filter((part) => !changed.includes(part)).map(({ source }) => source);
  if (!isChanged(unit)) return { kept: changed.map((part) => unitOfPart(unit, part)), unchanged: [unit.source, ...left] };
  if (left.length === 0) return { kept: [unit], unchanged: [] };
  const { size: _size, ...rest } = unit;
  return { kept: [{ ...rest, parts: changed, excluded: [...unit.excluded, ...left].sort() }], unchanged: left };
}

function unitOfPart({ size: _size, rest: _rest, visible = [], ...unit }: CopyUnit, { source, size }: CopyPart): CopyUnit {
  const below = restBelow(source, unit.source) ?? '';
  const shown = visible.filter((each) => liesWithin(each, source));
  return {
    ...unit,
    id: `${unit.id}/${below}`,
    source,
    target: place(unit.target, below),
    excluded: unit.excluded.filter((each) => liesWithin(each, source)),
    ...(shown.length === 0 ? {} : { visible: shown }),
    ...(size === undefined ? {} : { size }),
    parts: [],
  };
}

function goneSince(records: readonly CopyRecord[], units: readonly CopyUnit[]): readonly string[] {
  const there = new Set(units.flatMap(({ parts }) => parts.map(({ source }) => source)));
  const planned = new Set(units.map(({ source }) => source));
  const recorded = records.filter(({ source }) => planned.has(source)).flatMap(({ parts }) => Object.keys(parts));
  return [...new Set(recorded.filter((source) => !there.has(source)))].sort();
}
