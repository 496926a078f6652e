import { appendEvents } from './events.sql.ts';
import {
  cancelOpenTables,
  closeOperations,
  hasOpenTable,
  hasOpenWork,
  hasRunningSteps,
  isHeldByPlanner,
  isUnverified,
  lockRun,
  moveRun,
} from './run.sql.ts';
import type { LockedRun } from './run.sql.ts';
import type { Sql } from './sql.ts';

/**
 * Ends a run when nothing of it is left to do. To be called with the run's lock held, at the end of each transaction that may have
 * taken away the last thing; twice does nothing.
 *
 * @returns true when the run ended
 */
export async function settleRun(sql: Sql, runId: string): Promise<boolean> {
  const run = await lockRun(sql, runId);
  if (run === undefined) return false;
  return settleLocked(sql, run, run.state === 'EXECUTING' && (await hasOpenTable(sql, runId)));
}

/**
 * As `settleRun`, when this transaction has the lock already and nothing has moved the run since.
 *
 * @param isOpen a table of it is open
 */
export async function settleLocked(sql: Sql, { id: runId, state }: LockedRun, isOpen: boolean): Promise<boolean> {
  if (state === 'EXECUTING') return isOpen ? false : settleExecuting(sql, runId);
  if (state === 'CANCELLING') return settleCancelling(sql, runId);
  return false;
}

async function settleExecuting(sql: Sql, runId: string): Promise<boolean> {
  if (await hasOpenWork(sql, runId)) return false;
  const state = (await isUnverified(sql, runId)) ? 'INCOMPLETE' : 'SUCCEEDED';
  if (!(await moveRun(sql, runId, state))) return false;
  await closeOperations(sql, runId, { kinds: ['plan', 'execute', 'verify'] });
  await appendEvents(sql, runId, [{ type: 'run', data: { state } }]);
  return true;
}

async function settleCancelling(sql: Sql, runId: string): Promise<boolean> {
  if ((await isHeldByPlanner(sql, runId)) || (await hasRunningSteps(sql, runId))) return false;
  await cancelOpenTables(sql, runId);
  if (!(await moveRun(sql, runId, 'CANCELLED'))) return false;
  await closeOperations(sql, runId, {
    kinds: ['plan', 'execute', 'verify'],
    error: { code: 'RUN_CANCELLED', message: 'the run was cancelled' },
  });
  await closeOperations(sql, runId, { kinds: ['cancel'] });
  await appendEvents(sql, runId, [{ type: 'run', data: { state: 'CANCELLED' } }]);
  return true;
}
