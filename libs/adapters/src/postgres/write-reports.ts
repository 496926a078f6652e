import type { Ids, StepLease, StepOutcome } from '@hiveferry/ports';
import { appendEvents } from './events.sql.ts';
import type { NewEvent } from './events.sql.ts';
import { announceSteps } from './outbox.sql.ts';
import { lockRun } from './run.sql.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import type { StepPlace } from './step-claim.sql.ts';
import { closeCompletedAttempts, completeClaims } from './step-completion.sql.ts';
import { stepEvent, tableEvent } from './step-events.ts';
import { appendEvidence, putMeasurement } from './step-facts.sql.ts';
import { endTable, readyDependants, startTables } from './step-graph.sql.ts';

/** What executors say about steps that go well. */
export type StepReport =
  | { readonly kind: 'started'; readonly runId: string; readonly place: StepPlace }
  | { readonly kind: 'done'; readonly lease: StepLease; readonly outcome: StepOutcome };

export interface ReportParts {
  readonly database: Database;
  readonly ids: Ids;
}

/**
 * Writes reports of one run in one transaction: claims end where their fences hold, then their effects and events, and perhaps the
 * run's end. A report that comes too late changes nothing and stops none of the others.
 *
 * @returns of each whether it was taken; a lease that is given twice is taken once
 */
export async function writeReports({ database, ids }: ReportParts, reports: readonly StepReport[]): Promise<readonly boolean[]> {
  const [first] = reports;
  if (first === undefined) return [];
  const runId = first.kind === 'done' ? first.lease.runId : first.runId;
  return database.transaction(async (sql) => {
    await lockRun(sql, runId);
    const taken = await endClaims(sql, reports);
    const started = reports.flatMap((report) => (report.kind === 'started' ? [report.place] : []));
    const done = reports.flatMap((report, index) => {
      const place = taken[index];
      return report.kind === 'started' || place === undefined ? [] : [{ ...report, place }];
    });
    await writeEffects(sql, { runId, started, done, ids });
    return taken.map((place) => place !== undefined);
  });
}

interface DoneStep {
  readonly lease: StepLease;
  readonly outcome: StepOutcome;
  readonly place: StepPlace;
}

interface Effects {
  readonly runId: string;
  readonly started: readonly StepPlace[];
  readonly done: readonly DoneStep[];
  readonly ids: Ids;
}

/** @returns of each report its place, undefined where the fence is another's */
async function endClaims(sql: Sql, reports: readonly StepReport[]): Promise<readonly (StepPlace | undefined)[]> {
  const done = reports.flatMap((report) => (report.kind === 'done' ? [completionOf(report)] : []));
  const ended = done.length === 0 ? [] : await completeClaims(sql, done);
  const places = new Map(ended.map((place) => [nameOf({ stepId: place.id, fence: place.fence }), place]));
  return reports.map((report) => (report.kind === 'started' ? report.place : takeFrom(places, nameOf(report.lease))));
}

async function writeEffects(sql: Sql, { runId, started, done, ids }: Effects): Promise<void> {
  const tables = await startTables(sql, runId, [...started, ...done.map(({ place }) => place)]);
  const events: NewEvent[] = [
    ...tables.map((key) => tableEvent(key, { state: 'RUNNING' })),
    ...started.map((place) => stepEvent(place, 'RUNNING')),
  ];
  for (const step of done) events.push(stepEvent(step.place, 'DONE'), ...(await writeFacts(sql, step)));
  if (done.length > 0) {
    await closeCompletedAttempts(sql, done.map(completionOf));
    const stepIds = done.map(({ lease }) => lease.stepId);
    await announceSteps(sql, await readyDependants(sql, stepIds), ids);
  }
  await appendEvents(sql, runId, events);
  if (done.length > 0) await settleRun(sql, runId);
}

async function writeFacts(sql: Sql, { lease, outcome, place }: DoneStep): Promise<readonly NewEvent[]> {
  const { measurement, evidence } = outcome;
  if (measurement !== undefined) await putMeasurement(sql, lease, measurement);
  if (evidence === undefined) return [];
  await appendEvidence(sql, lease, { place, evidence });
  const ended = await endTable(sql, lease.runId, { table: place, state: evidence.verdict });
  return ended ? [tableEvent(place, { state: evidence.verdict })] : [];
}

const nameOf = ({ stepId, fence }: Pick<StepLease, 'stepId' | 'fence'>): string => `${stepId}/${fence}`;

function completionOf({ lease, outcome }: { readonly lease: StepLease; readonly outcome: StepOutcome }): {
  readonly lease: StepLease;
  readonly result: StepOutcome['result'];
} {
  return { lease, result: outcome.result };
}

function takeFrom<Value>(values: Map<string, Value>, key: string): Value | undefined {
  const value = values.get(key);
  values.delete(key);
  return value;
}
