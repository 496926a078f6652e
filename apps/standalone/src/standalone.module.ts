import { hostname } from 'node:os';
import type { Configuration } from '@hiveferry/contracts';
import { loggingOptions } from '@hiveferry/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ApiModule } from '../../api/src/index.ts';
import { SQL_KINDS } from '../../executor/src/executor-options.ts';
import type { ExecutorOptions } from '../../executor/src/executor-options.ts';
import { ExecutorModule } from '../../executor/src/executor.module.ts';
import { DEFAULT_PLANNER_OPTIONS } from '../../planner/src/planner-options.ts';
import { PlannerModule } from '../../planner/src/planner.module.ts';
import { ClusterGatewayModule } from './cluster-gateway.module.ts';
import { InfrastructureModule } from './infrastructure.module.ts';
import type { InfrastructureOptions } from './infrastructure.module.ts';

/** Api, planner and executor in one process. */
@Module({})
export class StandaloneModule {
  static register(options: InfrastructureOptions): DynamicModule {
    const { configuration } = options;
    const owner = `standalone-${hostname()}-${process.pid}`;
    const leaseMs = configuration.leaseSeconds * 1000;
    const retry = { ...DEFAULT_PLANNER_OPTIONS.retry, maxTries: configuration.attempts };
    return {
      module: StandaloneModule,
      imports: [
        LoggerModule.forRoot(loggingOptions(configuration)),
        InfrastructureModule.register(options),
        ClusterGatewayModule,
        ApiModule,
        PlannerModule.register({ owner, leaseMs, retry }),
        ExecutorModule.register({ owner, leaseMs, retry, limits: limitsOf(configuration) }),
      ],
    };
  }
}

function limitsOf({ workers }: Configuration): ExecutorOptions['limits'] {
  return [
    { kinds: SQL_KINDS, count: workers.sql },
    { kinds: ['copy'], count: workers.copy },
    { kinds: ['measure'], count: workers.measure },
  ];
}
