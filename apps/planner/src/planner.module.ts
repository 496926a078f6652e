import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DispatchRunService } from './dispatch-run.service.ts';
import { OutboxRelayService } from './outbox-relay.service.ts';
import { PlanLoopService } from './plan-loop.service.ts';
import { PlanRunService } from './plan-run.service.ts';
import { DEFAULT_PLANNER_OPTIONS, PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { RunConsumerController } from './run-consumer.controller.ts';
import { ShardWorkerService } from './shard-worker.service.ts';
import { SweeperService } from './sweeper.service.ts';

/** Needs, from global modules: PLAN_STORE, STEP_STORE, OUTBOX, INBOX, TASK_BUS and ClusterClients. */
@Module({})
export class PlannerModule {
  static register(options: Partial<PlannerOptions> & Pick<PlannerOptions, 'owner'>): DynamicModule {
    return {
      module: PlannerModule,
      controllers: [RunConsumerController],
      providers: [
        { provide: PLANNER_OPTIONS, useValue: { ...DEFAULT_PLANNER_OPTIONS, ...options } },
        DispatchRunService,
        ...((options.relays ?? DEFAULT_PLANNER_OPTIONS.relays) ? [OutboxRelayService] : []),
        PlanLoopService,
        PlanRunService,
        ShardWorkerService,
        SweeperService,
      ],
    };
  }
}
