import { Inject, Injectable, Logger } from '@nestjs/common';
import { PLAN_STORE } from '@hiveferry/platform';
import type { ClaimedTarget, PlanStore } from '@hiveferry/ports';
import { PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import type { RunGuard } from './run-guard.ts';
import { ShardWorkerService } from './shard-worker.service.ts';

/** Makes the steps of an approved target, with the other planners, then lets the first ones go. It can run twice. */
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

  async dispatch(claim: ClaimedTarget, guard: RunGuard): Promise<void> {
    const { runId, target } = claim;
    await this.#store.shards.cutShards(claim, { work: 'dispatch', targets: [target], tablesAShard: this.#options.tablesAShard });
    await this.#shards.doAll(claim, guard);
    await this.#store.activateTarget(claim, target);
    this.#logger.log({ runId, target }, 'target is dispatched');
  }
}
