import { sizeInParameters } from '../inventory/recorded-size.ts';
import type { Location } from '../model/location.ts';
import type { CopyJob, PlannedPartition } from '../model/plan.ts';
import type { TableWithPartitions } from '../model/table.ts';
import type { CopySize } from '../model/transfer.ts';
import { nearestAbove } from '../translate/places-above.ts';

/**
 * What each copy job of a table holds, by id, as the metastore's statistics say; absent where they do not say it of every
 * partition. Statistics may be old: they are for forecasts, never for proof.
 */
export function copySizes(
  jobs: readonly CopyJob[],
  { table, partitions }: TableWithPartitions,
  planned: readonly PlannedPartition[],
): Readonly<Record<string, CopySize>> {
  const pairs = jobs.filter((job) => job.kind === 'pair');
  const [first] = pairs;
  if (first === undefined) return {};
  if (table.partitionKeys.length === 0) {
    const size = sizeInParameters(table.parameters);
    return size === undefined ? {} : { [first.id]: size };
  }
  const statistics = new Map(partitions.map(({ values, parameters }) => [keyOf(values), sizeInParameters(parameters)]));
  const jobAt = new Map(pairs.map(({ source, id }) => [source, id]));
  const sums = new Map<string, CopySize | undefined>();
  for (const { source, values } of planned) {
    const id = jobHolding(source, jobAt);
    if (id !== undefined) sums.set(id, added(sums, id, statistics.get(keyOf(values))));
  }
  return Object.fromEntries([...sums].flatMap(([id, size]) => (size === undefined ? [] : [[id, size] as const])));
}

function jobHolding(source: Location, jobAt: ReadonlyMap<string, string>): string | undefined {
  const own = jobAt.get(source);
  if (own !== undefined) return own;
  const holder = nearestAbove(source, (place) => jobAt.has(place));
  return holder === undefined ? undefined : jobAt.get(holder);
}

/** One that is not known makes the sum unknown. */
function added(sums: ReadonlyMap<string, CopySize | undefined>, id: string, size: CopySize | undefined): CopySize | undefined {
  if (!sums.has(id)) return size;
  const sum = sums.get(id);
  return sum === undefined || size === undefined ? undefined : { bytes: sum.bytes + size.bytes, files: sum.files + size.files };
}

function keyOf(values: readonly string[]): string {
  return values.join('\u0000');
}
