interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatchOptions {
  /** @default 500 */
  readonly limit?: number;
  /** Batches of one key do not wait for each other: only calls of one turn are joined. */
  readonly isSideBySide?: boolean;
}

/**
 * Joins calls into batches: those of one turn of the event loop, and all that come while a batch of their key is under way, are the
 * next batch. One key's batches follow each other, different keys do not wait for each other. When a batch of several throws, each of
 * its items runs again alone, so that one that cannot be written harms no other.
 */
export class Batches<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limit: number;
  readonly #isSideBySide: boolean;
  readonly #waiting = new Map<string, Waiting<Item, Result>[]>();

  /** @param run gives a result for each item, in their order; what it did is undone when it throws */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, { limit = 500, isSideBySide = false }: BatchOptions = {}) {
    this.#run = run;
    this.#limit = limit;
    this.#isSideBySide = isSideBySide;
  }

  add(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => this.#waitingOf(key).push({ item, resolve, reject }));
  }

  #waitingOf(key: string): Waiting<Item, Result>[] {
    const known = this.#waiting.get(key);
    if (known !== undefined) return known;
    const waiting: Waiting<Item, Result>[] = [];
    this.#waiting.set(key, waiting);
    setImmediate(() => void this.#drain(key));
    return waiting;
  }

  async #drain(key: string): Promise<void> {
    const waiting = this.#waiting.get(key) ?? [];
    if (this.#isSideBySide) this.#waiting.delete(key);
    while (waiting.length > 0) await this.#settle(waiting.splice(0, this.#limit));
    if (!this.#isSideBySide) this.#waiting.delete(key);
  }

  async #settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('a batch gave no result for one of its items'));
        else resolve(result);
      });
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const each of batch) await this.#settle([each]);
    }
  }
}
