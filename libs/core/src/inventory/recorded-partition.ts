import { parsePartitionName, partitionName } from './partition-name.ts';

/** The directory that Hive itself makes for a recorded partition: its name, escaped once. */
export function partitionDirectory(name: string): string {
  const pairs = parsePartitionName(name);
  if (pairs === undefined) return name;
  const keys = pairs.map(({ key }) => ({ name: key, type: 'string' }));
  return partitionName(
    keys,
    pairs.map(({ value }) => value),
  );
}
