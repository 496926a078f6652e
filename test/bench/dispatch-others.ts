/** What Hiveferry's dispatch is measured against. All jobs are in their tables when the clock starts, as with Hiveferry. */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { Handled, timedWarm, untilZero } from './dispatch-clock.ts';
import type { DispatchJob, DispatchResult, DispatchRun } from './dispatch-clock.ts';

const QUEUE = 'noop';
const POOL = 10;

const logger = new Logger(() => () => undefined);

export async function prepareGraphile({ url, tasks }: DispatchJob): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  await utils.migrate();
  await utils.addJobs(Array.from({ length: tasks }, (_, id) => ({ identifier: QUEUE, payload: { id } })));
  await utils.release();
}

/** As it comes, or with its own means for throughput: a local queue, and completions in batches. */
export async function benchGraphile(job: DispatchRun, isTuned: boolean): Promise<DispatchResult> {
  const { url, places } = job;
  // Kept over the warm-up, as the connections of the others are.
  const pool = new Pool({ connectionString: url, max: POOL });
  const worker = isTuned ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {};
  const handled = new Handled();
  let runner: Awaited<ReturnType<typeof run>> | undefined;
  const result = await timedWarm(job, {
    async workOff(count) {
      runner = await run({
        pgPool: pool,
        concurrency: places,
        noHandleSignals: true,
        logger,
        taskList: { [QUEUE]: () => handled.add() },
        preset: { worker },
      });
      await handled.reachesMore(count);
      await untilZero(url, '(exists (select from graphile_worker.jobs))::int');
    },
    async rest() {
      await runner?.stop();
    },
  });
  await pool.end();
  return result;
}

function pgBossOn(url: string): PgBoss {
  return new PgBoss({ connectionString: url, max: POOL, supervise: false, schedule: false });
}

export async function preparePgBoss({ url, tasks }: DispatchJob): Promise<void> {
  const boss = pgBossOn(url);
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.insert(
    QUEUE,
    Array.from({ length: tasks }, (_, id) => ({ data: { id } })),
  );
  await boss.stop({ graceful: false });
}

/**
 * One job a fetch would mean two fetches a second and worker: it polls. So it fetches in batches and goes on at once while they are
 * full; each job reports its own result, as Hiveferry's steps do, or the batch as a whole.
 */
export async function benchPgBoss(job: DispatchRun, isPerJob: boolean): Promise<DispatchResult> {
  const { url } = job;
  await preparePgBoss({ ...job, tasks: 0 });
  const boss = pgBossOn(url);
  await boss.start();
  const common = { batchSize: 100, localConcurrency: 4, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
  const handled = new Handled();
  const result = await timedWarm(job, {
    async workOff(count) {
      if (isPerJob) {
        await boss.work<{ id: number }>(QUEUE, { ...common, perJobResults: true }, async (jobs) =>
          jobs.map(({ id }) => {
            handled.add();
            return { id, status: 'completed' as const, output: {} };
          }),
        );
      } else
        await boss.work<{ id: number }>(QUEUE, common, async (jobs) => {
          jobs.forEach(() => handled.add());
          return {};
        });
      await handled.reachesMore(count);
      await untilZero(url, `(exists (select from pgboss.job where name = '${QUEUE}' and state <> 'completed'))::int`);
    },
    async rest() {
      await boss.offWork(QUEUE);
    },
  });
  await boss.stop({ graceful: false });
  return result;
}
