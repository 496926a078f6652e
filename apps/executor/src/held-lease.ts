import { MigrationError } from '@hiveferry/core';
import type { LeaseState, StepLease, StepStore, TimeLeft } from '@hiveferry/ports';
import type { Beating, LeaseBeats } from './lease-beats.ts';

export type LeaseEnd = Exclude<LeaseState, 'held'> | 'stopping';

/** Of a lease without an answer; the rest is for what runs to end, and for clocks that are not alike. */
const SAFE_SHARE = 2 / 3;
const KILL_SHARE = 5 / 6;

export interface LeaseTimes {
  readonly beats: LeaseBeats<HeldLease>;
  readonly claimedAtMs?: number;
}

/**
 * A claim as the step's handler sees it. It beats in the background; when it is lost, not wanted any more or given back, the signal
 * fires. A Postgres that fails or hangs for most of a lease counts as lost: another may take over when it is over.
 */
export class HeldLease implements Beating {
  readonly #store: StepStore;
  readonly #lease: StepLease;
  readonly #beats: LeaseBeats<HeldLease>;
  /** Until the step's place is free; its report may still be on its way then. */
  isWorking = true;
  #controller: AbortController | undefined;
  #end: LeaseEnd | undefined;
  #renewedAtMs: number;
  #askedAtMs: number;

  /** @param times `claimedAtMs`, on the monotonic clock, when that is earlier than now */
  constructor(store: StepStore, lease: StepLease, { beats, claimedAtMs = performance.now() }: LeaseTimes) {
    this.#renewedAtMs = claimedAtMs;
    this.#askedAtMs = claimedAtMs;
    this.#store = store;
    this.#lease = lease;
    this.#beats = beats;
    beats.add(this);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#end !== undefined) this.#abort(this.#end);
    return this.#controller.signal;
  }

  get askedAtMs(): number {
    return this.#askedAtMs;
  }

  /** Why the signal fired; undefined while the lease is held. */
  get ended(): LeaseEnd | undefined {
    return this.#end;
  }

  /** To be called before each effect on a cluster. Fault LEASE_LOST when it is not this claim's to have. */
  async renew(): Promise<void> {
    if (this.#end === undefined) await this.#askInTime();
    // A process that was stopped meanwhile got an answer that is old.
    if (this.#leftMs() <= 0) this.end('lost');
    if (this.#end === undefined) return;
    throw new MigrationError('LEASE_LOST', `step ${this.#lease.stepId} may not go on: ${this.#end}`, {
      category: 'conflict',
      retry: 'now',
      subject: this.#lease.stepId,
    });
  }

  timeLeft(): TimeLeft {
    return { endInMs: this.#leftMs(), killInMs: this.#leftMs(KILL_SHARE) };
  }

  beat(): void {
    if (this.#end !== undefined) return;
    if (this.#leftMs() <= 0) {
      this.end('lost');
      return;
    }
    // What is said of a failed question is said by the next beat.
    this.#ask().catch(() => undefined);
  }

  end(why: LeaseEnd): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    this.#abort(why);
  }

  close(): void {
    this.#beats.delete(this);
  }

  #abort(why: LeaseEnd): void {
    this.#controller?.abort(new Error(`the step was ended: ${why}`));
  }

  /** Until the lease must be taken as lost, with a margin before its end in Postgres for what runs to be ended. */
  #leftMs(share = SAFE_SHARE): number {
    return this.#renewedAtMs + this.#beats.leaseMs * share - performance.now();
  }

  /** A question that hangs must not hold up its step beyond the lease. */
  async #askInTime(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(
        () => {
          this.end('lost');
          resolve();
        },
        Math.max(0, this.#leftMs()),
      );
    });
    await Promise.race([this.#ask(), late]).finally(() => clearTimeout(timer));
  }

  async #ask(): Promise<void> {
    const askedAtMs = performance.now();
    this.#askedAtMs = askedAtMs;
    const state = await this.#store.renew(this.#lease, this.#beats.leaseMs);
    if (state === 'held') this.#renewedAtMs = askedAtMs;
    else this.end(state);
  }
}
