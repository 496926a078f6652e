/** Hiveferry's side of the dispatch benchmark: relay, in-process bus, inbox, claim loop and reports are the service's own; only steps do nothing. */
import 'reflect-metadata';
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryBus, MemoryBusServer } from '@hiveferry/adapters/memory';
import { openPostgres } from '@hiveferry/adapters/postgres';
import type { PostgresStores } from '@hiveferry/adapters/postgres';
import { CLOCK, INBOX, OUTBOX, STEP_STORE, TASK_BUS, systemClock, systemIds } from '@hiveferry/platform';
import type { ClaimedStep, RunLease, StepStore } from '@hiveferry/ports';
import { ClaimLoopService } from '../../apps/executor/src/claim-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS, EXECUTOR_OPTIONS } from '../../apps/executor/src/executor-options.ts';
import { StepRunnerService } from '../../apps/executor/src/step-runner.service.ts';
import { SweeperService } from '../../apps/planner/src/sweeper.service.ts';
import { taskConsumerFor } from '../../apps/executor/src/task-consumer.controller.ts';
import { OutboxRelayService } from '../../apps/planner/src/outbox-relay.service.ts';
import { DEFAULT_PLANNER_OPTIONS, PLANNER_OPTIONS } from '../../apps/planner/src/planner-options.ts';
import { aPlan, aSpec, connectionOf } from '../support/stores.ts';
import { timed, untilZero } from './dispatch-clock.ts';
import type { DispatchJob, DispatchResult } from './dispatch-clock.ts';

const TABLES_A_CALL = 1_000;

/** Runs a step as the service's own runner does, but for the step's work. */
class NoOpRunner {
  readonly #store: StepStore;

  constructor(@Inject(STEP_STORE) store: StepStore) {
    this.#store = store;
  }

  async work(step: ClaimedStep): Promise<() => Promise<void>> {
    return () => this.#store.complete(step, { result: {} });
  }
}

@Module({})
class BenchModule {}

/** One run with one step a table, all READY and in the outbox when the clock starts. */
export async function benchHiveferry({ url, tasks, places }: DispatchJob): Promise<DispatchResult> {
  const stores = await openPostgres({ url }, systemIds);
  try {
    await queueSteps(stores, tasks);
    const bus = new MemoryBus();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its plain options as a class
    const app = await NestFactory.createMicroservice(moduleOf(stores, { bus, places }), {
      strategy: new MemoryBusServer(bus),
      logger: false,
    });
    const result = await timed({ url, tasks, places }, async () => {
      await app.listen();
      await untilZero(
        url,
        `select (select count(*) from step where state in ('BLOCKED', 'READY', 'RUNNING', 'WAITING')) + (select count(*) from outbox)`,
      );
    });
    await app.close();
    return result;
  } finally {
    await stores.close();
  }
}

function moduleOf(stores: PostgresStores, { bus, places }: { readonly bus: MemoryBus; readonly places: number }): DynamicModule {
  const executor = { ...DEFAULT_EXECUTOR_OPTIONS, owner: 'bench', limits: [{ kinds: ['preflight' as const], count: places }] };
  return {
    module: BenchModule,
    controllers: [taskConsumerFor('*')],
    providers: [
      { provide: STEP_STORE, useValue: stores.steps },
      { provide: OUTBOX, useValue: stores.outbox },
      { provide: INBOX, useValue: stores.inbox },
      { provide: TASK_BUS, useValue: bus },
      { provide: CLOCK, useValue: systemClock },
      { provide: EXECUTOR_OPTIONS, useValue: executor },
      { provide: PLANNER_OPTIONS, useValue: { ...DEFAULT_PLANNER_OPTIONS, owner: 'bench' } },
      { provide: StepRunnerService, useClass: NoOpRunner },
      ClaimLoopService,
      SweeperService,
      OutboxRelayService,
    ],
  };
}

async function queueSteps(stores: PostgresStores, tasks: number): Promise<void> {
  for (const name of ['left', 'right']) await stores.runs.putCluster(name, connectionOf(name), {});
  const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
  const names = Array.from({ length: tasks }, (_, index) => `t${String(index).padStart(7, '0')}`);
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
  await stores.dataSource.query('analyze');
}

async function claimRun(stores: PostgresStores): Promise<RunLease> {
  const run = await stores.plans.claimRun('bench', 600_000);
  if (run === undefined) throw new Error('there is no run to claim');
  return run;
}

function* pagesOf(names: readonly string[]): Iterable<readonly string[]> {
  for (let from = 0; from < names.length; from += TABLES_A_CALL) yield names.slice(from, from + TABLES_A_CALL);
}
