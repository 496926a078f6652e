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
    const claims = new Map(ended.map((claim) => [nameOf({ stepId: claim.id, fence: claim.fence }), claim]));
    const taken = reports.map((report) => ({ report, claim: claimOf(report, claims) }));
    await writeEffects(sql, { run, runId, taken, ids });
    return taken.map(({ report, claim }) => report.kind === 'started' || claim !== undefined);
  });
}

interface TakenReport {
  readonly report: StepReport;
  /** Absent for a start, and for a report that comes too late. */
  readonly claim: EndedClaim | undefined;
}

interface Effects {
  readonly run: LockedRun | undefined;
  readonly runId: string;
  readonly taken: readonly TakenReport[];
  readonly ids: Ids;
}

interface DoneStep {
  readonly claim: EndedClaim;
  readonly outcome: StepOutcome;
}

/** In a run that is being cancelled nothing becomes ready again. */
function endsOf(reports: readonly StepReport[], isOver: boolean): readonly ClaimEnd[] {
  return reports.flatMap((report): readonly ClaimEnd[] => {
    switch (report.kind) {
      case 'started':
        return [];
      case 'done':
        return [{ lease: report.lease, state: 'DONE', result: report.outcome.result }];
      case 'returned':
        return [{ lease: report.lease, state: isOver ? 'CANCELLED' : 'READY' }];
    }
  });
}

function claimOf(report: StepReport, claims: Map<string, EndedClaim>): EndedClaim | undefined {
  if (report.kind === 'started') return undefined;
  const name = nameOf(report.lease);
  const claim = claims.get(name);
  claims.delete(name);
  return claim;
}

async function writeEffects(sql: Sql, { run, runId, taken, ids }: Effects): Promise<void> {
  const started = taken.flatMap(({ report }) => (report.kind === 'started' ? report.steps : []));
  const done = taken.flatMap(({ report, claim }) => (report.kind === 'done' && claim !== undefined ? [{ ...report, claim }] : []));
  const returned = taken.flatMap(({ report, claim }) => (report.kind === 'returned' && claim !== undefined ? [claim] : []));
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

const nameOf = ({ stepId, fence }: Pick<StepLease, 'stepId' | 'fence'>): string => `${stepId}/${fence}`;
