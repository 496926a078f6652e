import type { PlannedStatement } from '@hiveferry/core';
import type { HiveSession } from '@hiveferry/ports';
import type { StepContext } from './step-handler.ts';

/** Runs work in a session of the target's HiveServer2 and closes it. */
export async function inSession<T>(context: StepContext, work: (session: HiveSession) => Promise<T>): Promise<T> {
  const session = await context.target.hive.openSession();
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
