import { hostname } from 'node:os';
import { loggingOptions } from '@hiveferry/platform';
import { ClusterGatewayModule, InfrastructureModule, MemoryBusModule } from '@hiveferry/platform/modules';
import type { InfrastructureOptions } from '@hiveferry/platform/modules';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ApiModule } from '../../api/src/index.ts';
import { limitsOf } from '../../executor/src/executor-options.ts';
import { ExecutorModule } from '../../executor/src/executor.module.ts';
import { DEFAULT_PLANNER_OPTIONS } from '../../planner/src/planner-options.ts';
import { PlannerModule } from '../../planner/src/planner.module.ts';

/** Api, planner and executor in one process. */
@Module({})
export class StandaloneModule {
  static register(options: InfrastructureOptions): DynamicModule {
    const { configuration } = options;
    const owner = `standalone-${hostname()}-${process.pid}`;
    const sweepEveryMs = configuration.sweepSeconds * 1000;
    const leaseMs = configuration.leaseSeconds * 1000;
    const retry = { ...DEFAULT_PLANNER_OPTIONS.retry, maxTries: configuration.attempts };
    // The bus of this process fails with its Postgres only, and no other relay waits for the topics.
    const patience = { busPauseMs: DEFAULT_PLANNER_OPTIONS.relayTickMs, heldTopicTickMs: DEFAULT_PLANNER_OPTIONS.relayTickMs };
    return {
      module: StandaloneModule,
      imports: [
        LoggerModule.forRoot(loggingOptions(configuration)),
        InfrastructureModule.register(options),
        MemoryBusModule.register(),
        ClusterGatewayModule,
        ApiModule,
        PlannerModule.register({ owner, leaseMs, retry, sweepEveryMs, ...patience }),
        ExecutorModule.register({ owner, leaseMs, retry, limits: limitsOf(configuration.workers) }),
      ],
    };
  }
}
