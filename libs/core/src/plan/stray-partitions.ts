import { DEFAULT_PARTITION } from '../inventory/partition-name.ts';
import { partitionDirectory } from '../inventory/recorded-partition.ts';
import type { PartitionAt } from '../hiveql/script-statements.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { sortedBy } from '../model/order.ts';
import { canonicalPlace, place } from '../translate/place.ts';

/** Partitions that MSCK would not find: they lie elsewhere than Hive itself puts them. Those of unknown place are not among them. */
export function strayPartitions({ table, partitions }: RecordedTable): readonly PartitionAt[] {
  const known = partitions.flatMap(({ name, location }) => (location === undefined ? [] : [{ name, location }]));
  return sortedBy(strayed(known, table.storage.location ?? ''), ({ name }) => name);
}

/** Hive refuses `__HIVE_DEFAULT_PARTITION__` in ADD PARTITION (10111, measured in 3.1.3 and 4.0.1). */
export function isDefaultPartition({ name }: { readonly name: string }): boolean {
  return name.includes(DEFAULT_PARTITION) && name.split('/').some((pair) => pair.endsWith(`=${DEFAULT_PARTITION}`));
}

/** Default partitions that neither ADD PARTITION nor MSCK brings to where they lie. */
export function unreachablePartitions(
  subject: string,
  partitions: readonly PartitionAt[],
  directory: string | undefined,
): readonly Issue[] {
  const found = strayed(partitions.filter(isDefaultPartition), directory ?? '');
  if (found.length === 0) return [];
  return [issue('DEFAULT_PARTITION_STRAYED', subject, { count: found.length, examples: found.slice(0, 5).map(({ name }) => name) })];
}

function strayed(partitions: readonly PartitionAt[], directory: string): readonly PartitionAt[] {
  const base = canonicalPlace(directory);
  return partitions.filter(
    ({ name, location }) => location !== `${base}/${name}` && canonicalPlace(location) !== place(base, partitionDirectory(name)),
  );
}
