import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { STEP_STORE, Waker } from '@hiveferry/platform';
import type { ClaimedStep, ExecutorLoad, StepStore } from '@hiveferry/ports';
import { EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { HeldLease } from './held-lease.ts';
import { LeaseBeats } from './lease-beats.ts';
import { LinkPlaces } from './link-places.ts';
import type { StepPlaces, WaitingStep } from './step-places.ts';
import { StepReturnsService } from './step-returns.service.ts';
import { StepRunnerService } from './step-runner.service.ts';

const BEAT_AFTER_MS = 500;

/** At most this long a claimed step waits for a place; then others may have it. */
const PATIENCE_MS = 2_000;
const PATIENCE_SHARE = 1 / 4;

interface Start {
  readonly step: ClaimedStep;
  readonly lease: HeldLease;
  readonly places: StepPlaces;
  /** On the monotonic clock. */
  readonly fromMs: number;
}

/**
 * Takes READY steps as far as there are free places, of quick kinds some more, and gives back at shutdown what it has.
 * How many more, and why that is fair to other executors: docs/adr/0003-quick-steps-are-claimed-ahead.md.
 */
@Injectable()
export class ClaimLoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: StepStore;
  readonly #runner: StepRunnerService;
  readonly #returns: StepReturnsService;
  readonly #options: ExecutorOptions;
  readonly #limits: readonly LinkPlaces[];
  /** Places whose waiting steps are looked at in a moment. */
  readonly #losing = new Set<StepPlaces>();
  /** Of all claims until their reports are written. */
  readonly #beats: LeaseBeats<HeldLease>;
  readonly #logger = new Logger(ClaimLoopService.name);
  readonly #waker = new Waker(
    () => this.#claimAll(),
    (error) => {
      this.#isTold = true;
      this.#logger.error({ err: error }, 'the executor could not look for steps');
    },
  );
  #unsubscribe: (() => void) | undefined;
  #beat: NodeJS.Timeout | undefined;
  #isStopping = false;
  /** At a stop: nothing is held any more. */
  #whenNoneIsHeld: (() => void) | undefined;
  /** Of the starts that were told of last; those that are written together have one. */
  #announced: Promise<void> | undefined;
  /** Somebody said that there may be steps: also of links that had none so far. */
  #isTold = true;
  #tick: NodeJS.Timeout | undefined;

  // eslint-disable-next-line max-params -- Nest injects by parameter
  constructor(
    @Inject(STEP_STORE) store: StepStore,
    @Inject(StepRunnerService) runner: StepRunnerService,
    @Inject(StepReturnsService) returns: StepReturnsService,
    @Inject(EXECUTOR_OPTIONS) options: ExecutorOptions,
  ) {
    this.#store = store;
    this.#runner = runner;
    this.#returns = returns;
    this.#options = options;
    this.#beats = new LeaseBeats(options.leaseMs);
    this.#limits = options.limits.map((limit) => new LinkPlaces(limit));
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#store.onChange(() => this.#beatSoon());
    if (this.#options.tickMs > 0) this.#tick = setInterval(() => this.wake(), this.#options.tickMs);
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe?.();
    clearTimeout(this.#beat);
    clearInterval(this.#tick);
    await this.#waker.stop();
    for (const { all } of this.#limits) for (const { places } of all) this.#giveBack(places.takeWaiting());
    for (const lease of this.#beats.held) lease.end('stopping');
    await Promise.all([this.#returns.stop(), this.#untilNoneIsHeld()]);
  }

  wake(): void {
    this.#isTold = true;
    this.#waker.wake();
  }

  load(): ExecutorLoad {
    const sum = (numberOf: (limit: LinkPlaces) => number): number => this.#limits.reduce((total, limit) => total + numberOf(limit), 0);
    return { running: sum(({ working }) => working), places: sum(({ count }) => count) };
  }

  /** A place that got free, or a report that was written, is news for the links that are known. */
  async #claimAll(): Promise<void> {
    const isTold = this.#isTold;
    this.#isTold = false;
    for (const limit of this.#limits) if (isTold || !limit.isFull) await this.#claimFor(limit, isTold);
  }

  /** @param isTold also of links that had no steps so far */
  async #claimFor(limit: LinkPlaces, isTold: boolean): Promise<void> {
    const { owner, cluster, leaseMs } = this.#options;
    const claimedAtMs = performance.now();
    const scope = { ...(cluster !== undefined && { clusters: [cluster] }), isOfRooms: !isTold && limit.all.length > 0 };
    const wanted = limit.wanted();
    const steps = await this.#store.claim({ owner, leaseMs, ...wanted, ...scope });
    const claimed = Map.groupBy(steps, (step) => limit.of(step));
    limit.claimed(wanted, claimed);
    for (const [places, own] of claimed) {
      places.add(own.map((step) => ({ step, claimedAtMs })));
      this.#startSoon(places);
    }
  }

  /** What is wanted beside these steps is asked for first: Postgres looks for it while they run. */
  #startSoon(places: StepPlaces): void {
    if (places.wantsSteps) this.#waker.wake();
    setImmediate(() => {
      this.#startAll(places);
      if (places.hasWaiting()) this.#loseLater(places);
    });
  }

  /** @param nowMs on the monotonic clock: asked for once, for the step that ended and those that begin */
  #startAll(places: StepPlaces, nowMs = performance.now()): void {
    if (this.#isStopping) return;
    const starting = places.next();
    if (starting.length === 0) return;
    this.#announce(starting.map(({ step }) => step));
    for (const { step, claimedAtMs } of starting) {
      const lease = new HeldLease(this.#store, step, { claimedAtMs, beats: this.#beats });
      void this.#run({ step, lease, places, fromMs: nowMs });
    }
  }

  #announce(steps: readonly ClaimedStep[]): void {
    const written = this.#store.announceStart(steps);
    if (written === this.#announced) return;
    this.#announced = written;
    written.catch((error: unknown) => this.#logger.warn({ err: error, ...namesOf(steps[0]) }, 'starts are not written'));
  }

  /** The place is free when the work has ended: a report waits for the reports of others, which it is written with. */
  async #run(start: Start): Promise<void> {
    try {
      const report = await this.#runner.work(start.step, start.lease);
      this.#freePlace(start);
      await report();
    } catch (error) {
      this.#freePlace(start);
      this.#logger.error({ err: error, ...namesOf(start.step) }, 'step could not be reported; its lease will end');
    } finally {
      this.#letGo(start);
    }
  }

  #freePlace({ step, lease, places, fromMs }: Start): void {
    if (!lease.isWorking) return;
    lease.isWorking = false;
    const nowMs = performance.now();
    places.worked(step.kind, nowMs - fromMs);
    this.#startAll(places, nowMs);
    if (places.isLow) this.#waker.wake();
  }

  #letGo({ lease, places }: Start): void {
    lease.close();
    places.reported();
    if (this.#beats.held.size === 0) this.#whenNoneIsHeld?.();
    if (places.isLow) this.#waker.wake();
  }

  #untilNoneIsHeld(): Promise<void> {
    if (this.#beats.held.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenNoneIsHeld = resolve;
    });
  }

  /** One timer for the places of a link. It looks again as long as steps wait: a timer may fire a little before its time. */
  #loseLater(places: StepPlaces): void {
    if (this.#losing.has(places)) return;
    this.#losing.add(places);
    const patienceMs = Math.min(PATIENCE_MS, this.#options.leaseMs * PATIENCE_SHARE);
    const look = (): void => {
      this.#giveBack(places.takeOverdue(performance.now() - patienceMs));
      this.#losing.delete(places);
      if (places.hasWaiting()) this.#loseLater(places);
    };
    setTimeout(look, patienceMs / 2).unref();
  }

  #giveBack(waiting: readonly WaitingStep[]): void {
    for (const { step } of waiting) void this.#returns.giveBack(step);
  }

  /** Events may say that a run is being cancelled: the leases of those that work know. Many events are one beat, and the last is never left out. */
  #beatSoon(): void {
    this.#beat ??= setTimeout(() => {
      this.#beat = undefined;
      for (const lease of this.#beats.held) if (lease.isWorking) lease.beat();
    }, BEAT_AFTER_MS);
  }
}

const namesOf = (step: ClaimedStep | undefined): object => ({ stepId: step?.stepId, runId: step?.runId });
