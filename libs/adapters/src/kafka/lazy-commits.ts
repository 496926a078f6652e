import type { EachBatchPayload } from 'kafkajs';

/** What was handled so long before a process dies comes again, and inboxes know it. */
const COMMIT_WITHIN_MS = 250;
/** After a fault: while a broker is away kafkajs logs each try. */
const AGAIN_AFTER_MS = 2_000;

/** What a handler gets of kafkajs, as far as it is about the offsets of its group: those of all its partitions. */
export type GroupOffsets = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary' | 'isRunning'>;

/**
 * Commits what was handled a moment later, all partitions in one request. By itself kafkajs sends a request after each partition's batch, and
 * fetches no more until all are answered: with six partitions 35 ms in which nobody hears of new messages, and half of the client's CPU.
 */
export class LazyCommits {
  #offsets: GroupOffsets | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** To be waited for, after the handled offsets are resolved. */
  async handled(offsets: GroupOffsets): Promise<void> {
    this.#offsets = offsets;
    if (this.#isClosed) await this.#commit();
    else this.#commitAfter(COMMIT_WITHIN_MS);
  }

  /** Before the consumer leaves its group. What is still being handled then is committed as soon as it is. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#commit();
  }

  #commitAfter(afterMs: number): void {
    this.#timer ??= setTimeout(() => void this.#commit(), afterMs);
  }

  /** One after the other. */
  #commit(): Promise<void> {
    this.#timer = undefined;
    this.#last = this.#last.then(() => this.#commitAll());
    return this.#last;
  }

  /** What cannot be committed is tried again while the consumer runs; once it is out of its group, all that was not committed comes again. */
  async #commitAll(): Promise<void> {
    const offsets = this.#offsets;
    this.#offsets = undefined;
    try {
      await offsets?.commitOffsetsIfNecessary(offsets.uncommittedOffsets());
    } catch {
      if (this.#isClosed || offsets?.isRunning() !== true) return;
      this.#offsets ??= offsets;
      this.#commitAfter(AGAIN_AFTER_MS);
    }
  }
}
