import { EXECUTOR_REGISTRY, Waker, versionOfProduct } from '@hiveferry/platform';
import type { ExecutorRegistry } from '@hiveferry/ports';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { ClaimLoopService } from './claim-loop.service.ts';
import { EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { StepRunnerService } from './step-runner.service.ts';

const BEAT_EVERY_MS = 5_000;

/** Says every few seconds that this executor lives, where it stands and what it does. */
@Injectable()
export class HeartbeatService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #registry: ExecutorRegistry;
  readonly #options: ExecutorOptions;
  readonly #loop: ClaimLoopService;
  readonly #runner: StepRunnerService;
  readonly #logger = new Logger(HeartbeatService.name);
  readonly #waker = new Waker(
    () => this.#beat(),
    (error) => this.#logger.warn({ err: error }, 'heartbeat could not be written; tried again'),
  );

  // eslint-disable-next-line max-params -- Nest injects by parameter
  constructor(
    @Inject(EXECUTOR_REGISTRY) registry: ExecutorRegistry,
    @Inject(EXECUTOR_OPTIONS) options: ExecutorOptions,
    @Inject(ClaimLoopService) loop: ClaimLoopService,
    @Inject(StepRunnerService) runner: StepRunnerService,
  ) {
    this.#registry = registry;
    this.#options = options;
    this.#loop = loop;
    this.#runner = runner;
  }

  onApplicationBootstrap(): void {
    this.#waker.start(BEAT_EVERY_MS);
    this.#waker.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#waker.stop();
    await this.#registry.leave(this.#options.owner).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const { owner: id, cluster } = this.#options;
    const load = { ...this.#loop.load(), leasesLost: this.#runner.leasesLost };
    await this.#registry.beat({ id, ...(cluster !== undefined && { cluster }), version: versionOfProduct(), load });
  }
}
