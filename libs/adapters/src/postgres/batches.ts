export interface BatchOptions {
  /** @default 500 */
  readonly limit?: number;
  /** Batches of one key do not wait for each other: only calls of one turn are joined. */
  readonly isSideBySide?: boolean;
  /** So many batches of one key are under way at most: one more begins when as much waits as is worth it, half of the limit. @default 1 */
  readonly lanes?: number;
}

/** Its items have one promise: of two thousand, each with functions of its own that settle it, most of a report's memory would be those. */
interface Batch<Item, Result> {
  readonly items: Item[];
  readonly outcomes: PromiseWithResolvers<Outcomes<Result>>;
}

/** Of each item, in their order; promises where each was run alone, errors where it was refused. */
type Outcomes<Result> = readonly (Result | Error | Promise<Result>)[];

interface Queue<Item, Result> {
  /** All but the last are full. */
  readonly waiting: Batch<Item, Result>[];
  /** Batches under way, or about to begin. */
  lanes: number;
}

/**
 * Joins calls into batches: those of one turn of the event loop, and all that come while a batch of their key is under way, are the
 * next batch. One key's batches follow each other in each of its lanes, different keys do not wait for each other. When a batch of several throws, each of
 * its items runs again alone, so that one that cannot be written harms no other.
 */
export class Batches<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>;
  readonly #limit: number;
  readonly #isSideBySide: boolean;
  readonly #lanes: number;
  readonly #queues = new Map<string, Queue<Item, Result>>();

  /** @param run gives a result for each item, in their order, or the error with which it alone fails; what it did is undone when it throws */
  constructor(
    run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
    { limit = 500, isSideBySide = false, lanes = 1 }: BatchOptions = {},
  ) {
    this.#run = run;
    this.#limit = limit;
    this.#isSideBySide = isSideBySide;
    this.#lanes = lanes;
  }

  add(key: string, item: Item): Promise<Result> {
    const queue = this.#queueOf(key);
    const { items, outcomes } = this.#openBatch(queue);
    const index = items.push(item) - 1;
    if (queue.lanes === 0 || (queue.lanes < this.#lanes && this.#isWorthIt(queue))) this.#open(key, queue);
    return outcomes.promise.then((all) => resultOf(all, index));
  }

  #openBatch({ waiting }: Queue<Item, Result>): Batch<Item, Result> {
    const last = waiting.at(-1);
    if (last !== undefined && last.items.length < this.#limit) return last;
    const batch: Batch<Item, Result> = { items: [], outcomes: Promise.withResolvers() };
    waiting.push(batch);
    return batch;
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
    return waiting.length > 1 || (waiting[0]?.items.length ?? 0) >= this.#limit / 2;
  }

  #open(key: string, queue: Queue<Item, Result>): void {
    queue.lanes += 1;
    setImmediate(() => void this.#drain(key, queue));
  }

  async #drain(key: string, queue: Queue<Item, Result>): Promise<void> {
    if (this.#isSideBySide) this.#queues.delete(key);
    while (queue.lanes === 1 || this.#isWorthIt(queue)) {
      const batch = queue.waiting.shift();
      if (batch === undefined) break;
      await this.#settle(batch);
    }
    queue.lanes -= 1;
    if (queue.lanes === 0 && !this.#isSideBySide) this.#queues.delete(key);
  }

  async #settle({ items, outcomes }: Batch<Item, Result>): Promise<void> {
    let results: readonly (Result | Error)[];
    try {
      results = await this.#run(items);
    } catch (error) {
      if (items.length === 1) outcomes.reject(error);
      else await this.#settleEach(items, outcomes);
      return;
    }
    // It is done, and may not be done again: nobody knows what came of which item.
    if (results.length === items.length) outcomes.resolve(results);
    else outcomes.reject(new Error(`a batch gave ${String(results.length)} results for ${String(items.length)} items`));
  }

  async #settleEach(items: readonly Item[], outcomes: PromiseWithResolvers<Outcomes<Result>>): Promise<void> {
    const alone = items.map((item): Batch<Item, Result> => ({ items: [item], outcomes: Promise.withResolvers() }));
    outcomes.resolve(alone.map(({ outcomes: { promise } }) => promise.then((own) => resultOf(own, 0))));
    for (const batch of alone) await this.#settle(batch);
  }
}

function resultOf<Result>(outcomes: Outcomes<Result>, index: number): Result | Promise<Result> {
  const outcome = outcomes[index];
  if (outcome instanceof Error) throw outcome;
  // There are as many as items.
  return outcome as Result | Promise<Result>;
}
