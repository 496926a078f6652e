import { MigrationError } from '@hiveferry/core';
import type { LeaseState, StepLease, StepStore } from '@hiveferry/ports';

export type LeaseEnd = Exclude<LeaseState, 'held'> | 'stopping';

/**
 * A claim as the step's handler sees it. It beats in the background; when it is lost, not wanted any more or given back, the signal
 * fires. A Postgres that does not answer for a whole lease counts as lost: another may have taken over by then.
 */
export class HeldLease {
  readonly #store: StepStore;
  readonly #lease: StepLease;
  readonly #leaseMs: number;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #end: LeaseEnd | undefined;
  #renewedAtMs = performance.now();

  constructor(store: StepStore, lease: StepLease, leaseMs: number) {
    this.#store = store;
    this.#lease = lease;
    this.#leaseMs = leaseMs;
    this.#timer = setInterval(() => this.beat(), leaseMs / 3);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the signal fired; undefined while the lease is held. */
  get ended(): LeaseEnd | undefined {
    return this.#end;
  }

  /** To be called before each effect on a cluster. Fault LEASE_LOST when it is not this claim's to have. */
  async renew(): Promise<void> {
    if (this.#end === undefined) await this.#ask();
    if (this.#end === undefined) return;
    throw new MigrationError('LEASE_LOST', `step ${this.#lease.stepId} may not go on: ${this.#end}`, {
      category: 'conflict',
      retry: 'now',
      subject: this.#lease.stepId,
    });
  }

  beat(): void {
    if (this.#end !== undefined) return;
    this.#ask().catch(() => {
      if (performance.now() - this.#renewedAtMs > this.#leaseMs) this.end('lost');
    });
  }

  end(why: LeaseEnd): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    this.#controller.abort(new Error(`the step was ended: ${why}`));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    const askedAtMs = performance.now();
    const state = await this.#store.renew(this.#lease, this.#leaseMs);
    if (state === 'held') this.#renewedAtMs = askedAtMs;
    else this.end(state);
  }
}
