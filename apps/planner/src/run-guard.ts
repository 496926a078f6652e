import { MigrationError } from '@hiveferry/core';
import type { LeaseState, PlanStore, RunLease } from '@hiveferry/ports';

/** A planner's hold on a run: renewed in the background, asked between pages. */
export class RunGuard {
  readonly #timer: NodeJS.Timeout;
  readonly #lease: RunLease;
  #state: LeaseState | 'stopping' = 'held';

  constructor(store: PlanStore, lease: RunLease, leaseMs: number) {
    this.#lease = lease;
    this.#timer = setInterval(() => {
      store.renewRun(lease, leaseMs).then(
        (state) => this.#become(state),
        // Postgres is away: the next beat decides, and the fence guards what is written.
        () => undefined,
      );
    }, leaseMs / 3);
  }

  get state(): LeaseState | 'stopping' {
    return this.#state;
  }

  /** Fault when the work is not this planner's any more or is not wanted. */
  check(): void {
    if (this.#state === 'held') return;
    throw new MigrationError(
      this.#state === 'cancelled' ? 'RUN_CANCELLED' : 'LEASE_LOST',
      `planning of run ${this.#lease.runId} was ended: ${this.#state}`,
      {
        category: 'conflict',
        retry: 'never',
        subject: this.#lease.runId,
      },
    );
  }

  stop(): void {
    this.#become('stopping');
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #become(state: LeaseState | 'stopping'): void {
    if (this.#state === 'held') this.#state = state;
  }
}
