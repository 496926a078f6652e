import { MigrationError, displayName, namespaceOf, ownsItsFiles, parseLocation, partitionName } from '@hiveferry/core';
import type { Location, Partition, PlannedPartition, TablePlan } from '@hiveferry/core';
import type { PartitionMove } from '@hiveferry/ports';
import type { FoundTable } from './read-back.ts';

/** What of a table of the target points at the files of its source now. */
export interface LinkedNow {
  readonly table: boolean;
  /** Partitions that do, each with its own place. */
  readonly partitions: readonly PartitionMove[];
}

/**
 * Looks at what stands on the target right before it is turned: each part of it still points at this source, or lies at its own place. Fault
 * TARGET_CHANGED for anything else: then it is another table than the one that was approved.
 */
export function linkedNow(plan: TablePlan, { foundTable, foundPartitions }: FoundTable): LinkedNow {
  if (foundTable === undefined) throw changed(plan, 'is gone from the target');
  if (foundTable.tableType !== 'EXTERNAL_TABLE') throw changed(plan, `is a ${foundTable.tableType} on the target now`);
  if (ownsItsFiles(foundTable)) throw changed(plan, "has external.table.purge on the target now: its files are the source's");
  const own = parseLocation(plan.expected?.storage.location ?? '');
  const at = placeOf(foundTable.storage.location, own);
  const isLinked = at === plan.existing?.linked?.table;
  if (at === undefined || (!isLinked && at !== own)) throw changed(plan, `lies at ${foundTable.storage.location ?? 'no location'} now`);
  const planned = new Map(plan.partitions.map((partition) => [partition.name, partition]));
  return { table: isLinked && at !== own, partitions: foundPartitions.flatMap((partition) => moveOf(plan, partition, planned)) };
}

function moveOf(plan: TablePlan, partition: Partition, all: ReadonlyMap<string, PlannedPartition>): readonly PartitionMove[] {
  const name = partitionName(plan.expected?.partitionKeys ?? [], partition.values);
  const planned = all.get(name);
  if (planned === undefined) throw changed(plan, `has partition ${name} now, which the plan does not know`);
  const at = placeOf(partition.storage.location, planned.target);
  if (at === planned.target) return [];
  if (at !== planned.source) throw changed(plan, `has partition ${name} at ${partition.storage.location ?? 'no location'} now`);
  return [{ name, from: planned.source, to: planned.target }];
}

const placeOf = (text: string | undefined, near: Location | undefined): Location | undefined =>
  parseLocation(text ?? '', near === undefined ? undefined : namespaceOf(near));

function changed(plan: TablePlan, what: string): MigrationError {
  const subject = displayName(plan.target);
  const message = `${subject} ${what}; when it was planned it was a link to the files of ${displayName(plan.source)}. Nothing was changed. Plan again.`;
  return new MigrationError('TARGET_CHANGED', message, { category: 'conflict', retry: 'operator', subject });
}
