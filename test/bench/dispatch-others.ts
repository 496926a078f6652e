/** What Hiveferry's dispatch is measured against. All jobs are in their tables when the clock starts, as with Hiveferry. */
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { PgBoss } from 'pg-boss';
import { Handled, timed, untilZero } from './dispatch-clock.ts';
import type { DispatchJob, DispatchResult } from './dispatch-clock.ts';

const QUEUE = 'noop';
const POOL = 10;

/** As it comes, or with its own means for throughput: a local queue, and completions in batches. */
export async function benchGraphile(job: DispatchJob, isTuned: boolean): Promise<DispatchResult> {
  const { url, tasks, places } = job;
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  await utils.migrate();
  await utils.addJobs(Array.from({ length: tasks }, (_, id) => ({ identifier: QUEUE, payload: { id } })));
  await utils.release();
  const worker = isTuned ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {};
  const handled = new Handled();
  const result: { runner?: Awaited<ReturnType<typeof run>> } = {};
  const time = await timed(job, async () => {
    result.runner = await run({
      connectionString: url,
      concurrency: places,
      noHandleSignals: true,
      logger,
      taskList: { [QUEUE]: () => handled.add() },
      preset: { worker: { maxPoolSize: POOL, ...worker } },
    });
    await handled.reaches(tasks);
    await untilZero(url, '(exists (select from graphile_worker.jobs))::int');
  });
  await result.runner?.stop();
  return time;
}

/**
 * One job a fetch would mean two fetches a second and worker: it polls. So it fetches in batches and goes on at once while they are
 * full; each job reports its own result, as Hiveferry's steps do, or the batch as a whole.
 */
export async function benchPgBoss(job: DispatchJob, isPerJob: boolean): Promise<DispatchResult> {
  const { url, tasks } = job;
  const boss = new PgBoss({ connectionString: url, max: POOL, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.insert(
    QUEUE,
    Array.from({ length: tasks }, (_, id) => ({ data: { id } })),
  );
  const common = { batchSize: 100, localConcurrency: 4, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
  const handled = new Handled();
  const result = await timed(job, async () => {
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
    await handled.reaches(tasks);
    await untilZero(url, `(exists (select from pgboss.job where name = '${QUEUE}' and state <> 'completed'))::int`);
  });
  await boss.stop({ graceful: false });
  return result;
}
