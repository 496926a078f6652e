import type { StepKind } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import type { StepLimit } from './executor-options.ts';
import { StepPace } from './step-pace.ts';

/** More reports than these on their way to Postgres: it is Postgres that is slow. */
const MOST_REPORTS = 4_000;
/** Of steps ahead: what is more is asked for while these run. */
const MOST_A_CLAIM = 2_000;
/** Of what is worth holding: with less than this in hand the next steps are asked for, so that they are there when these are done. */
const LOW_SHARE = 1 / 2;

export interface WaitingStep {
  readonly step: ClaimedStep;
  readonly claimedAtMs: number;
}

export interface Wanted {
  readonly kinds: readonly StepKind[];
  readonly limit: number;
}

/** The places of one limit on one link, and claimed steps that wait for one. A place is free when its step's work has ended; the report follows. */
export class StepPlaces {
  readonly #limit: StepLimit;
  readonly #pace = new StepPace();
  /** The one that goes first is the last: two thousand others need not move up for it. */
  #waiting: WaitingStep[] = [];
  #working = 0;
  #reporting = 0;
  /** Steps in hand, those that wait and those that work, by kind. */
  readonly #inHand = new Map<StepKind, number>();
  /** There were fewer steps than wanted the last time: no more are asked for before a place is free, or somebody says that there are some. */
  #isDry = true;
  #low = 0;

  constructor(limit: StepLimit) {
    this.#limit = limit;
  }

  get working(): number {
    return this.#working;
  }

  /**
   * Places that no step has or waits for. Quick steps that wait are no hindrance when more steps are asked for: the others, which are not held
   * ahead, would otherwise never have a turn.
   */
  taken(): number {
    if (this.#isBehind) return this.#limit.count;
    if (this.#waiting.length === 0) return Math.min(this.#limit.count, this.#working);
    return this.ahead().limit > 0 ? Math.min(this.#limit.count, this.#slowInHand()) : this.#limit.count;
  }

  /** Steps to hold in addition: only of quick kinds, and while steps wait only when there seem to be more. */
  ahead(): Wanted {
    const most = this.#isBehind ? 0 : this.#pace.stepsAhead(this.#limit.count);
    this.#low = Math.floor(most * LOW_SHARE);
    const limit = this.isLow && this.#hasRoomForQuick() ? Math.min(MOST_A_CLAIM, most - this.#heldAhead) : 0;
    return { kinds: this.#pace.quickKinds(), limit: Math.max(0, limit) };
  }

  #hasRoomForQuick(): boolean {
    return this.#waiting.length === 0 ? this.#working < this.#limit.count : this.#slowInHand() < this.#limit.count;
  }

  /** Asked after each step. */
  get isLow(): boolean {
    return this.#waiting.length === 0 || (!this.#isDry && this.#heldAhead <= this.#low);
  }

  /** Steps that wait longer than until places are given out, which is in a moment. */
  get #heldAhead(): number {
    return Math.max(0, this.#waiting.length - this.#freePlaces);
  }

  get #freePlaces(): number {
    return Math.max(0, this.#limit.count - this.#working);
  }

  get wantsSteps(): boolean {
    return this.isLow && this.taken() < this.#limit.count;
  }

  get #isBehind(): boolean {
    return this.#reporting > MOST_REPORTS;
  }

  /** @param isDry a claim gave fewer steps than were wanted */
  claimed(isDry: boolean): void {
    this.#isDry = isDry;
  }

  /** Steps that are not quick are claimed for places only: they go first, and no quick one makes them wait until they are given back. */
  add(steps: readonly WaitingStep[]): void {
    for (const { step } of steps) this.#count(step.kind, 1);
    const quickKinds = new Set(this.#pace.quickKinds());
    const slow = steps.filter(({ step }) => !quickKinds.has(step.kind));
    const quick = slow.length === 0 ? steps : steps.filter(({ step }) => quickKinds.has(step.kind));
    this.#waiting = [...quick.toReversed(), ...this.#waiting, ...slow.reverse()];
  }

  #count(kind: StepKind, change: number): void {
    this.#inHand.set(kind, (this.#inHand.get(kind) ?? 0) + change);
  }

  #slowInHand(): number {
    const quick = new Set(this.#pace.quickKinds());
    return [...this.#inHand].reduce((sum, [kind, count]) => (quick.has(kind) ? sum : sum + count), 0);
  }

  /** The next steps, for the places that are free. */
  next(): readonly WaitingStep[] {
    const steps = this.#waiting.splice(Math.max(0, this.#waiting.length - this.#freePlaces)).reverse();
    this.#working += steps.length;
    return steps;
  }

  worked(kind: StepKind, tookMs: number): void {
    this.#count(kind, -1);
    this.#working -= 1;
    this.#reporting += 1;
    this.#pace.ended(kind, tookMs);
  }

  reported(): void {
    this.#reporting -= 1;
  }

  hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  takeWaiting(): readonly WaitingStep[] {
    return this.#forgotten(this.#waiting.splice(0));
  }

  #forgotten(steps: readonly WaitingStep[]): readonly WaitingStep[] {
    for (const { step } of steps) this.#count(step.kind, -1);
    return steps;
  }

  /** Steps that got no place in time: others may have one. What was thought quick is not. */
  takeOverdue(claimedBeforeMs: number): readonly WaitingStep[] {
    const overdue = this.#waiting.filter(({ claimedAtMs }) => claimedAtMs <= claimedBeforeMs);
    if (overdue.length === 0) return [];
    this.#waiting = this.#waiting.filter(({ claimedAtMs }) => claimedAtMs > claimedBeforeMs);
    this.#pace.forget();
    return this.#forgotten(overdue);
  }
}
