import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

export interface DispatchJob {
  readonly url: string;
  readonly tasks: number;
  /** Tasks that run at a time. */
  readonly places: number;
  /** Of Kafka, for who needs it. */
  readonly brokers: string;
}

export interface DispatchRun extends DispatchJob {
  /** Writes so many tasks, in a process of its own: what that leaves in memory is not in the one that is measured. */
  readonly prepare: (tasks: number) => Promise<void>;
}

export interface DispatchResult {
  readonly tasks: number;
  readonly seconds: number;
  /** Of the process that works. */
  readonly cpuSeconds: number;
  /** Of its connections to Postgres; not a number where Postgres is not on this machine. */
  readonly postgresCpuSeconds: number;
}

/**
 * Worked off before the clock starts: services run for weeks, their code is compiled and their connections' catalogues are read. V8 compiles
 * for about a second of work: after 10,000 tasks Hiveferry's next 10,000 took 13 µs of its process each, after 50,000 they take 8
 * (graphile-worker's, which is less code: 11 and 10).
 */
const WARM_UP_TASKS = 50_000;

/**
 * @param workOff starts what works, and ends when so many more tasks are worked off. Their results are committed then
 * @param rest ends what works, so that nothing is begun before the clock
 */
export async function timedWarm(
  job: DispatchRun,
  { workOff, rest }: { readonly workOff: (tasks: number) => Promise<void>; readonly rest: () => Promise<void> },
): Promise<DispatchResult> {
  await job.prepare(WARM_UP_TASKS);
  await workOff(WARM_UP_TASKS);
  await rest();
  await job.prepare(job.tasks);
  await vacuum(job.url);
  const result = await timed(job, () => workOff(job.tasks));
  await rest();
  return result;
}

/** What Postgres does by itself within a minute: rows of the warm-up are gone, and it does not plan for empty tables. */
async function vacuum(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('vacuum analyze');
  await client.end();
}

async function timed({ url, tasks }: DispatchJob, work: () => Promise<void>): Promise<DispatchResult> {
  const before = await backendCpuSeconds(url);
  const cpu = process.cpuUsage();
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { tasks, seconds, cpuSeconds: (user + system) / 1e6, postgresCpuSeconds: (await backendCpuSeconds(url)) - before };
}

const LOOK_EVERY_MS = 5;

/** How many tasks were handed out for work. */
export class Handled {
  #count = 0;
  #wanted = 0;

  /** Handled, though nobody has asked for it. */
  get early(): number {
    return this.#count - this.#wanted;
  }

  add(): void {
    this.#count += 1;
  }

  /** Waits for so many more than at the last time. Nobody asks the database before: that would cost what is measured. */
  async reachesMore(count: number): Promise<void> {
    this.#wanted += count;
    while (this.#count < this.#wanted) await wait(LOOK_EVERY_MS);
  }
}

/** The database has the last word: a task counts when its result is committed. */
export async function untilZero(url: string, left: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ left: string }>(`select (${left}) as left`);
      if (Number(rows[0]?.left) === 0) return;
      await wait(LOOK_EVERY_MS);
    }
  } finally {
    await client.end();
  }
}

/** What the database's connections have used so far. None may end between two looks. */
async function backendCpuSeconds(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    return rows.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
  } finally {
    await client.end();
  }
}

const TICKS_A_SECOND = 100;

function cpuSecondsOf(pid: number): number {
  try {
    // After the name in brackets: state is the first field, utime the twelfth, stime the thirteenth.
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
}
