import { isHiddenName } from '../distcp/filters.ts';
import { compareText } from '../model/order.ts';
import type { CopyPart, CopySize, CopyUnit, PlannedCopy } from '../model/transfer.ts';
import { liesWithin, place, restBelow } from '../translate/place.ts';
import { knownSizes, less, share, sumOf } from './copy-sizes.ts';

/** A directory that holds parts of a unit, or is one. */
interface Branch {
  readonly source: string;
  readonly target: string;
  readonly size: CopySize;
  /** What it holds; empty when it is a part itself. */
  readonly parts: readonly SizedPart[];
}

type SizedPart = CopyPart & { readonly size: CopySize };

/**
 * The copies of one unit, none larger than asked for where its parts allow that: the largest directories get copies of their own
 * and are left out of the copy of the rest. Each file is in exactly one of them, and goes where it went.
 *
 * A part of unknown size counts as an equal share of what the unit holds beside the others. Directories with a hidden-looking name
 * are not split off: from within it, nothing would tell that its files are hidden.
 *
 * @returns groups that may share a job: the rest alone, then directories beside each other
 */
export function splitUnit(unit: CopyUnit, jobBytes: number): readonly (readonly PlannedCopy[])[] {
  const { size } = unit;
  if (size === undefined || size.bytes <= jobBytes || unit.snapshots !== undefined) return [[wholeOf(unit)]];
  const root = { source: unit.source, target: unit.target, size, parts: sizedParts(unit, size) };
  return splitBranch(unit, root, jobBytes);
}

function splitBranch(unit: CopyUnit, branch: Branch, jobBytes: number): readonly (readonly PlannedCopy[])[] {
  const off = tooMuch(branchesOf(branch), branch.size, jobBytes);
  if (off.length === 0) return [[copyOf(unit, branch, [])]];
  const rest = { ...branch, size: less(branch.size, sumOf(off.map(({ size }) => size))) };
  const kept = copyOf(
    unit,
    rest,
    off.map(({ source }) => source),
  );
  const large = off.filter(({ size }) => size.bytes > jobBytes);
  const fitting = off.filter(({ size }) => size.bytes <= jobBytes);
  return [
    [kept],
    ...large.flatMap((each) => splitBranch(unit, each, jobBytes)),
    ...grouped(
      fitting.map((each) => copyOf(unit, each, [])),
      jobBytes,
    ),
  ];
}

/** The largest ones, until the rest is no longer too much; in the order of their names. */
function tooMuch(branches: readonly Branch[], size: CopySize, jobBytes: number): readonly Branch[] {
  let left = size.bytes;
  const off: Branch[] = [];
  for (const branch of [...branches].sort((a, b) => b.size.bytes - a.size.bytes || compareText(a.source, b.source))) {
    if (left <= jobBytes || branch.size.bytes === 0) break;
    off.push(branch);
    left -= branch.size.bytes;
  }
  return off.sort((a, b) => compareText(a.source, b.source));
}

/** The directories directly below that hold parts. */
function branchesOf({ source, target, parts }: Branch): readonly Branch[] {
  const byName = new Map<string, SizedPart[]>();
  for (const part of parts) {
    const [name = ''] = (restBelow(part.source, source) ?? '').split('/');
    if (name === '' || isHiddenName(name)) continue;
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [part]);
    else same.push(part);
  }
  return [...byName].map(([name, same]): Branch => {
    const own = place(source, name);
    const inner = same.filter((part) => part.source !== own);
    return { source: own, target: place(target, name), size: sumOf(same.map(({ size }) => size)), parts: inner };
  });
}

function sizedParts(unit: CopyUnit, whole: CopySize): readonly SizedPart[] {
  const parts = unit.parts.filter(({ source }) => !unit.excluded.some((place) => liesWithin(source, place)));
  const { known, unknown } = knownSizes(parts);
  const each = share(less(whole, known), unknown);
  return parts.map((part) => ({ ...part, size: part.size ?? each }));
}

/** Neighbours by name, as many as fit into one job. */
function grouped(copies: readonly PlannedCopy[], jobBytes: number): readonly (readonly PlannedCopy[])[] {
  const groups: PlannedCopy[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const copy of copies) {
    const own = copy.size?.bytes ?? 0;
    if (bytes + own > jobBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(copy);
    bytes += own;
  }
  return groups;
}

function wholeOf({ id, source, target, excluded, visible, size, snapshots }: CopyUnit): PlannedCopy {
  return {
    unit: id,
    source,
    target,
    excluded,
    ...(visible === undefined ? {} : { visible }),
    ...(size === undefined ? {} : { size }),
    ...(snapshots === undefined ? {} : { snapshots }),
  };
}

/** The unit as far as it lies in the branch. */
function copyOf(unit: CopyUnit, { source, target, size }: Branch, off: readonly string[]): PlannedCopy {
  const excluded = [...unit.excluded.filter((place) => liesWithin(place, source)), ...off].sort();
  const visible = (unit.visible ?? []).filter((place) => liesWithin(place, source));
  return { unit: unit.id, source, target, excluded, ...(visible.length === 0 ? {} : { visible }), size };
}
