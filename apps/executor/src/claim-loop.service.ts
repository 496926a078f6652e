import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { STEP_STORE, Waker } from '@hiveferry/platform';
import type { ClaimedStep, ExecutorLoad, StepStore } from '@hiveferry/ports';
import { EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions, StepLimit } from './executor-options.ts';
import { HeldLease } from './held-lease.ts';
import { StepRunnerService } from './step-runner.service.ts';

const BEAT_AFTER_MS = 500;

/** Takes READY steps as far as there are free places, and gives back at shutdown what it has. */
@Injectable()
export class ClaimLoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: StepStore;
  readonly #runner: StepRunnerService;
  readonly #options: ExecutorOptions;
  readonly #running = new Map<HeldLease, { readonly limit: StepLimit; readonly ended: Promise<void> }>();
  readonly #logger = new Logger(ClaimLoopService.name);
  readonly #waker = new Waker(
    () => this.#claimAll(),
    (error) => this.#logger.error({ err: error }, 'the executor could not look for steps'),
  );
  #unsubscribe: (() => void) | undefined;
  #beat: NodeJS.Timeout | undefined;

  constructor(
    @Inject(STEP_STORE) store: StepStore,
    @Inject(StepRunnerService) runner: StepRunnerService,
    @Inject(EXECUTOR_OPTIONS) options: ExecutorOptions,
  ) {
    this.#store = store;
    this.#runner = runner;
    this.#options = options;
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#store.onChange(() => this.#beatSoon());
    this.#waker.start(this.#options.tickMs);
    this.#waker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    clearTimeout(this.#beat);
    await this.#waker.stop();
    const running = [...this.#running];
    for (const [lease] of running) lease.end('stopping');
    await Promise.allSettled(running.map(([, { ended }]) => ended));
  }

  wake(): void {
    this.#waker.wake();
  }

  load(): ExecutorLoad {
    return { running: this.#running.size, places: this.#options.limits.reduce((sum, { count }) => sum + count, 0) };
  }

  async #claimAll(): Promise<void> {
    for (const limit of this.#options.limits) await this.#claimFor(limit);
  }

  async #claimFor(limit: StepLimit): Promise<void> {
    const { owner, cluster, leaseMs } = this.#options;
    const taken = [...this.#running.values()].filter((place) => place.limit === limit).length;
    if (taken >= limit.count) return;
    const steps = await this.#store.claim({
      owner,
      leaseMs,
      kinds: limit.kinds,
      limit: limit.count - taken,
      ...(cluster !== undefined && { clusters: [cluster] }),
    });
    if (steps.length === 0) return;
    for (const step of steps) this.#start(step, limit);
    await this.#store.announceStart(steps);
  }

  #start(step: ClaimedStep, limit: StepLimit): void {
    const lease = new HeldLease(this.#store, step, this.#options.leaseMs);
    const ended = this.#runner
      .run(step, lease)
      .catch((error: unknown) =>
        this.#logger.error({ err: error, stepId: step.stepId, runId: step.runId }, 'step could not be reported; its lease will end'),
      )
      .finally(() => {
        lease.close();
        this.#running.delete(lease);
        this.#waker.wake();
      });
    this.#running.set(lease, { limit, ended });
  }

  /** Events may say that a run is being cancelled: the leases know. Many events are one beat, and the last is never left out. */
  #beatSoon(): void {
    this.#beat ??= setTimeout(() => {
      this.#beat = undefined;
      for (const lease of this.#running.keys()) lease.beat();
    }, BEAT_AFTER_MS);
  }
}
