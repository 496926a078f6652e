import type { Column } from '../model/table.ts';

/** The value Hive writes for a null or empty partition value. */
export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

// Copied behaviour: org.apache.hadoop.hive.common.FileUtils.escapePathName, Hive 3.1.3 and 4.0.1 on Unix. `}` is not in Hive's set.
const ESCAPED = new Set('"#%\'*/:=?\\{[]^\u007f');
const ENCODED = /%([0-9a-fA-F]{2})/g;

/** Escapes one name or value as Hive does: upper-case hex, UTF-16 units above 0x7F as they are; the empty text is the default partition. */
export function escapePathName(text: string): string {
  if (text === '') return DEFAULT_PARTITION;
  return Array.from({ length: text.length }, (_, index) => escapeUnit(text.charAt(index))).join('');
}

/** Undoes `escapePathName`; a `%` without two hex digits stays as it is. */
export function unescapePathName(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(ENCODED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Name of a partition as Hive writes it: `dt=2024-01-01/region=x%2Fy`, keys in small letters.
 *
 * @param values decoded, in the order of the keys; a missing one is the default partition
 */
export function partitionName(keys: readonly Column[], values: readonly string[]): string {
  return keys.map((key, index) => `${escapePathName(key.name.toLowerCase())}=${escapePathName(values[index] ?? '')}`).join('/');
}

/** @returns keys and decoded values in order; undefined when a segment has no `=` */
export function parsePartitionName(name: string): readonly { readonly key: string; readonly value: string }[] | undefined {
  const pairs: { readonly key: string; readonly value: string }[] = [];
  for (let start = 0, end = 0; start <= name.length; start = end + 1) {
    const slash = name.indexOf('/', start);
    end = slash < 0 ? name.length : slash;
    const at = name.indexOf('=', start);
    if (at <= start || at >= end) return undefined;
    pairs.push({ key: unescapePathName(name.slice(start, at)), value: unescapePathName(name.slice(at + 1, end)) });
  }
  return pairs;
}

function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x20 || ESCAPED.has(unit) ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : unit;
}
