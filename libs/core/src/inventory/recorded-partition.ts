import { parsePartitionName, partitionName } from './partition-name.ts';

/** Keys in small letters, and values that need no escape: most partitions there are. */
const PLAIN = /^[a-z0-9_]+=[\w.-]+(?:\/[a-z0-9_]+=[\w.-]+)*$/;

/** The directory that Hive itself makes for a recorded partition: its name, escaped once. */
export function partitionDirectory(name: string): string {
  if (PLAIN.test(name)) return name;
  const pairs = parsePartitionName(name);
  if (pairs === undefined) return name;
  const keys = pairs.map(({ key }) => ({ name: key, type: 'string' }));
  return partitionName(
    keys,
    pairs.map(({ value }) => value),
  );
}
