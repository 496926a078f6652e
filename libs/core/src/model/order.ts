/** Compares by UTF-16 code units: the same order on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** @returns a sorted copy */
export function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  if (isSortedBy(items, keyOf)) return [...items];
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ item }) => item);
}

function isSortedBy<T>(items: readonly T[], keyOf: (item: T) => string): boolean {
  let last = '';
  return items.every((item) => {
    const before = last;
    last = keyOf(item);
    return before <= last;
  });
}

/** Entries of a parameter map, sorted by key. */
export function sortedEntries(parameters: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return sortedBy(Object.entries(parameters), ([key]) => key);
}
