import type { Failure } from '@hiveferry/ports';
import { appendEvents } from './events.sql.ts';
import type { Sql } from './sql.ts';
import { tableEvent } from './step-events.ts';
import { unfoldTables } from './table-beginnings.sql.ts';
import { cancelWhatNeeds, failTables } from './step-graph.sql.ts';
import type { TableKey } from './step-graph.sql.ts';
import { claimLocations, claimNames, claimedLocations, dropClaimsOf, firstStepOf, lockClaims } from './table-claims.sql.ts';
import type { ClaimConflict } from './table-claims.sql.ts';
import type { TablePage } from './table-pages.ts';

/**
 * Makes the queued tables of a run its own until it ends: no other run writes to the same name of the same metastore, nor into, around
 * or at the same directory. A table that another run has fails here, with its dependants, and says which run that is. All tables of the
 * run are queued before, so that dependants of a later page are too.
 */
export async function claimTables(sql: Sql, page: TablePage): Promise<void> {
  const { runId } = page;
  await lockClaims(sql);
  await unfoldTables(sql, page);
  const names = await claimNames(sql, page);
  await claimLocations(sql, page);
  const conflicts = [...names, ...(await claimedLocations(sql, page))];
  const byTable = new Map(conflicts.map((conflict) => [JSON.stringify(keyOf(conflict)), conflict]));
  await dropClaimsOf(sql, runId, [...byTable.values()]);
  for (const conflict of byTable.values()) await failClaimed(sql, runId, conflict);
}

async function failClaimed(sql: Sql, runId: string, conflict: ClaimConflict): Promise<void> {
  const failure = claimedBy(runId, conflict);
  const stepId = await firstStepOf(sql, runId, conflict);
  const hit = stepId === undefined ? [] : await cancelWhatNeeds(sql, runId, stepId);
  const own = JSON.stringify(keyOf(conflict));
  const dependants = hit.filter((key) => key.tableName !== '' && JSON.stringify(keyOf(key)) !== own);
  const message = `${conflict.database}.${conflict.tableName} failed, and this needs it: ${failure.code}: ${failure.message}`;
  const needing: Failure = { code: 'DEPENDENCY_FAILED', message, retry: failure.retry };
  const failed = await failTables(sql, runId, { tables: [conflict], failure });
  const others = await failTables(sql, runId, { tables: dependants, failure: needing });
  await appendEvents(sql, runId, [
    ...failed.map((key) => tableEvent(key, { state: 'FAILED', failure })),
    ...others.map((key) => tableEvent(key, { state: 'FAILED', failure: needing })),
  ]);
}

function claimedBy(runId: string, { target, database, tableName, otherRunId, wanted }: ClaimConflict): Failure {
  const owner = otherRunId === runId ? 'another target of this run writes it' : `run ${otherRunId} writes it now`;
  const advice = otherRunId === runId ? 'give the targets different prefixes or locations' : 'wait for its end or cancel it, then resume';
  const message = `${database}.${tableName} on ${target} needs ${wanted} for itself, and ${owner}: ${advice}.`;
  return { code: 'TABLE_CLAIMED', message, retry: 'operator' };
}

const keyOf = ({ target, database, tableName }: TableKey): readonly string[] => [target, database, tableName];
