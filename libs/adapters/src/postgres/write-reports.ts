import type { Ids, StepLease, StepOutcome } from '@hiveferry/ports';
import { appendEvents, appendMoves } from './events.sql.ts';
import type { Moves } from './events.sql.ts';
import type { MovedStep } from './step-lists.ts';
import { announceSteps } from './outbox.sql.ts';
import { enterRun } from './run-gate.sql.ts';
import { isExecuting, lockEnteredRun, openTable } from './run.sql.ts';
import { settleLocked } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { endClaims, readySteps } from './step-completion.sql.ts';
import type { ClaimEnd, EndedClaim } from './step-completion.sql.ts';
import { tableEvent } from './step-events.ts';
import { appendEvidence, putMeasurements } from './step-facts.sql.ts';
import { endTables, isNeeded, readyDependants } from './step-graph.sql.ts';
import type { TableEnd } from './step-graph.sql.ts';

/** What executors say about steps that go well, or that they do not begin. */
export type StepReport =
  | { readonly kind: 'started'; readonly runId: string; readonly steps: ReadonlyMap<string, MovedStep> }
  | {
      readonly kind: 'done';
      readonly lease: StepLease;
      readonly outcome: StepOutcome;
      /** When nothing was written of the start yet: it is told of together with the end. */
      readonly start?: MovedStep | undefined;
    }
  | { readonly kind: 'returned'; readonly lease: StepLease; readonly start?: MovedStep | undefined };

export interface ReportParts {
  readonly database: Database;
  readonly ids: Ids;
}

/**
 * Writes reports of one run in one transaction: claims end where their fences hold, then their effects and events, and perhaps the
 * run's end. A report that comes too late changes nothing and stops none of the others. The run is locked for the last part only:
 * reports of one run are written side by side, their events one after the other.
 *
 * @returns of each whether it was taken; a lease that is given twice is taken once
 */
export async function writeReports({ database, ids }: ReportParts, reports: readonly StepReport[]): Promise<readonly boolean[]> {
  const [first] = reports;
  if (first === undefined) return [];
  const runId = first.kind === 'started' ? first.runId : first.lease.runId;
  return database.transaction(async (sql) => {
    await enterRun(sql, runId);
    const running = reports.flatMap((report) => (report.kind === 'started' ? [...report.steps.keys()] : []));
    const { steps, begun, counts } = await endClaims(sql, { ends: await endsOf(sql, runId, reports), running });
    const effects: Taken = { started: [], done: [], returned: [] };
    const taken = takenOf(reports, steps, effects);
    const proved = await writeFacts(sql, effects.done);
    await writeShared(sql, { runId, ids, counts, ...effects, begun, proved });
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
  /** Of each table that began, one of its steps. */
  readonly begun: readonly string[];
  readonly proved: readonly TableEnd[];
  readonly runId: string;
  readonly ids: Ids;
  readonly counts: string;
}

/** In a run that is being cancelled nothing becomes ready again. */
async function endsOf(sql: Sql, runId: string, reports: readonly StepReport[]): Promise<readonly ClaimEnd[]> {
  const isOver = reports.some(({ kind }) => kind === 'returned') && !(await isExecuting(sql, runId));
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
 * Sorts reports by what they say: there may be two thousand of them, and each array or object for one of them is two thousand.
 *
 * @param effects what those that were taken say is added to it
 * @returns of each whether it was taken
 */
function takenOf(reports: readonly StepReport[], ended: readonly EndedClaim[], effects: Taken): readonly boolean[] {
  const claims = new Map(ended.map((claim) => [claim.id, claim]));
  return reports.map((report) => {
    if (report.kind === 'started') {
      for (const step of report.steps.values()) effects.started.push(step);
      return true;
    }
    const { stepId, fence } = report.lease;
    const claim = claims.get(stepId);
    // Of two reports with one lease, the first is taken; of a step's two fences only one can have ended.
    if (claim?.fence !== fence || !claims.delete(stepId)) return false;
    if (report.start !== undefined) effects.started.push(report.start);
    if (report.kind === 'returned') effects.returned.push(claim);
    else effects.done.push({ claim, outcome: report.outcome });
    return true;
  });
}

async function writeFacts(sql: Sql, done: readonly DoneStep[]): Promise<readonly TableEnd[]> {
  const measured = done.flatMap(({ claim, outcome: { measurement } }) =>
    measurement === undefined ? [] : [{ stepId: claim.id, measurement }],
  );
  await putMeasurements(sql, measured);
  const proofs = done.flatMap(({ claim, outcome: { evidence } }) => (evidence === undefined ? [] : [{ claim, evidence }]));
  return appendEvidence(sql, proofs);
}

/** With the run's lock: events in their order, what waits for the last of several steps, and perhaps the run's end. */
async function writeShared(sql: Sql, { runId, ids, counts, begun, proved, started, done, returned }: Effects): Promise<void> {
  const run = await lockEnteredRun(sql, runId, counts);
  const ended = await endTables(sql, runId, proved);
  const doneSteps = done.map(({ claim }) => claim);
  const doneIds = idsOf(doneSteps);
  const moves: readonly Moves[] = [
    { type: 'table', state: 'RUNNING', steps: begun.map((id) => ({ id, attempt: 0 })) },
    { type: 'step', state: 'RUNNING', steps: started },
    ...[...Map.groupBy([...doneSteps, ...returned], ({ state }) => state)].map(
      ([state, steps]) => ({ type: 'step', state, steps }) as const,
    ),
  ];
  const question = {
    columns: `${isNeeded('select ids from asked')} as "isNeeded", coalesce((${openTable}), false) as "isOpen"`,
    steps: doneSteps,
  };
  const answer = await appendMoves<{ isNeeded: boolean; isOpen: boolean }>(sql, runId, { moves, question });
  if (answer?.isNeeded === true) for await (const ready of readyDependants(sql, doneIds)) await announceSteps(sql, ready, ids);
  await announceSteps(sql, await readySteps(sql, idsOf(returned)), ids);
  await appendEvents(
    sql,
    runId,
    ended.map(({ state, ...key }) => tableEvent(key, { state })),
  );
  if (run !== undefined && done.length + returned.length > 0) await settleLocked(sql, run, answer?.isOpen === true);
}

const idsOf = (steps: readonly { readonly id: string }[]): readonly string[] => steps.map(({ id }) => id);
