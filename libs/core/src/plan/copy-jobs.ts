import { checkCopyJob } from '../distcp/check-copy-job.ts';
import { isHiddenSegment } from '../inventory/hidden.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { below, isWithin, locate, partsOf, relativeTo } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import type { PairCopyJob, PlannedPartition } from '../model/plan.ts';
import type { TableMove } from '../translate/translate-table.ts';

/** The directories of one table that are copied, and what else lies in them. */
export interface CopyPlanInput {
  readonly subject: string;
  readonly move: TableMove;
  readonly partitions: readonly PlannedPartition[];
  /** Directories of other tables below this one's that are left out. */
  readonly foreign: readonly Location[];
}

/** Jobs that copy each file of the table once, or what stands against it. */
export interface CopyPlan {
  readonly jobs: readonly PairCopyJob[];
  readonly issues: readonly Issue[];
}

interface Root {
  readonly source: Location;
  readonly target: Location;
  readonly excluded: Location[];
}

/**
 * One job for the table's directory and one for each directory outside it that is not already covered by another.
 *
 * A directory below another root that goes to the same relative place is covered; one that goes elsewhere is left out there and
 * gets its own job. No two jobs share a file or a destination: else DESTINATIONS_OVERLAP or COPY_ONTO_ITSELF.
 */
export function planCopies(input: CopyPlanInput): CopyPlan {
  const roots = rootsOf(input);
  const issues = [...overlaps(roots, input.subject), ...copiesOntoItself(roots, input.subject)];
  const visible = hiddenLooking(input.partitions, roots);
  const jobs = roots.map((root, index): PairCopyJob => {
    const shown = visible.get(root.source) ?? [];
    const job = {
      id: `copy-${index + 1}`,
      kind: 'pair',
      source: root.source,
      target: root.target,
      excluded: sortedBy(root.excluded, (path) => path),
    } as const;
    return shown.length === 0 ? job : { ...job, visible: shown };
  });
  return { jobs, issues: issues.length > 0 ? issues : jobs.flatMap(checkCopyJob) };
}

/** The table's root comes first, the others by location. */
function rootsOf({ move, partitions, foreign }: CopyPlanInput): readonly Root[] {
  const table: Root = { source: move.from, target: move.to, excluded: [...foreign] };
  const outside = partitions.filter(({ source }) => !isWithin(source, move.from));
  const kept: Root[] = [];
  const open: Root[] = [];
  for (const { source, target } of sortedBy(outside, (partition) => pathKey(partition.source))) {
    while (open.length > 0 && !isInside(source, open.at(-1))) open.pop();
    const holder = open.at(-1);
    if (holder !== undefined && isCovered({ source, target }, holder)) continue;
    holder?.excluded.push(source);
    const root = { source, target, excluded: [] };
    kept.push(root);
    open.push(root);
  }
  return [table, ...kept];
}

function isInside(source: Location, root: Root | undefined): boolean {
  return root !== undefined && isWithin(source, root.source);
}

function isCovered({ source, target }: { readonly source: Location; readonly target: Location }, holder: Root): boolean {
  const rest = relativeTo(source, holder.source);
  return rest !== undefined && below(holder.target, rest) === target;
}

/** One sort and one scan: a destination that holds another is followed by it. */
function overlaps(roots: readonly Root[], subject: string): readonly Issue[] {
  const ordered = sortedBy(roots, ({ target }) => pathKey(target));
  return ordered
    .flatMap((root, index) => {
      const before = ordered[index - 1];
      if (before === undefined || !isWithin(root.target, before.target)) return [];
      return [
        issue('DESTINATIONS_OVERLAP', subject, {
          first: `${before.source} -> ${before.target}`,
          second: `${root.source} -> ${root.target}`,
        }),
      ];
    })
    .slice(0, 5);
}

function copiesOntoItself(roots: readonly Root[], subject: string): readonly Issue[] {
  const [first] = roots.filter(({ source, target }) => isWithin(source, target) || isWithin(target, source));
  return first === undefined ? [] : [issue('COPY_ONTO_ITSELF', subject, { source: first.source, target: first.target })];
}

/** Partition directories that look hidden from their root: copied all the same. Walks up from each partition to the roots above it. */
function hiddenLooking(partitions: readonly PlannedPartition[], roots: readonly Root[]): ReadonlyMap<Location, readonly Location[]> {
  const sources = new Set(roots.map(({ source }) => source));
  const found = new Map<Location, Location[]>();
  for (const { source } of partitions) {
    for (const root of ancestorsOf(source).filter((ancestor) => sources.has(ancestor))) {
      const list = found.get(root);
      const isHiddenLooking = relativeTo(source, root)?.some((segment) => isHiddenSegment(segment)) === true;
      if (isHiddenLooking && list === undefined) found.set(root, [source]);
      else if (isHiddenLooking && list?.at(-1) !== source) list?.push(source);
    }
  }
  return new Map([...found].map(([root, list]) => [root, [...new Set(sortedBy(list, (path) => path))]]));
}

/** All directories above a location, the root of its namespace first. */
export function ancestorsOf(location: Location): readonly Location[] {
  const { namespace, segments } = partsOf(location);
  return segments.map((_, depth) => locate(namespace, segments.slice(0, depth)));
}

/** NUL sorts before every character of a segment: what lies in a directory follows it directly. */
function pathKey(location: Location): string {
  const { namespace, segments } = partsOf(location);
  return [namespace, ...segments].join('\u0000');
}
