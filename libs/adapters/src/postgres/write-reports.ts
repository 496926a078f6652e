import type { Ids, StepLease, StepOutcome } from '@hiveferry/ports';
import { appendEvents, appendMoves } from './events.sql.ts';
import type { MovedStep, NewEvent } from './events.sql.ts';
import { announceSteps } from './outbox.sql.ts';
import { lockRun } from './run.sql.ts';
import type { LockedRun } from './run.sql.ts';
import { settleLocked } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { endClaims, readySteps, startTablesOf } from './step-completion.sql.ts';
import type { ClaimEnd, EndedClaim } from './step-completion.sql.ts';
import { tableEvent } from './step-events.ts';
import { appendEvidence, putMeasurements } from './step-facts.sql.ts';
import { endTables, readyDependants } from './step-graph.sql.ts';

/** What executors say about steps that go well, or that they do not begin. */
export type StepReport =
  | { readonly kind: 'started'; readonly runId: string; readonly steps: readonly MovedStep[] }
  | { readonly kind: 'done'; readonly lease: StepLease; readonly outcome: StepOutcome }
  | { readonly kind: 'returned'; readonly lease: StepLease };

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
  const runId = first.kind === 'started' ? first.runId : first.lease.runId;
  return database.transaction(async (sql) => {
    const run = await lockRun(sql, runId);
    const ended = await endClaims(sql, endsOf(reports, run?.state !== 'EXECUTING'));
    const effects = { started: [], done: [], returned: [] };
    const taken = takenOf(reports, ended, effects);
    await writeEffects(sql, { run, runId, ids, ...effects });
    return taken;
  });
}

interface DoneStep {
  readonly claim: EndedClaim;
  readonly outcome: StepOutcome;
}

/** What the reports that were taken say. */
interface Taken {
  readonly started: MovedStep[];
  readonly done: DoneStep[];
  readonly returned: EndedClaim[];
}

interface Effects extends Taken {
  readonly run: LockedRun | undefined;
  readonly runId: string;
  readonly ids: Ids;
}

/** In a run that is being cancelled nothing becomes ready again. */
function endsOf(reports: readonly StepReport[], isOver: boolean): readonly ClaimEnd[] {
  const ends: ClaimEnd[] = [];
  for (const report of reports) {
    switch (report.kind) {
      case 'started':
        break;
      case 'done':
        ends.push({ lease: report.lease, state: 'DONE', result: report.outcome.result });
        break;
      case 'returned':
        ends.push({ lease: report.lease, state: isOver ? 'CANCELLED' : 'READY' });
    }
  }
  return ends;
}

/**
 * Sorts reports by what they say: there may be a thousand of them, and each array or object for one of them is a thousand.
 *
 * @param effects what those that were taken say is added to it
 * @returns of each whether it was taken
 */
function takenOf(reports: readonly StepReport[], ended: readonly EndedClaim[], effects: Taken): readonly boolean[] {
  const claims = new Map(ended.map((claim) => [claim.id, claim]));
  return reports.map((report) => {
    if (report.kind === 'started') {
      for (const step of report.steps) effects.started.push(step);
      return true;
    }
    const { stepId, fence } = report.lease;
    const claim = claims.get(stepId);
    // Of two reports with one lease, the first is taken; of a step's two fences only one can have ended.
    if (claim?.fence !== fence || !claims.delete(stepId)) return false;
    if (report.kind === 'done') effects.done.push({ claim, outcome: report.outcome });
    else effects.returned.push(claim);
    return true;
  });
}

async function writeEffects(sql: Sql, { run, runId, ids, started, done, returned }: Effects): Promise<void> {
  const claims = done.map(({ claim }) => claim);
  const tables = await startTablesOf(sql, runId, [...new Set(idsOf([...started, ...claims]))]);
  const proved = await writeFacts(sql, runId, done);
  for await (const ready of readyDependants(sql, idsOf(claims))) await announceSteps(sql, ready, ids);
  await announceSteps(sql, await readySteps(sql, idsOf(returned)), ids);
  await appendMoves(sql, runId, [
    { type: 'table', state: 'RUNNING', steps: tables.map((id) => ({ id, attempt: 0 })) },
    { type: 'step', state: 'RUNNING', steps: started },
    ...[...Map.groupBy([...claims, ...returned], ({ state }) => state)].map(([state, steps]) => ({ type: 'step', state, steps }) as const),
  ]);
  await appendEvents(sql, runId, proved);
  if (run !== undefined && done.length + returned.length > 0) await settleLocked(sql, run);
}

const idsOf = (steps: readonly { readonly id: string }[]): readonly string[] => steps.map(({ id }) => id);

async function writeFacts(sql: Sql, runId: string, done: readonly DoneStep[]): Promise<readonly NewEvent[]> {
  const measured = done.flatMap(({ claim, outcome: { measurement } }) =>
    measurement === undefined ? [] : [{ stepId: claim.id, measurement }],
  );
  await putMeasurements(sql, measured);
  const proofs = done.flatMap(({ claim, outcome: { evidence } }) => (evidence === undefined ? [] : [{ claim, evidence }]));
  const proved = await appendEvidence(sql, proofs);
  const ended = await endTables(sql, runId, proved);
  return ended.map(({ state, ...key }) => tableEvent(key, { state }));
}
