import { Inject, Injectable, Logger } from '@nestjs/common';
import { PLAN_STORE } from '@hiveferry/platform';
import type { ClaimedRun, PlanStore } from '@hiveferry/ports';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import type { RunGuard } from './run-guard.ts';
import { ShardWorkerService } from './shard-worker.service.ts';

/** Makes the steps of approved targets, with the other planners, then lets the first ones go. It can run twice. */
@Injectable()
export class DispatchRunService {
  readonly #store: PlanStore;
  readonly #shards: ShardWorkerService;
  readonly #options: PlannerOptions;
  readonly #logger = new Logger(DispatchRunService.name);

  constructor(
    @Inject(PLAN_STORE) store: PlanStore,
    @Inject(ShardWorkerService) shards: ShardWorkerService,
    @Inject(PLANNER_OPTIONS) options: PlannerOptions,
  ) {
    this.#store = store;
    this.#shards = shards;
    this.#options = options;
  }

  async dispatch(run: ClaimedRun, guard: RunGuard): Promise<void> {
    const { tablesAShard } = this.#options;
    for (const target of await this.#store.undispatchedTargets(run.runId)) {
      await this.#store.shards.cutShards(run, { work: 'dispatch', targets: [target], tablesAShard });
      await this.#shards.doAll(run, guard);
      await this.#store.activateTarget(run, target);
      this.#logger.log({ runId: run.runId, target }, 'run is dispatched');
    }
  }
}
