import { loggingOptions } from '@hiveferry/platform';
import { ClusterGatewayModule, InfrastructureModule } from '@hiveferry/platform/modules';
import type { InfrastructureOptions } from '@hiveferry/platform/modules';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ApiModule } from './api.module.ts';

/** The API as a process of its own: it writes requests with their messages to Postgres, and needs no Kafka for it. */
@Module({})
export class ApiProcessModule {
  static register(options: InfrastructureOptions): DynamicModule {
    return {
      module: ApiProcessModule,
      imports: [
        LoggerModule.forRoot(loggingOptions(options.configuration)),
        InfrastructureModule.register(options),
        ClusterGatewayModule,
        ApiModule,
      ],
    };
  }
}
