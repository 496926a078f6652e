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
  /** So many batches of one key are under way at most: one more begins when as much waits as is worth it, half of the limit. @default 1 */
  readonly lanes?: number;
}

interface Queue<Item, Result> {
  readonly waiting: Waiting<Item, Result>[];
  /** Batches under way, or about to begin. */
  lanes: number;
}

/**
 * Joins calls into batches: those of one turn of the event loop, and all that come while a batch of their key is under way, are the
 * next batch. One key's batches follow each other in each of its lanes, different keys do not wait for each other. When a batch of several throws, each of
 * its items runs again alone, so that one that cannot be written harms no other.
 */
export class Batches<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limit: number;
  readonly #isSideBySide: boolean;
  readonly #lanes: number;
  readonly #queues = new Map<string, Queue<Item, Result>>();

  /** @param run gives a result for each item, in their order; what it did is undone when it throws */
  constructor(
    run: (items: readonly Item[]) => Promise<readonly Result[]>,
    { limit = 500, isSideBySide = false, lanes = 1 }: BatchOptions = {},
  ) {
    this.#run = run;
    this.#limit = limit;
    this.#isSideBySide = isSideBySide;
    this.#lanes = lanes;
  }

  add(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const queue = this.#queueOf(key);
      queue.waiting.push({ item, resolve, reject });
      if (queue.lanes === 0 || (queue.lanes < this.#lanes && this.#isWorthIt(queue))) this.#open(key, queue);
    });
  }

  #queueOf(key: string): Queue<Item, Result> {
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const queue: Queue<Item, Result> = { waiting: [], lanes: 0 };
    this.#queues.set(key, queue);
    return queue;
  }

  /** Beside another batch; what is less waits for its end. */
  #isWorthIt({ waiting }: Queue<Item, Result>): boolean {
    return waiting.length >= this.#limit / 2;
  }

  #open(key: string, queue: Queue<Item, Result>): void {
    queue.lanes += 1;
    setImmediate(() => void this.#drain(key, queue));
  }

  async #drain(key: string, queue: Queue<Item, Result>): Promise<void> {
    if (this.#isSideBySide) this.#queues.delete(key);
    while (queue.waiting.length > 0 && (queue.lanes === 1 || this.#isWorthIt(queue)))
      await this.#settle(queue.waiting.splice(0, this.#limit));
    queue.lanes -= 1;
    if (queue.lanes === 0 && !this.#isSideBySide) this.#queues.delete(key);
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
