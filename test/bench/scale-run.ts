import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deleteTopics } from '../../scripts/support/services.ts';
import { aSpec, connectionOf, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { scaleDatabases } from './scale-cluster.ts';

interface ScaleJob {
  readonly tables: number;
  readonly brokers: string;
  readonly postgresUrl: string;
}

export interface ScaleFigures {
  readonly tables: number;
  readonly steps: number;
  readonly state: string;
  /** From the request. */
  readonly seconds: { readonly planned: number; readonly dispatched: number; readonly total: number };
  readonly processes: readonly ProcessFigures[];
}

export interface ProcessFigures {
  readonly name: string;
  readonly planned?: number;
  readonly made?: number;
  readonly done?: number;
  /** In bytes. */
  readonly heap: { readonly median: number; readonly highest: number };
  readonly rss: { readonly highest: number };
  readonly cpuSeconds: number;
}

const ROLES = ['planner', 'planner', 'executor', 'executor'] as const;

export async function measureScale(job: ScaleJob): Promise<ScaleFigures> {
  const stores = await openTestStores(job.postgresUrl);
  const prefix = `scale-${process.pid}-${Date.now()}`;
  const children = ROLES.map((role, index) =>
    startChild(job, { role, name: `${role}-${String((index % 2) + 1)}`, prefix, url: stores.url }),
  );
  try {
    await Promise.all(children.map(({ ready }) => ready));
    for (const name of ['left', 'right']) await stores.runs.putCluster(name, connectionOf(name), {});
    const spec = aSpec({ selection: { databases: [...scaleDatabases] }, strategy: 'LINKED', proof: 'metadata' });
    const { runId } = await stores.runs.createMigration(spec, { executeAfterPlan: true });
    const state = await ended(stores, runId);
    return { tables: job.tables, state, ...(await countsOf(stores, runId)), processes: await sharesOf(stores, children) };
  } finally {
    await Promise.all(children.map((child) => stopChild(child)));
    await deleteTopics({ brokers: job.brokers, prefix });
    await stores.drop();
  }
}

interface Sample {
  readonly rss: number;
  readonly heapUsed: number;
  readonly cpuSeconds: number;
}

interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  readonly samples: readonly Sample[];
}

function startChild(
  { tables, brokers }: ScaleJob,
  { role, name, prefix, url }: { readonly role: string; readonly name: string; readonly prefix: string; readonly url: string },
): Child {
  const files = ['load.ts', 'scale-child.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)));
  const flags = ['--expose-gc', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
  const argv = [...flags, ...files, role, name, url, brokers, prefix, String(tables)];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const samples: Sample[] = [];
  const ready = Promise.withResolvers<undefined>();
  child.once('exit', (code) => ready.reject(new Error(`${name} ended with code ${String(code)}`)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Printed by our own child; what else it logs is no sample.
    const said = line.startsWith('{"') ? (JSON.parse(line) as Partial<Sample> & { readonly ready?: true }) : {};
    if (said.ready === true) ready.resolve(undefined);
    const { rss, heapUsed, cpuSeconds } = said;
    if (rss !== undefined && heapUsed !== undefined && cpuSeconds !== undefined) samples.push({ rss, heapUsed, cpuSeconds });
  });
  return { name, process: child, ready: ready.promise.then(() => undefined), samples };
}

async function stopChild({ process: child, ready }: Child): Promise<void> {
  ready.catch(() => undefined);
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exit;
  clearTimeout(killer);
}

async function ended(stores: TestStores, runId: string): Promise<string> {
  for (;;) {
    const [run] = await stores.rows<{ state: string; isEnded: boolean }>(
      `select state, ended_at is not null as "isEnded" from run where id = $1`,
      [runId],
    );
    if (run?.isEnded === true) return run.state;
    await wait(250);
  }
}

async function countsOf(stores: TestStores, runId: string): Promise<Pick<ScaleFigures, 'steps' | 'seconds'>> {
  const [row] = await stores.rows<{ steps: number; planned: number; dispatched: number; total: number }>(
    `select (select count(*)::integer from step) as steps, ${secondsTo('t.approved_at')} as planned, ${secondsTo('t.dispatched_at')} as dispatched,
       ${secondsTo('r.ended_at')} as total
     from run r join run_target t on t.run_id = r.id where r.id = $1`,
    [runId],
  );
  if (row === undefined) throw new Error('the run is gone');
  const { steps, ...seconds } = row;
  return { steps, seconds };
}

const secondsTo = (column: string): string => `extract(epoch from ${column} - r.created_at)::float`;

async function sharesOf(stores: TestStores, children: readonly Child[]): Promise<readonly ProcessFigures[]> {
  const parts = await stores.rows<{ owner: string; work: string; tables: number }>(
    `select lease_owner as owner, work, sum(tables)::integer as tables from run_shard group by 1, 2`,
  );
  const steps = await stores.rows<{ owner: string; count: number }>(
    `select owner, count(*)::integer as count from step_attempt where outcome = 'DONE' group by 1`,
  );
  return children.map(({ name, samples }) => ({
    name,
    ...share('planned', parts.find(({ owner, work }) => owner === name && work === 'plan')?.tables),
    ...share('made', parts.find(({ owner, work }) => owner === name && work === 'dispatch')?.tables),
    ...share('done', steps.find(({ owner }) => owner === name)?.count),
    heap: { median: median(samples.map(({ heapUsed }) => heapUsed)), highest: Math.max(...samples.map(({ heapUsed }) => heapUsed)) },
    rss: { highest: Math.max(...samples.map(({ rss }) => rss)) },
    cpuSeconds: samples.at(-1)?.cpuSeconds ?? Number.NaN,
  }));
}

const share = (name: 'planned' | 'made' | 'done', count: number | undefined): Partial<ProcessFigures> =>
  count === undefined ? {} : { [name]: count };

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
