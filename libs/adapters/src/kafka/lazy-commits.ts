import type { EachBatchPayload } from 'kafkajs';

/** What was handled so long before a process dies, at most, comes again: inboxes know it, but for what nobody can read, which is kept twice. */
const COMMIT_WITHIN_MS = 250;
/** After a fault: while a broker is away kafkajs logs each try. */
const AGAIN_AFTER_MS = 2_000;
/** A slow coordinator does not hold up the end of a process: what it does not take comes again. */
const WAIT_AT_END_MS = 2_000;

/** What a handler gets of kafkajs, as far as it is about the offsets of its group: those of all its partitions. */
export type GroupOffsets = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary' | 'isRunning'>;

/**
 * Commits what was handled a moment later, all partitions in one request. By itself kafkajs sends a request after each partition's batch, and
 * fetches no more until all are answered: with six partitions 35 ms in which nobody hears of new messages, and half of the client's CPU.
 */
export class LazyCommits {
  /** While something was handled that no commit has asked for. */
  #offsets: GroupOffsets | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Ends with whether all was taken. */
  #underWay: Promise<boolean> | undefined;
  #next: Promise<void> | undefined;
  #isClosed = false;

  /** To be waited for, after the handled offsets are resolved. */
  async handled(offsets: GroupOffsets): Promise<void> {
    this.#offsets = offsets;
    if (this.#isClosed) await this.#nowAtEnd();
    else if (this.#underWay === undefined) this.#commitAfter(COMMIT_WITHIN_MS);
  }

  /** Before others of the group may get the partitions. One that is under way is waited for: one more at most waits behind it. */
  async now(): Promise<void> {
    if (this.#underWay === undefined) await this.#commit();
    else await (this.#next ??= this.#underWay.then((isTaken) => this.#commitNext(isTaken)));
  }

  /** Before the consumer leaves its group. What is still being handled then is committed as soon as it is. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#nowAtEnd();
  }

  async #nowAtEnd(): Promise<void> {
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), WAIT_AT_END_MS);
    await Promise.race([this.now(), late.promise]).finally(() => clearTimeout(timer));
  }

  #commitAfter(afterMs: number): void {
    this.#timer ??= setTimeout(() => void this.#commit(), afterMs);
  }

  async #commitNext(isTaken: boolean): Promise<void> {
    this.#next = undefined;
    if (isTaken || this.#isClosed) await this.#commit();
  }

  /** None is under way. */
  #commit(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#underWay = this.#commitAll().then((isTaken) => this.#ended(isTaken));
    return this.#underWay;
  }

  #ended(isTaken: boolean): boolean {
    this.#underWay = undefined;
    if (this.#offsets !== undefined && !this.#isClosed) this.#commitAfter(isTaken ? COMMIT_WITHIN_MS : AGAIN_AFTER_MS);
    return isTaken;
  }

  /** What cannot be committed is tried again while the consumer runs; once it is out of its group, all that was not committed comes again. */
  async #commitAll(): Promise<boolean> {
    const offsets = this.#offsets;
    this.#offsets = undefined;
    try {
      await offsets?.commitOffsetsIfNecessary(offsets.uncommittedOffsets());
      return true;
    } catch {
      if (!this.#isClosed && offsets?.isRunning() === true) this.#offsets ??= offsets;
      return false;
    }
  }
}
