import type { Failure, StepLease } from '@hiveferry/ports';
import { appendEvents } from './events.sql.ts';
import type { NewEvent } from './events.sql.ts';
import { failTablesOf } from './fail-tables.ts';
import { lockRun } from './run.sql.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { finishEnding, postponeEnding } from './step-ending.sql.ts';
import type { EndedStep } from './step-ending.sql.ts';
import { stepEvent } from './step-events.ts';

/** One transaction: the step is what it was to be, its table too, and perhaps the run ends. @returns false when another has the step */
export function endStep(database: Database, lease: StepLease): Promise<boolean> {
  return database.transaction(async (sql) => {
    await lockRun(sql, lease.runId);
    const step = await finishEnding(sql, lease);
    if (step === undefined) return false;
    await appendEvents(sql, lease.runId, await eventsOf(sql, lease.runId, step));
    await settleRun(sql, lease.runId);
    return true;
  });
}

async function eventsOf(sql: Sql, runId: string, step: EndedStep): Promise<readonly NewEvent[]> {
  const { failure } = step;
  if (step.state !== 'FAILED' || failure === null) return [stepEvent(step, step.state)];
  return [stepEvent(step, step.state, failure), ...(await failTablesOf(sql, runId, { place: step, failure }))];
}

/** @returns false when another has the step */
export function postponeEnd(
  database: Database,
  lease: StepLease,
  hindrance: { readonly failure?: Failure | undefined; readonly againAfterMs: number },
): Promise<boolean> {
  return database.transaction(async (sql) => {
    await lockRun(sql, lease.runId);
    const step = await postponeEnding(sql, lease, hindrance);
    if (step === undefined) return false;
    if (hindrance.failure !== undefined) await appendEvents(sql, lease.runId, [stepEvent(step, 'ENDING', hindrance.failure)]);
    return true;
  });
}
