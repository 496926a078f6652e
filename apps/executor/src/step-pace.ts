import type { StepKind } from '@hiveferry/core';

/** Steps of a kind that takes longer are never held without a place. */
const QUICK_MS = 50;
/** What is held without a place is what the places do in so much time: other executors can do it as well. */
const HORIZON_MS = 500;
const MOST_AHEAD = 4_000;
/** Of the mean, which the latest step makes up. */
const LATEST_SHARE = 0.2;

/** How long steps of each kind took lately, and so how many it is worth holding before there is a place for them. */
export class StepPace {
  readonly #meanMs = new Map<StepKind, number>();

  ended(kind: StepKind, tookMs: number): void {
    const before = this.#meanMs.get(kind) ?? tookMs;
    this.#meanMs.set(kind, before + (tookMs - before) * LATEST_SHARE);
  }

  /** Nothing is known any more: what was held did not come to run in time. */
  forget(): void {
    this.#meanMs.clear();
  }

  quickKinds(): readonly StepKind[] {
    return [...this.#meanMs].filter(([, meanMs]) => meanMs <= QUICK_MS).map(([kind]) => kind);
  }

  /** @returns 0 when no kind is known to be quick */
  stepsAhead(places: number): number {
    const quick = this.quickKinds().map((kind) => this.#meanMs.get(kind) ?? QUICK_MS);
    if (quick.length === 0) return 0;
    return Math.min(MOST_AHEAD, Math.floor((places * HORIZON_MS) / Math.max(...quick, 0.1)));
  }
}
