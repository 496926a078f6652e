import { partitionName } from '../inventory/partition-name.ts';
import type { TableInput } from '../inventory/table-input.ts';
import type { Issue } from '../model/issue.ts';
import { below, parseLocation } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { sortedBy } from '../model/order.ts';
import type { LocationMapping, PlannedPartition } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Partition, StorageDescriptor, Table } from '../model/table.ts';
import { summary } from '../translate/map-table.ts';
import { partitionParameters } from '../translate/properties.ts';

/** How Hive makes the partitions of a table whose rows it moves. */
export interface PartitionWay {
  /** What becomes of a partition's descriptor, but for its place. */
  readonly storageOf: (partition: Partition, expected: Table) => StorageDescriptor;
  /** Why it lies in the directory of its name. */
  readonly placed: Pick<LocationMapping, 'rule' | 'reason'>;
  /** True when those of a table that is renamed come with their properties: nobody could set them there before they are seen. */
  readonly bringsProperties: boolean;
}

interface PlacedPartitions {
  readonly partitions: readonly PlannedPartition[];
  readonly mappings: readonly LocationMapping[];
  readonly issues: readonly Issue[];
}

/** Hive writes each partition below the table, in the directory of its name. */
export function placePartitions(
  { source: { table, partitions: found }, clusters }: TableInput,
  { expected, to }: { readonly expected: Table; readonly to: Location },
  way: PartitionWay,
): PlacedPartitions {
  const named = sortedBy(
    found.map((partition) => ({ name: partitionName(table.partitionKeys, partition.values), partition })),
    ({ name }) => name,
  );
  const located = named.map((each) => ({ ...each, from: parseLocation(each.partition.storage.location ?? '', clusters.source.namespace) }));
  const loses = (partition: Partition): boolean =>
    expected.tableType === 'MANAGED_TABLE' && !way.bringsProperties && hasProperties(partition);
  const partitions = located.flatMap(({ name, partition, from }): readonly PlannedPartition[] => {
    if (from === undefined) return [];
    const target = below(to, name.split('/'));
    const storage = { ...way.storageOf(partition, expected), location: target };
    const parameters = loses(partition) ? {} : partitionParameters(partition.parameters);
    return [{ name, values: partition.values, source: from, target, storage, parameters }];
  });
  const subject = displayName({ database: table.database, table: table.name });
  return {
    partitions,
    mappings: partitions.flatMap((partition) => movedMapping(partition, way)),
    issues: [
      ...summary(
        'PARTITION_LOCATION_INVALID',
        subject,
        located.filter(({ from }) => from === undefined),
      ),
      ...summary(
        'PARTITION_PROPERTIES_NOT_SET',
        subject,
        named.filter(({ partition }) => loses(partition)),
      ),
    ],
  };
}

function hasProperties({ parameters }: Partition): boolean {
  return Object.keys(partitionParameters(parameters)).length > 0;
}

/** Partitions in directories of their own name are told by the table's mapping. */
function movedMapping({ name, source: from, target: to }: PlannedPartition, { placed }: PartitionWay): readonly LocationMapping[] {
  return from.endsWith(`/${name}`) ? [] : [{ subject: 'partition', partition: name, from, to, ...placed }];
}
