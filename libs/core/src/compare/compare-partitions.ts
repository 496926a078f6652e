import { formatOf } from '../inventory/format.ts';
import { partitionName } from '../inventory/partition-name.ts';
import type { Finding } from '../model/evidence.ts';
import { namespaceOf, parseLocation } from '../model/location.ts';
import { compareText, sortedBy } from '../model/order.ts';
import type { PlannedPartition, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Partition } from '../model/table.ts';
import { keyText } from './compare-columns.ts';
import { compareStorage } from './compare-table.ts';
import { compare, finding } from './findings.ts';

/** How the partitions found on the target differ from the planned ones. */
export interface DifferingPartitions {
  readonly missing: readonly string[];
  /** Names of those that lie elsewhere or are described otherwise. */
  readonly differing: readonly string[];
  readonly unexpected: readonly string[];
}

/** The names of partitions that would be findings, sorted. */
export function differingPartitions(plan: TablePlan, found: readonly Partition[]): DifferingPartitions {
  const keys = plan.expected?.partitionKeys ?? [];
  const byName = new Map(found.map((partition) => [partitionName(keys, partition.values), partition]));
  const expected = new Set(plan.partitions.map(({ name }) => name));
  const [missing, there] = parted(plan.partitions, ({ name }) => !byName.has(name));
  const differing = there.filter((partition) => comparePartition('', partition, byName.get(partition.name)).length > 0);
  return {
    missing: namesOf(missing),
    differing: namesOf(differing),
    unexpected: [...byName.keys()].filter((name) => !expected.has(name)).sort(compareText),
  };
}

function parted<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function namesOf(partitions: readonly PlannedPartition[]): readonly string[] {
  return partitions.map(({ name }) => name).sort(compareText);
}

/** Compares the partitions found on the target with the planned ones, by Hive's partition name. */
export function comparePartitions(plan: TablePlan, found: readonly Partition[]): readonly Finding[] {
  const subject = displayName(plan.target);
  const keys = plan.expected?.partitionKeys ?? [];
  const named = sortedBy(
    found.map((partition) => ({ name: partitionName(keys, partition.values), partition })),
    ({ name }) => name,
  );
  const byName = new Map(named.map(({ name, partition }) => [name, partition]));
  const expectedNames = new Set(plan.partitions.map(({ name }) => name));
  const unexpected = named.filter(({ name }) => !expectedNames.has(name));
  return [
    ...plan.partitions.flatMap((partition) => comparePartition(`${subject}/${partition.name}`, partition, byName.get(partition.name))),
    ...unexpected.map(({ name, partition }) =>
      finding('PARTITION_UNEXPECTED', `${subject}/${name}`, { expected: undefined, found: partition.storage.location }),
    ),
  ];
}

function comparePartition(subject: string, expected: PlannedPartition, found: Partition | undefined): readonly Finding[] {
  if (found === undefined) return [finding('PARTITION_MISSING', subject, { expected: expected.target, found: undefined })];
  const location = parseLocation(found.storage.location ?? '', namespaceOf(expected.target)) ?? found.storage.location;
  return [
    ...compare('PARTITION_LOCATION_DIFFERS', subject, { expected: expected.target, found: location }),
    ...compare('PARTITION_FORMAT_DIFFERS', subject, { expected: formatOf(expected.storage), found: formatOf(found.storage) }),
    ...compare('PARTITION_COLUMNS_DIFFER', subject, { expected: keyText(expected.storage.columns), found: keyText(found.storage.columns) }),
    ...compareStorage(subject, expected.storage, found.storage).filter(({ code }) => code !== 'SERDE_DIFFERS' && code !== 'FORMAT_DIFFERS'),
    ...compareProperties(subject, expected, found),
  ];
}

/** Only what was planned is looked at: Hive writes statistics of its own. */
function compareProperties(subject: string, expected: PlannedPartition, found: Partition): readonly Finding[] {
  return Object.entries(expected.parameters).flatMap(([key, value]) =>
    compare('PARTITION_PROPERTY_DIFFERS', `${subject}: ${key}`, { expected: value, found: found.parameters[key] }),
  );
}
