import { loggingOptions, ownerName } from '@hiveferry/platform';
import { ClusterGatewayModule, InfrastructureModule, KafkaBusModule, ProbeController } from '@hiveferry/platform/modules';
import type { InfrastructureOptions } from '@hiveferry/platform/modules';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { DEFAULT_EXECUTOR_OPTIONS, limitsOf } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { ExecutorModule } from './executor.module.ts';

/** A group that lost a consumer may wait a minute until Kafka has shared its partitions again. */
const LOOKS_AFTER_SWEEPS = 5;

export interface ExecutorProcessOptions extends InfrastructureOptions {
  /** At whose edge it stands. */
  readonly cluster: string;
}

/** An executor as a process of its own at the edge of one cluster, woken by Kafka. */
@Module({})
export class ExecutorProcessModule {
  static register(options: ExecutorProcessOptions): DynamicModule {
    const { configuration, cluster } = options;
    return {
      module: ExecutorProcessModule,
      controllers: [ProbeController],
      imports: [
        LoggerModule.forRoot(loggingOptions(configuration)),
        InfrastructureModule.register(options),
        KafkaBusModule.register(configuration.kafka, (kafka) => `${kafka.executorGroup}-${cluster}`),
        ClusterGatewayModule,
        ExecutorModule.register(executorOptionsOf(options)),
      ],
    };
  }
}

function executorOptionsOf({
  configuration,
  cluster,
}: ExecutorProcessOptions): Partial<ExecutorOptions> & Pick<ExecutorOptions, 'owner' | 'cluster'> {
  return {
    owner: ownerName(`executor-${cluster}`),
    cluster,
    leaseMs: configuration.leaseSeconds * 1000,
    retry: { ...DEFAULT_EXECUTOR_OPTIONS.retry, maxTries: configuration.attempts },
    limits: limitsOf(configuration.workers),
    // Messages wake it, and the sweeper repeats those that were lost; the look at Postgres is for when Kafka itself is slow to give any.
    tickMs: configuration.sweepSeconds * 1000 * LOOKS_AFTER_SWEEPS,
  };
}
