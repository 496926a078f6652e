import { ClusterClients, STEP_STORE, Waker, failureOf } from '@hiveferry/platform';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { HeldLease } from './held-lease.ts';
import { LeaseBeats } from './lease-beats.ts';
import { endingOf } from './steps/step-endings.ts';

/** Shorter than the grace in which the process must end. */
const PATIENCE_AT_STOP_MS = 10_000;
/** At a time, of each cluster: one that does not answer holds up none but its own, and one ending that does not come back no other. */
const ENDINGS_A_CLUSTER = 4;

/**
 * Ends what dead executors left running for steps that are given up: a run that is cancelled, or a table that failed, frees what it wrote
 * to only when nothing writes there any more. Removes what a cancelled run wrote for a time. It is tried until it is done; who waits sees in the step what hinders it.
 */
@Injectable()
export class EndingLoopService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #store: StepStore;
  readonly #clusters: ClusterClients;
  readonly #options: ExecutorOptions;
  readonly #logger = new Logger(EndingLoopService.name);
  readonly #beats: LeaseBeats<HeldLease>;
  readonly #held = new Map<HeldLease, { readonly cluster: string; readonly done: Promise<void> }>();
  readonly #waker = new Waker(
    () => this.#look(),
    (error) => this.#logger.error({ err: error }, 'the executor could not look for steps that are to be ended'),
  );

  constructor(
    @Inject(STEP_STORE) store: StepStore,
    @Inject(ClusterClients) clusters: ClusterClients,
    @Inject(EXECUTOR_OPTIONS) options: ExecutorOptions,
  ) {
    this.#store = store;
    this.#clusters = clusters;
    this.#options = options;
    this.#beats = new LeaseBeats(options.leaseMs);
  }

  onApplicationBootstrap(): void {
    this.#waker.start(this.#options.endingsEveryMs);
    this.#waker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#waker.stop();
    for (const lease of this.#held.keys()) lease.end('stopping');
    const given = Promise.allSettled([...this.#held.values()].map(({ done }) => done));
    // A cluster that does not answer may keep a question for minutes: the lease ends, and the next executor asks again.
    await Promise.race([given, sleep(PATIENCE_AT_STOP_MS, undefined, { ref: false })]);
  }

  async #look(): Promise<void> {
    const { owner, cluster, leaseMs } = this.#options;
    const held = Map.groupBy(this.#held.values(), (each) => each.cluster);
    const taken = Object.fromEntries([...held].map(([name, each]) => [name, each.length]));
    const own = cluster !== undefined && { clusters: [cluster] };
    const steps = await this.#store.claimEndings({ owner, leaseMs, limit: ENDINGS_A_CLUSTER, taken, ...own });
    for (const step of steps) this.#start(step);
  }

  #start(step: ClaimedStep): void {
    const lease = new HeldLease(this.#store, step, { beats: this.#beats });
    const done = this.#end(step, lease)
      .catch((error: unknown) =>
        this.#logger.warn({ ...namesOf(step), err: error }, 'what became of an ending is not written; it is done again'),
      )
      .finally(() => {
        lease.close();
        this.#held.delete(lease);
        this.#waker.wake();
      });
    this.#held.set(lease, { cluster: step.cluster, done });
  }

  async #end(step: ClaimedStep, lease: HeldLease): Promise<void> {
    try {
      await this.#endWork(step, lease);
    } catch (error) {
      if (lease.ended === 'lost') {
        this.#logger.warn(
          { ...namesOf(step), fence: step.fence },
          'the lease of a step that is to be ended was lost: another executor may have it',
        );
        return;
      }
      await this.#postpone(step, lease, error);
      return;
    }
    await this.#store.ended(step);
    this.#logger.log(namesOf(step), 'step is ended: nothing of it runs any more');
  }

  async #endWork(step: ClaimedStep, lease: HeldLease): Promise<void> {
    const end = endingOf(step.kind);
    if (end === undefined) return;
    const source = await this.#clusters.get(step.spec.source);
    const target = await this.#clusters.get(step.target);
    await end({ step, source, target, store: this.#store, signal: lease.signal, timeLeft: () => lease.timeLeft() });
  }

  async #postpone(step: ClaimedStep, lease: HeldLease, error: unknown): Promise<void> {
    if (lease.ended === 'stopping') {
      await this.#store.endLater(step, 0);
      return;
    }
    const failure = failureOf(error);
    const againInMs = this.#options.retry.maxDelayMs;
    this.#logger.warn(
      { ...namesOf(step), code: failure.code, err: error, againInMs },
      'step cannot be ended yet: what it writes to stays claimed',
    );
    await this.#store.endLater(step, againInMs, failure);
  }
}

function namesOf({ runId, stepId, target, database, table, key }: ClaimedStep): object {
  return { runId, stepId, target, table: table === undefined ? database : `${database}.${table}`, step: key };
}
