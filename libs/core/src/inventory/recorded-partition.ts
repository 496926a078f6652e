import { parsePartitionName, partitionName } from './partition-name.ts';
import type { Column } from '../model/table.ts';

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

/** Decoded values of a recorded partition in the order of the keys; undefined when the name does not fit the keys. */
export function valuesOf(name: string, keys: readonly Column[]): readonly string[] | undefined {
  const pairs = parsePartitionName(name);
  if (pairs?.length !== keys.length) return undefined;
  const found = keys.map((key) => pairs.find((pair) => pair.key.toLowerCase() === key.name.toLowerCase())?.value);
  return found.every((value) => value !== undefined) ? found : undefined;
}
