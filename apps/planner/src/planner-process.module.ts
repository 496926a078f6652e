import { loggingOptions, ownerName } from '@hiveferry/platform';
import { ClusterGatewayModule, InfrastructureModule, KafkaBusModule, ProbeController } from '@hiveferry/platform/modules';
import type { InfrastructureOptions } from '@hiveferry/platform/modules';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { DEFAULT_PLANNER_OPTIONS } from './planner-options.ts';
import type { PlannerOptions } from './planner-options.ts';
import { PlannerModule } from './planner.module.ts';

/** The planner as a process of its own, woken by Kafka. */
@Module({})
export class PlannerProcessModule {
  static register(options: InfrastructureOptions): DynamicModule {
    const { configuration } = options;
    return {
      module: PlannerProcessModule,
      controllers: [ProbeController],
      imports: [
        LoggerModule.forRoot(loggingOptions(configuration)),
        InfrastructureModule.register(options),
        KafkaBusModule.register(configuration.kafka, (kafka) => kafka.plannerGroup),
        ClusterGatewayModule,
        PlannerModule.register(plannerOptionsOf(options)),
      ],
    };
  }
}

function plannerOptionsOf({ configuration }: InfrastructureOptions): Partial<PlannerOptions> & Pick<PlannerOptions, 'owner'> {
  const netMs = configuration.sweepSeconds * 1000;
  return {
    owner: ownerName('planner'),
    leaseMs: configuration.leaseSeconds * 1000,
    retry: { ...DEFAULT_PLANNER_OPTIONS.retry, maxTries: configuration.attempts },
    relays: configuration.relays,
    sweepEveryMs: netMs,
    // Messages wake it; the look at Postgres is the net for lost ones and for runs whose planner died.
    tickMs: netMs,
  };
}
