import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryBus, MemoryBusServer } from '@hiveferry/adapters/memory';
import {
  CLOCK,
  ClusterClients,
  EXECUTOR_REGISTRY,
  INBOX,
  OUTBOX,
  PLAN_STORE,
  STEP_STORE,
  TASK_BUS,
  systemClock,
} from '@hiveferry/platform';
import type { ClusterGateway } from '@hiveferry/ports';
import { ExecutorModule } from '../../apps/executor/src/executor.module.ts';
import type { ExecutorOptions } from '../../apps/executor/src/executor-options.ts';
import type { PlannerOptions } from '../../apps/planner/src/planner-options.ts';
import { PlannerModule } from '../../apps/planner/src/planner.module.ts';
import type { TestStores } from './stores.ts';

@Module({})
class TestProcessModule {}

/** Planner and executor in one process on the in-process bus, with the given clusters. */
export async function startFerry(
  stores: TestStores,
  gateway: ClusterGateway,
  { planner = {}, ...executor }: Partial<ExecutorOptions> & { readonly planner?: Partial<PlannerOptions> } = {},
): Promise<INestApplicationContext> {
  const bus = new MemoryBus();
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its plain options as a class
  const app = await NestFactory.createMicroservice(moduleOf(stores, { gateway, bus, executor, planner }), {
    strategy: new MemoryBusServer(bus),
    logger: false,
  });
  await app.listen();
  return app;
}

function moduleOf(
  stores: TestStores,
  {
    gateway,
    bus,
    executor,
    planner,
  }: { gateway: ClusterGateway; bus: MemoryBus; executor: Partial<ExecutorOptions>; planner: Partial<PlannerOptions> },
): DynamicModule {
  const retry = { maxTries: 3, firstDelayMs: 20, maxDelayMs: 50 };
  const providers = [
    { provide: PLAN_STORE, useValue: stores.plans },
    { provide: STEP_STORE, useValue: stores.steps },
    { provide: OUTBOX, useValue: stores.outbox },
    { provide: INBOX, useValue: stores.inbox },
    { provide: EXECUTOR_REGISTRY, useValue: stores.executors },
    { provide: TASK_BUS, useValue: bus },
    { provide: CLOCK, useValue: systemClock },
    { provide: ClusterClients, useValue: new ClusterClients(gateway, (name) => stores.runs.cluster(name)) },
  ];
  return {
    module: TestProcessModule,
    global: true,
    providers,
    exports: providers.map(({ provide }) => provide),
    imports: [
      PlannerModule.register({ owner: 'planner-1', tickMs: 0, sweepEveryMs: 50, retry, ...planner }),
      ExecutorModule.register({ owner: 'executor-1', tickMs: 0, retry, ...executor }),
    ],
  };
}
