import type { Neighbour } from '@hiveferry/core';
import type { RunLease } from './run-lease.port.ts';

/** Tables that a run does not move but must not hurt: of databases of the source that it does not select, and those that stand on its targets. */
export interface AroundStore {
  /** What an earlier look at the target found. */
  forget(lease: RunLease, target: string): Promise<void>;
  /** Can be repeated. @param target where they stand; absent: at the source, where they are neighbours of the selected ones */
  add(lease: RunLease, tables: readonly Neighbour[], target?: string): Promise<void>;
  /** Tables that stand on the target at or below each place, by `displayName` of the table that is to come there, which is not among them. */
  standing(
    scope: { readonly runId: string; readonly target: string },
    places: readonly Neighbour[],
  ): Promise<ReadonlyMap<string, readonly Neighbour[]>>;
}
