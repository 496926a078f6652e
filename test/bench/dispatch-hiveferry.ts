/** Hiveferry's side of the dispatch benchmark: relay, bus, inbox, claim loop and reports are the service's own; only steps do nothing. */
import 'reflect-metadata';
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext, INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openPostgres } from '@hiveferry/adapters/postgres';
import type { PostgresStores } from '@hiveferry/adapters/postgres';
import { INBOX, OUTBOX, STEP_STORE, TASK_BUS, systemIds } from '@hiveferry/platform';
import type { ClaimedStep, RunLease, StepStore } from '@hiveferry/ports';
import { ClaimLoopService } from '../../apps/executor/src/claim-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS, EXECUTOR_OPTIONS } from '../../apps/executor/src/executor-options.ts';
import { StepReturnsService } from '../../apps/executor/src/step-returns.service.ts';
import { StepRunnerService } from '../../apps/executor/src/step-runner.service.ts';
import { SweeperService } from '../../apps/planner/src/sweeper.service.ts';
import { taskConsumerFor } from '../../apps/executor/src/task-consumer.controller.ts';
import { OutboxRelayService } from '../../apps/planner/src/outbox-relay.service.ts';
import { DEFAULT_PLANNER_OPTIONS, PLANNER_OPTIONS } from '../../apps/planner/src/planner-options.ts';
import { aPlan, aSpec, connectionOf } from '../support/stores.ts';
import { openBenchBus } from './dispatch-bus.ts';
import type { BenchBus } from './dispatch-bus.ts';
import { Handled, timedWarm, untilZero } from './dispatch-clock.ts';
import type { DispatchJob, DispatchResult, DispatchRun } from './dispatch-clock.ts';

const TABLES_A_CALL = 1_000;

/** Runs a step as the service's own runner does, but for the step's work. */
class NoOpRunner {
  readonly #store: StepStore;
  readonly #handled: Handled;

  constructor(@Inject(STEP_STORE) store: StepStore, @Inject(Handled) handled: Handled) {
    this.#store = store;
    this.#handled = handled;
  }

  async work(step: ClaimedStep): Promise<() => Promise<void>> {
    this.#handled.add();
    return () => this.#store.complete(step, { result: {} });
  }
}

@Module({})
class BenchModule {}

/** Looked at again and again at the end: so it looks where little is left. What it says is checked step by step when the clock has stopped. */
const IS_LEFT = `exists (select from ready_step) or exists (select from step_claim where unreported > 0) or exists (select from outbox)`;

const REMEMBERED = `select coalesce(sum(cardinality(ids)), 0) from inbox`;

/** The executor waits for messages, and nobody publishes them yet. */
function refuseStarted(handled: Handled): void {
  if (handled.early > 0) throw new Error(`${String(handled.early)} tasks were handled before the clock started`);
}

async function refuseUnreported({ dataSource }: PostgresStores): Promise<void> {
  const [row] = await dataSource.query<{ left: string }[]>(`select count(*) as left from step where state <> 'DONE'`);
  if (row?.left !== '0') throw new Error(`${row?.left ?? 'some'} tasks are not done`);
}

/** What the sweeper told of once more would count for what was not remembered yet. */
async function refuseRepeated({ dataSource }: PostgresStores, announced: number): Promise<void> {
  const [row] = await dataSource.query<{ remembered: string }[]>(`select (${REMEMBERED}) as remembered`);
  if (Number(row?.remembered) !== announced)
    throw new Error(`${row?.remembered ?? 'some'} messages were remembered, ${String(announced)} were written`);
}

async function waitingMessages({ dataSource }: PostgresStores): Promise<number> {
  const [row] = await dataSource.query<{ count: string }[]>(`select count(*) from outbox`);
  return Number(row?.count);
}

/**
 * One run with one step a table, all READY and in the outbox when the clock starts. The executor is up and waits for messages: the clock
 * starts with the relay, and stops when all steps are reported and all messages published and remembered.
 */
