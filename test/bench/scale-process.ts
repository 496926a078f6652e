import 'reflect-metadata';
import { KafkaBusServer, KafkaTaskBus } from '@hiveferry/adapters/kafka';
import { openPostgres } from '@hiveferry/adapters/postgres';
import type { PostgresStores } from '@hiveferry/adapters/postgres';
import { parseConfiguration } from '@hiveferry/contracts';
import type { Evidence } from '@hiveferry/core';
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
  systemIds,
} from '@hiveferry/platform';
import type { ClaimedStep, StepOutcome, StepStore, TaskBus } from '@hiveferry/ports';
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClaimLoopService } from '../../apps/executor/src/claim-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS, EXECUTOR_OPTIONS } from '../../apps/executor/src/executor-options.ts';
import { HeartbeatService } from '../../apps/executor/src/heartbeat.service.ts';
import { StepReturnsService } from '../../apps/executor/src/step-returns.service.ts';
import { StepRunnerService } from '../../apps/executor/src/step-runner.service.ts';
import { taskConsumerFor } from '../../apps/executor/src/task-consumer.controller.ts';
import { PlannerModule } from '../../apps/planner/src/planner.module.ts';
import { scaleGateway } from './scale-cluster.ts';

interface ScaleProcess {
  readonly role: 'planner' | 'executor';
  readonly name: string;
  readonly url: string;
  readonly brokers: string;
  /** Of topics and groups. */
  readonly prefix: string;
  readonly tables: number;
}

/** Reports each step as the service's own runner does; a table's proof says that nothing was compared. */
class NoOpRunner {
  readonly #store: StepStore;

  constructor(@Inject(STEP_STORE) store: StepStore) {
    this.#store = store;
  }

  async work(step: ClaimedStep): Promise<() => Promise<void>> {
    return () => this.#store.complete(step, outcomeOf(step));
  }
}

@Module({})
class ScaleModule {}

export async function startScaleProcess(job: ScaleProcess): Promise<INestMicroservice> {
  const parsed = parseConfiguration({ FERRY_KAFKA_BROKERS: job.brokers, FERRY_KAFKA_TOPIC_PREFIX: job.prefix });
  if (parsed.kind === 'invalid' || parsed.configuration.kafka === undefined) throw new Error('no configuration of Kafka');
  const connection = parsed.configuration.kafka;
  const stores = await openPostgres({ url: job.url, applicationName: job.name }, systemIds);
  const module = moduleOf(job, stores, new KafkaTaskBus(connection));
  const strategy = new KafkaBusServer({ connection, groupId: `${job.prefix}-${job.role}`, onLost: () => process.exit(1) });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its plain options as a class
  const app = await NestFactory.createMicroservice(module, { strategy, logger: ['error', 'warn'], abortOnError: false });
  await app.listen();
  return app;
}

function moduleOf({ role, name, tables }: ScaleProcess, stores: PostgresStores, bus: TaskBus): DynamicModule {
  const outside = [
    { provide: PLAN_STORE, useValue: stores.plans },
    { provide: STEP_STORE, useValue: stores.steps },
    { provide: OUTBOX, useValue: stores.outbox },
    { provide: INBOX, useValue: stores.inbox },
    { provide: EXECUTOR_REGISTRY, useValue: stores.executors },
    { provide: TASK_BUS, useValue: bus },
    { provide: CLOCK, useValue: systemClock },
    { provide: ClusterClients, useValue: new ClusterClients(scaleGateway(tables), (cluster) => stores.runs.cluster(cluster)) },
  ];
  const base = { module: ScaleModule, global: true, exports: outside.map(({ provide }) => provide) };
  if (role === 'planner') return { ...base, providers: outside, imports: [PlannerModule.register({ owner: name })] };
  const options = { ...DEFAULT_EXECUTOR_OPTIONS, owner: name, cluster: 'right', tickMs: 0 };
  return {
    ...base,
    controllers: [taskConsumerFor('right')],
    providers: [
      ...outside,
      { provide: EXECUTOR_OPTIONS, useValue: options },
      { provide: StepRunnerService, useClass: NoOpRunner },
      StepReturnsService,
      ClaimLoopService,
      HeartbeatService,
    ],
  };
}

function outcomeOf({ kind, database, table = '' }: ClaimedStep): StepOutcome {
  if (kind !== 'verify') return { result: {} };
  const name = { database, table };
  const evidence: Evidence = {
    table: name,
    target: name,
    tableHash: '',
    verdict: 'VERIFIED',
    askedLevel: 'metadata',
    findings: [],
    findingsOmitted: 0,
    counts: { partitions: 0, files: 0, bytes: 0, checksummedFiles: 0 },
    notCompared: [],
    verifiedAt: '',
  };
  return { result: {}, evidence };
}
