import { hostname } from 'node:os';
import { loggingOptions } from '@hiveferry/platform';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ApiModule } from '../../api/src/index.ts';
import { PlannerModule } from '../../planner/src/planner.module.ts';
import { ClusterGatewayModule } from './cluster-gateway.module.ts';
import { InfrastructureModule } from './infrastructure.module.ts';
import type { InfrastructureOptions } from './infrastructure.module.ts';

/** Api, planner and executor in one process. */
@Module({})
export class StandaloneModule {
  static register(options: InfrastructureOptions): DynamicModule {
    const owner = `standalone-${hostname()}-${process.pid}`;
    return {
      module: StandaloneModule,
      imports: [
        LoggerModule.forRoot(loggingOptions(options.configuration)),
        InfrastructureModule.register(options),
        ClusterGatewayModule,
        ApiModule,
        PlannerModule.register({ owner, leaseMs: options.configuration.leaseSeconds * 1000 }),
      ],
    };
  }
}
