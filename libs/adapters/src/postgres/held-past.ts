import { firstOpen } from './outbox.sql.ts';
import type { Sql } from './sql.ts';

/** What commits late has a lower number than others that were seen: so many are looked at again, and all of them now and then. */
const LATE = 10_000;
const LOOK_AT_ALL_MS = 10_000;

/** Remembers up to where only messages of held topics wait, so that each look does not read past all of them again. */
export class HeldPast {
  readonly #now: () => number;
  #topics = '';
  #from = 0;
  #lookedAtAll = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @returns the number of a message from which on those of other topics are */
  async from(sql: Sql, held: readonly string[]): Promise<number> {
    if (held.length === 0) return 0;
    const topics = held.toSorted().join();
    if (topics !== this.#topics || this.#now() - this.#lookedAtAll >= LOOK_AT_ALL_MS) {
      this.#topics = topics;
      this.#from = 0;
      this.#lookedAtAll = this.#now();
    }
    this.#from = Math.max(this.#from, (await firstOpen(sql, { held, from: this.#from })) - LATE);
    return this.#from;
  }
}
