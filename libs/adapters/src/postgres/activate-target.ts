import type { Ids, RunLease, TargetFailure } from '@hiveferry/ports';
import { claimTables } from './claim-tables.ts';
import { linkViews, markDispatched, markDispatching, queueTables } from './dispatch.sql.ts';
import { appendEvents } from './events.sql.ts';
import { announceSteps } from './outbox.sql.ts';
import { mustHold } from './plan-lease.ts';
import { lockRun } from './run.sql.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { tableEvent } from './step-events.ts';
import { failQueued, readyUnblocked } from './step-graph.sql.ts';
import { deleteStaleClaims } from './table-claims.sql.ts';
import { tablePages } from './table-pages.ts';
import type { TablePage } from './table-pages.ts';

/**
 * Links, queues and claims all tables of an approved target, then makes ready what nothing blocks: page by page, each in its own transaction.
 * It can run twice. Steps may be claimed from the first page that is ready: who is woken by its messages finds them.
 */
export async function activateTarget(
  database: Database,
  lease: RunLease,
  { target, ids }: { readonly target: string; readonly ids: Ids },
): Promise<void> {
  const { runId } = lease;
  const queued = { tables: 0 };
  const forEachPage = async (work: (sql: Sql, page: TablePage) => Promise<void>): Promise<void> => {
    for await (const page of tablePages(database.sql, runId, target)) await whileExecuting(database, lease, (sql) => work(sql, page));
  };
  await forEachPage(async (sql, page) => {
    await linkViews(sql, page);
    queued.tables += await queueTables(sql, page);
  });
  await whileExecuting(database, lease, deleteStaleClaims);
  await forEachPage(claimTables);
  await whileExecuting(database, lease, (sql) => markDispatching(sql, runId, target));
  await forEachPage(async (sql, page) => announceSteps(sql, await readyUnblocked(sql, page), ids));
  await whileExecuting(database, lease, async (sql) => {
    await markDispatched(sql, runId, target);
    await appendEvents(sql, runId, [{ type: 'run', data: { state: 'EXECUTING', target, queued: queued.tables } }]);
    await settleRun(sql, runId);
  });
}

/** Nobody goes on with a target until somebody resumes the run: tables that are queued already would keep it from ending. */
export async function giveUpQueued(sql: Sql, runId: string, { target, failure }: Pick<TargetFailure, 'target' | 'failure'>): Promise<void> {
  for await (const page of tablePages(sql, runId, target)) {
    const failed = await failQueued(sql, page, failure);
    await appendEvents(
      sql,
      runId,
      failed.map((key) => tableEvent(key, { state: 'FAILED', failure })),
    );
  }
}

/** Where it was cancelled meanwhile nothing is written: its planner ends with the next look at its lease. */
async function whileExecuting(database: Database, lease: RunLease, work: (sql: Sql) => Promise<void>): Promise<void> {
  await database.transaction(async (sql) => {
    await mustHold(sql, lease);
    if ((await lockRun(sql, lease.runId))?.state === 'EXECUTING') await work(sql);
  });
}
