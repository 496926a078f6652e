import type { PlannedStatement } from '@hiveferry/core';
import type { ClusterClient, HiveSession } from '@hiveferry/ports';
import type { StepContext } from './step-handler.ts';

/** Runs work in a session of the target's HiveServer2 and closes it. */
export function inSession<T>(context: StepContext, work: (session: HiveSession) => Promise<T>): Promise<T> {
  return inSessionOf(context.target, {}, work);
}

/** The same, of any cluster and with settings of its own. */
export async function inSessionOf<T>(
  cluster: ClusterClient,
  settings: Readonly<Record<string, string>>,
  work: (session: HiveSession) => Promise<T>,
): Promise<T> {
  const session = await cluster.hive.openSession({ settings });
  try {
    return await work(session);
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** In order; the lease is renewed before each. */
export async function executeAll(context: StepContext, session: HiveSession, statements: readonly PlannedStatement[]): Promise<void> {
  for (const { sql } of statements) {
    await context.renew();
    await session.execute(sql, { signal: context.signal });
  }
}
