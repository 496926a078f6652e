import { partitionDirectory } from '../inventory/recorded-partition.ts';
import type { PartitionAt } from '../hiveql/script-statements.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { sortedBy } from '../model/order.ts';
import { canonicalPlace, place } from '../translate/place.ts';

/** Partitions that MSCK would not find: they lie elsewhere than Hive itself puts them. Those of unknown place are not among them. */
export function strayPartitions({ table, partitions }: RecordedTable): readonly PartitionAt[] {
  const directory = table.storage.location ?? '';
  const strays = partitions.flatMap(({ name, location }) =>
    location === undefined || canonicalPlace(location) === place(canonicalPlace(directory), partitionDirectory(name))
      ? []
      : [{ name, location }],
  );
  return sortedBy(strays, ({ name }) => name);
}
