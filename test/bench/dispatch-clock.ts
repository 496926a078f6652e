import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

export interface DispatchJob {
  readonly url: string;
  readonly tasks: number;
  /** Tasks that run at a time. */
  readonly places: number;
}

export interface DispatchResult {
  readonly tasks: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export async function timed(tasks: number, work: () => Promise<void>): Promise<DispatchResult> {
  const cpu = process.cpuUsage();
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { tasks, seconds, cpuSeconds: (user + system) / 1e6 };
}

/** The database is asked, not the handlers: a task counts when its result is committed. Asked often near the end only. */
export async function untilZero(url: string, count: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ left: string }>(`select (${count}) as left`);
      const left = Number(rows[0]?.left);
      if (left === 0) return;
      await wait(left > 500 ? 50 : 5);
    }
  } finally {
    await client.end();
  }
}
