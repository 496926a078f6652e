import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ClaimLoopService } from './claim-loop.service.ts';
import { EndingLoopService } from './ending-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS, EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { HeartbeatService } from './heartbeat.service.ts';
import { StepReturnsService } from './step-returns.service.ts';
import { StepRunnerService } from './step-runner.service.ts';
import { taskConsumerFor } from './task-consumer.controller.ts';

/** Needs, from global modules: STEP_STORE, INBOX, EXECUTOR_REGISTRY, CLOCK and ClusterClients. */
@Module({})
export class ExecutorModule {
  static register(options: Partial<ExecutorOptions> & Pick<ExecutorOptions, 'owner'>): DynamicModule {
    return {
      module: ExecutorModule,
      controllers: [taskConsumerFor(options.cluster ?? '*')],
      providers: [
        { provide: EXECUTOR_OPTIONS, useValue: { ...DEFAULT_EXECUTOR_OPTIONS, ...options } },
        ClaimLoopService,
        EndingLoopService,
        HeartbeatService,
        StepReturnsService,
        StepRunnerService,
      ],
    };
  }
}
