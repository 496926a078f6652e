import { isHdfs } from '../distcp/arguments.ts';
import type { CopyUnit } from '../model/transfer.ts';

/** What is known of snapshots of one side's directories. */
export interface SnapshotFacts {
  /** Names of the snapshots by snapshottable directory, oldest first. */
  readonly snapshots: Readonly<Record<string, readonly string[]>>;
}

/** `-update -diff from to`: DistCp asks the source's NameNode what changed, and lists nothing. */
export type SnapshotDiff =
  | {
      readonly kind: 'diff';
      readonly from: string;
      readonly to: string;
      /** Made at the target at once after the copy: without it the next difference has nothing to start from. */
      readonly createAtTarget: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** How a unit may be copied by the difference of two snapshots. */
export interface SnapshotInput {
  readonly source: SnapshotFacts;
  readonly target: SnapshotFacts;
  /** The difference replays deletions and renames of the source: hazard TARGET_FILES_REMOVED. */
  readonly mayRemove: boolean;
  /** Whether the target's directory differs from its latest common snapshot: `hdfs snapshotDiff` says so. */
  readonly isTargetChanged: boolean;
}

/**
 * Says whether a unit can be copied by `-diff`, from the latest snapshot that both sides have to the latest of the source. Refused
 * where DistCp refuses, or where the difference would bring or remove what the copy leaves alone: it knows no excluded directory.
 */
export function snapshotDiff(unit: CopyUnit, { source, target, mayRemove, isTargetChanged }: SnapshotInput): SnapshotDiff {
  const [ours, theirs] = [source.snapshots[unit.source], target.snapshots[unit.target]];
  if (!isHdfs(unit.source) || !isHdfs(unit.target)) return refused('both sides must be HDFS');
  if (ours === undefined) return refused(`${unit.source} is not snapshottable: hdfs dfsadmin -allowSnapshot`);
  if (theirs === undefined) return refused(`${unit.target} is not snapshottable: hdfs dfsadmin -allowSnapshot`);
  const from = ours.findLast((name) => theirs.includes(name));
  const to = ours.at(-1);
  if (from === undefined || to === undefined)
    return refused('the sides have no snapshot of the same name: the first copy must be a whole one');
  if (theirs.at(-1) !== from) return refused(`the target has snapshots after ${from}, the latest that both have`);
  if (to === from) return refused(`the source has no snapshot after ${from}: make one`);
  if (isTargetChanged) return refused(`the target was changed since ${from}: DistCp would refuse it`);
  if (unit.excluded.length > 0) return refused(`${unit.excluded.length} directories below it are left out, which a difference cannot do`);
  if (!mayRemove) return refused('it removes at the target what was removed at the source: allow TARGET_FILES_REMOVED');
  return { kind: 'diff', from, to, createAtTarget: to };
}

/** Where a unit is copied as a whole though snapshots were asked for, and why. */
export interface RefusedDiff {
  readonly source: string;
  readonly reason: string;
}

/** Units by the difference of their snapshots where that may be, the others as they are. */
export function bySnapshots(
  units: readonly CopyUnit[],
  input: SnapshotInput,
): { readonly units: readonly CopyUnit[]; readonly refused: readonly RefusedDiff[] } {
  const judged = units.map((unit) => ({ unit, diff: snapshotDiff(unit, input) }));
  return {
    units: judged.map(({ unit, diff }) => (diff.kind === 'diff' ? { ...unit, snapshots: { from: diff.from, to: diff.to } } : unit)),
    refused: judged.flatMap(({ unit: { source }, diff }) => (diff.kind === 'diff' ? [] : [{ source, reason: diff.reason }])),
  };
}

function refused(reason: string): SnapshotDiff {
  return { kind: 'refused', reason };
}
