/**
 * Makes one promise per item, at most `ahead` of them under way, and gives the results in the items' order.
 * When the reader stops early or one fails, the others are waited for, so nothing goes on unseen.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  ahead: number,
  make: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  const start = (): void => {
    const item = items[next];
    if (next >= items.length || item === undefined) return;
    next += 1;
    const result = make(item);
    // It is awaited later; until then its failure must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
  };
  for (let i = 0; i < ahead; i += 1) start();
  try {
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
      const result = await first;
      start();
      yield result;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}

/** Cuts a list into slices of at most `size`. */
export function slicesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The same, but with equally many slices for each of the workers, so that none idles while others do a last round. */
export function evenSlicesOf<T>(items: readonly T[], size: number, workers: number): readonly (readonly T[])[] {
  const rounds = Math.max(Math.ceil(items.length / (size * workers)), 1);
  return slicesOf(items, Math.max(Math.ceil(items.length / (rounds * workers)), 1));
}
