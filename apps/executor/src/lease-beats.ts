const BEATS_A_LEASE = 6;
const LOOKS_A_BEAT = 2;

export interface Beating {
  /** On the monotonic clock: when Postgres was last asked. */
  readonly askedAtMs: number;
  beat(): void;
}

/**
 * Beats of all claims that last equally long, with one timer: a quick step has ended before its first one. Each is asked for at least six
 * times a lease.
 */
export class LeaseBeats<Held extends Beating> {
  readonly leaseMs: number;
  readonly #held = new Set<Held>();
  #timer: NodeJS.Timeout | undefined;

  constructor(leaseMs: number) {
    this.leaseMs = leaseMs;
  }

  get held(): ReadonlySet<Held> {
    return this.#held;
  }

  add(lease: Held): void {
    this.#held.add(lease);
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs);
  }

  delete(lease: Held): void {
    this.#held.delete(lease);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #lookMs(): number {
    return this.leaseMs / BEATS_A_LEASE / LOOKS_A_BEAT;
  }

  /** Those that were asked for since the last look may wait for the next one. */
  #look(): void {
    const dueMs = performance.now() - this.#lookMs;
    for (const lease of this.#held) if (lease.askedAtMs <= dueMs) lease.beat();
  }
}