export async function benchHiveferry(job: DispatchRun, brokers?: string): Promise<DispatchResult> {
  const stores = await openPostgres({ url: job.url }, systemIds);
  const bench = await openBenchBus('right', brokers);
  try {
    const handled = new Handled();
    const executor = await startExecutor(stores, bench, { ...job, handled });
    let relay: INestApplicationContext | undefined;
    let announced = 0;
    const prepare = async (tasks: number): Promise<void> => {
      await job.prepare(tasks);
      announced += await waitingMessages(stores);
    };
    const result = await timedWarm(
      { ...job, prepare },
      {
        async workOff(tasks) {
          refuseStarted(handled);
          relay = await startRelay(stores, bench);
          await handled.reachesMore(tasks);
          await untilZero(job.url, `case when ${IS_LEFT} then 1 else greatest(0, ${String(announced)} - (${REMEMBERED})) end`);
        },
        async rest() {
          await relay?.close();
        },
      },
    );
    await refuseUnreported(stores);
    await refuseRepeated(stores, announced);
    await executor.close();
    return result;
  } finally {
    await bench.close();
    await stores.close();
  }
}

async function startExecutor(
  stores: PostgresStores,
  { server, cluster }: BenchBus,
  { places, handled }: DispatchJob & { readonly handled: Handled },
): Promise<INestMicroservice> {
  const options = { ...DEFAULT_EXECUTOR_OPTIONS, owner: 'bench', limits: [{ kinds: ['preflight' as const], count: places }], tickMs: 0 };
  const module: DynamicModule = {
    module: BenchModule,
    controllers: [taskConsumerFor(cluster)],
    providers: [
      { provide: STEP_STORE, useValue: stores.steps },
      { provide: INBOX, useValue: stores.inbox },
      { provide: EXECUTOR_OPTIONS, useValue: options },
      { provide: Handled, useValue: handled },
      { provide: StepRunnerService, useClass: NoOpRunner },
      StepReturnsService,
      ClaimLoopService,
    ],
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its plain options as a class
  const app = await NestFactory.createMicroservice(module, { strategy: server, logger: false, abortOnError: false });
  await app.listen();
  return app;
}

function startRelay(stores: PostgresStores, { bus }: BenchBus): Promise<INestApplicationContext> {
  const module: DynamicModule = {
    module: BenchModule,
    providers: [
      { provide: STEP_STORE, useValue: stores.steps },
      { provide: OUTBOX, useValue: stores.outbox },
      { provide: TASK_BUS, useValue: bus },
      { provide: PLANNER_OPTIONS, useValue: { ...DEFAULT_PLANNER_OPTIONS, owner: 'bench' } },
      SweeperService,
      OutboxRelayService,
    ],
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as above
  return NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
}

export async function prepareHiveferry({ url, tasks }: DispatchJob): Promise<void> {
  const stores = await openPostgres({ url }, systemIds);
  try {
    await queueSteps(stores, tasks);
  } finally {
    await stores.close();
  }
}

async function queueSteps(stores: PostgresStores, tasks: number): Promise<void> {
  for (const name of ['left', 'right']) await stores.runs.putCluster(name, connectionOf(name), {});
  const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  const names = Array.from({ length: tasks }, (_, index) => `t${runId.slice(-6)}_${String(index).padStart(7, '0')}`);
  const planning = await claimRun(stores);
  await stores.plans.putDatabasePlan(planning, 'right', { source: 'sales', target: 'sales', statements: [], issues: [] });
  for (const page of pagesOf(names)) {
    await stores.plans.putTablePlans(
      planning,
      'right',
      page.map((name) => ({ plan: aPlan(name), tableHash: `hash-${name}` })),
    );
  }
  await stores.plans.finishPlanning(planning, new Map([['right', 'hash']]));
  await stores.runs.executeRun({ runId, approvals: [{ planHash: 'hash' }] });
  const executing = await claimRun(stores);
  const payload = { kind: 'preflight', statements: [] } as const;
  for (const page of pagesOf(names)) {
    const steps = [{ key: 'preflight', kind: 'preflight', side: 'target', after: [], payload }] as const;
    await stores.plans.addSteps(
      executing,
      'right',
      page.map((table) => ({ database: 'sales', table, steps })),
    );
  }
  await stores.plans.activateTarget(executing, 'right');
  await stores.plans.giveBackRun(executing);
  // Only the tasks are measured, not the messages to planners.
  await stores.dataSource.query(`delete from outbox where topic = 'hiveferry.runs'`);
}

async function claimRun(stores: PostgresStores): Promise<RunLease> {
  const run = await stores.plans.claimRun('bench', 600_000);
  if (run === undefined) throw new Error('there is no run to claim');
  return run;
}

function* pagesOf(names: readonly string[]): Iterable<readonly string[]> {
  for (let from = 0; from < names.length; from += TABLES_A_CALL) yield names.slice(from, from + TABLES_A_CALL);
}
