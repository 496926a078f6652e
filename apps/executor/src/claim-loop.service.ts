import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { STEP_STORE, Waker } from '@hiveferry/platform';
import type { ClaimRequest, ClaimedStep, ExecutorLoad, StepStore } from '@hiveferry/ports';
import { EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { HeldLease } from './held-lease.ts';
import { LinkPlaces } from './link-places.ts';
import type { StepPlaces, WaitingStep } from './step-places.ts';
import { StepReturnsService } from './step-returns.service.ts';
import { StepRunnerService } from './step-runner.service.ts';

const BEAT_AFTER_MS = 500;

/** At most this long a claimed step waits for a place; then others may have it. */
const PATIENCE_MS = 2_000;
const PATIENCE_SHARE = 1 / 4;

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
  readonly #working = new Set<HeldLease>();
  /** Places whose waiting steps are looked at in a moment. */
  readonly #losing = new Set<StepPlaces>();
  /** Until their reports are written. */
  readonly #held = new Map<HeldLease, Promise<void>>();
  readonly #logger = new Logger(ClaimLoopService.name);
  readonly #waker = new Waker(
    () => this.#claimAll(),
    (error) => this.#logger.error({ err: error }, 'the executor could not look for steps'),
  );
  #unsubscribe: (() => void) | undefined;
  #beat: NodeJS.Timeout | undefined;
  #isStopping = false;

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
    this.#limits = options.limits.map((limit) => new LinkPlaces(limit));
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#store.onChange(() => this.#beatSoon());
    this.#waker.start(this.#options.tickMs);
    this.#waker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.#unsubscribe?.();
    clearTimeout(this.#beat);
    await this.#waker.stop();
    for (const { all } of this.#limits) for (const { places } of all) this.#giveBack(places.takeWaiting());
    for (const lease of this.#held.keys()) lease.end('stopping');
    await Promise.allSettled([this.#returns.stop(), ...this.#held.values()]);
  }

  wake(): void {
    this.#waker.wake();
  }

  load(): ExecutorLoad {
    const sum = (numberOf: (limit: LinkPlaces) => number): number => this.#limits.reduce((total, limit) => total + numberOf(limit), 0);
    return { running: sum(({ working }) => working), places: sum(({ count }) => count) };
  }

  async #claimAll(): Promise<void> {
    for (const limit of this.#limits) await this.#claimFor(limit);
  }

  async #claimFor(limit: LinkPlaces): Promise<void> {
    const free = new Map(limit.all.map(({ places }) => [places, places.free()]));
    const claimed = await this.#claim(limit, limit.forPlaces());
    for (const { cluster, target, places } of limit.all) {
      const got = claimed.filter((step) => limit.of(step) === places).length;
      const ahead = places.ahead();
      if (got === 0 || got < (free.get(places) ?? 0) || ahead.limit === 0) continue;
      await this.#claim(limit, { ...ahead, link: { cluster, target } });
    }
  }

  async #claim(limit: LinkPlaces, wanted: Pick<ClaimRequest, 'kinds' | 'limit' | 'taken' | 'link'>): Promise<readonly ClaimedStep[]> {
    const { owner, cluster, leaseMs } = this.#options;
    const claimedAtMs = performance.now();
    const steps = await this.#store.claim({ owner, leaseMs, ...wanted, ...(cluster !== undefined && { clusters: [cluster] }) });
    for (const step of steps) limit.of(step).add([{ step, claimedAtMs }]);
    for (const places of new Set(steps.map((step) => limit.of(step)))) {
      this.#startAll(places);
      if (places.hasWaiting()) this.#loseLater(places);
    }
    return steps;
  }

  #startAll(places: StepPlaces): void {
    if (this.#isStopping) return;
    for (let next = places.next(); next !== undefined; next = places.next()) this.#start(next, places);
  }

  #start({ step, claimedAtMs }: WaitingStep, places: StepPlaces): void {
    const lease = new HeldLease(this.#store, { ...step, claimedAtMs }, this.#options.leaseMs);
    this.#store
      .announceStart([step])
      .catch((error: unknown) => this.#logger.warn({ err: error, ...namesOf(step) }, 'start is not written'));
    const ended = this.#run(step, lease, places)
      .catch((error: unknown) => this.#logger.error({ err: error, ...namesOf(step) }, 'step could not be reported; its lease will end'))
      .finally(() => {
        lease.close();
        places.reported();
        this.#held.delete(lease);
        this.#waker.wake();
      });
    this.#held.set(lease, ended);
  }

  /** The place is free when the work has ended: a report waits for the reports of others, which it is written with. */
  async #run(step: ClaimedStep, lease: HeldLease, places: StepPlaces): Promise<void> {
    const fromMs = performance.now();
    this.#working.add(lease);
    const report = await this.#runner.work(step, lease).finally(() => {
      this.#working.delete(lease);
      places.worked(step.kind, performance.now() - fromMs);
    });
    this.#startAll(places);
    if (!places.hasWaiting()) this.#waker.wake();
    await report();
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
      for (const lease of this.#working) lease.beat();
    }, BEAT_AFTER_MS);
  }
}

const namesOf = ({ stepId, runId }: ClaimedStep): object => ({ stepId, runId });
