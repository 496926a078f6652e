import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { isWithin, partsOf, relativeTo } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { TableName } from '../model/table.ts';

/** One copy of one table of a run, or the place of its inserted rows. */
export interface Destination {
  readonly table: TableName;
  readonly source: Location;
  readonly target: Location;
  /** Rows that Hive writes anew, each table its own: they share a directory with nobody, whatever the source does. */
  readonly isWritten?: true;
  /** Of a table that is used at the target as soon as it is there: what its copy leaves out of the source, which others may bring. */
  readonly leavesOut?: readonly Location[];
}

/**
 * Tables of one run whose files would be mixed: a destination that is, holds, or lies in another table's, while their sources do
 * not lie so. One sort and one scan over the copies of all tables.
 *
 * @returns by `displayName` of the table, one refusal each
 */
export function destinationClashes(destinations: readonly Destination[]): ReadonlyMap<string, Issue> {
  const found = new Map<string, Issue>();
  const open: Destination[] = [];
  for (const next of sortedBy(destinations, ({ target, table }) => [...keyOf(target), '', displayName(table)].join('\u0000'))) {
    while (isLeft(open.at(-1), next)) open.pop();
    for (const outer of open.filter((candidate) => isClash(candidate, next))) {
      note(found, outer, next);
      note(found, next, outer);
    }
    open.push(next);
  }
  return found;
}

/** The plan as it is when something else than the table itself stands against it. */
export function refusePlan(plan: TablePlan, refusal: Issue): TablePlan {
  const {
    expected: _expected,
    expectedOwner: _owner,
    rows: _rows,
    existing: _existing,
    discovery: _discovery,
    vanished: _vanished,
    relocation: _relocation,
    ...rest
  } = plan;
  return { ...rest, decision: 'REFUSED', partitions: [], statements: [], copyJobs: [], decisions: [], issues: [...plan.issues, refusal] };
}

function isLeft(last: Destination | undefined, next: Destination): boolean {
  return last !== undefined && !isWithin(next.target, last.target);
}

/** The same files of the source at the same relative place are no clash, unless they are used there when they come: shared and nested tables stay so. */
function isClash(outer: Destination, inner: Destination): boolean {
  if (displayName(outer.table) === displayName(inner.table)) return false;
  if (outer.isWritten === true || inner.isWritten === true) return true;
  if (outer.leavesOut !== undefined && !outer.leavesOut.some((other) => isWithin(inner.source, other))) return true;
  return relativeTo(inner.source, outer.source)?.join('/') !== relativeTo(inner.target, outer.target)?.join('/');
}

function note(found: Map<string, Issue>, own: Destination, other: Destination): void {
  const subject = displayName(own.table);
  if (found.has(subject)) return;
  found.set(subject, issue('DESTINATION_TAKEN', subject, { target: own.target, other: displayName(other.table), source: other.source }));
}

/** NUL sorts before every character of a segment: what lies in a directory follows it directly. An empty segment ends the path. */
function keyOf(location: Location): readonly string[] {
  const { namespace, segments } = partsOf(location);
  return [namespace, ...segments];
}
