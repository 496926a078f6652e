import { MigrationError } from '@hiveferry/core';
import type { StepKind } from '@hiveferry/core';
import type {
  ClaimRequest,
  ClaimedStep,
  EndingRequest,
  Failure,
  Ids,
  LeaseState,
  StepLease,
  StepOutcome,
  StepStore,
  StepWait,
  SweepPolicy,
  SweepReport,
  TableOfStep,
} from '@hiveferry/ports';
import { Batches } from './batches.ts';
import { readyConfirmedCopies } from './copy-confirmation.sql.ts';
import { appendEvents } from './events.sql.ts';
import type { NewEvent } from './events.sql.ts';
import { failTablesOf } from './fail-tables.ts';
import type { Notifications } from './notifications.ts';
import { announceSteps } from './outbox.sql.ts';
import { enterRun } from './run-gate.sql.ts';
import { ReadyClaims } from './ready-claims.ts';
import { lockEnteredRun, lockRun } from './run.sql.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { endClaim, excuseExpiry, extendLeases, markUnended } from './step-claim.sql.ts';
import type { StepEnd, StepPlace } from './step-claim.sql.ts';
import { endStep, postponeEnd } from './step-endings.ts';
import type { MovedStep } from './step-lists.ts';
import { StepStarts } from './step-starts.ts';
import { takeEndings } from './step-ending.sql.ts';
import { stepEvent, tableEvent } from './step-events.ts';
import { measurementsOf, planOf, resultsOf, runningCopiesBefore } from './step-facts.sql.ts';
import { startTables } from './step-graph.sql.ts';
import { sweepSteps } from './step-sweep.ts';
import { closeAttemptOrWait } from './step-waits.sql.ts';
import { writeReports } from './write-reports.ts';
import type { StepReport } from './write-reports.ts';

/** So that who wants a run for himself waits for some tens of milliseconds, not for all that is to be reported. */
const REPORTS_A_TRANSACTION = 2_000;

interface Renewal {
  readonly lease: StepLease;
  readonly leaseMs: number;
}

/** Reports of one run that are written side by side: while one waits for the disk, or for the run's lock, another is written. */
const REPORT_LANES = 2;

export class PostgresStepStore implements StepStore {
  readonly #database: Database;
  readonly #ids: Ids;
  readonly #notifications: Notifications;
  readonly #reports: Batches<StepReport, void>;
  readonly #renewals: Batches<Renewal, LeaseState>;
  readonly #starts: StepStarts;
  readonly #claims: ReadyClaims;

  constructor(database: Database, ids: Ids, notifications: Notifications) {
    this.#database = database;
    this.#ids = ids;
    this.#notifications = notifications;
    this.#claims = new ReadyClaims(database.sql);
    this.#reports = new Batches<StepReport, void>((reports) => this.#write(reports), { limit: REPORTS_A_TRANSACTION, lanes: REPORT_LANES });
    this.#starts = new StepStarts((runId, steps) => this.#reports.add(runId, { kind: 'started', runId, steps }));
    // One that hangs may not hold up those that come after it: leases would be lost for it.
    this.#renewals = new Batches((renewals) => renewAll(database.sql, renewals), { isSideBySide: true });
  }

  claim(request: ClaimRequest): Promise<readonly ClaimedStep[]> {
    return this.#claims.claim(request);
  }

  announceStart(steps: readonly ClaimedStep[]): Promise<void> {
    const [first] = steps;
    if (first === undefined) return Promise.resolve();
    const isOfOneRun = steps.every(({ runId }) => runId === first.runId);
    return isOfOneRun ? this.#announceRun(first.runId, steps) : this.#announceEach(steps);
  }

  async #announceEach(steps: readonly ClaimedStep[]): Promise<void> {
    const runs = Map.groupBy(steps, ({ runId }) => runId);
    await Promise.all([...runs].map(([runId, own]) => this.#announceRun(runId, own)));
  }

  /** Steps that start until the next batch is written are one report. */
  #announceRun(runId: string, steps: readonly ClaimedStep[]): Promise<void> {
    return this.#starts.add(
      runId,
      steps.map(({ stepId: id, attempt }) => ({ id, attempt })),
    );
  }

  async #write(reports: readonly StepReport[]): Promise<readonly (MigrationError | undefined)[]> {
    for (const report of reports) if (report.kind === 'started') this.#starts.begin(report.runId, report.steps);
    const taken = await writeReports({ database: this.#database, ids: this.#ids }, reports);
    return reports.map((report, index) => (report.kind === 'started' || taken[index] === true ? undefined : leaseLost(report.lease)));
  }

  /** What is to be told of the start with what a step came to; one that is being written is told before, and to be waited for. */
  #startOf({ runId, stepId }: StepLease): MovedStep | Promise<undefined> | undefined {
    return this.#starts.take(runId, stepId) ?? this.#starts.untilWritten(stepId);
  }

  /** Renewals that come together are one statement. */
  renew(lease: StepLease, leaseMs: number): Promise<LeaseState> {
    return this.#renewals.add(String(leaseMs), { lease, leaseMs });
  }

  /** Reports of one run that come together are one transaction: they would only wait for each other's lock. */
  complete(lease: StepLease, outcome: StepOutcome): Promise<void> {
    const start = this.#startOf(lease);
    return start instanceof Promise
      ? start.then(() => this.#reports.add(lease.runId, { kind: 'done', lease, outcome }))
      : this.#reports.add(lease.runId, { kind: 'done', lease, outcome, start });
  }

  async fail(lease: StepLease, failure: Failure, retryAfterMs?: number): Promise<void> {
    if (retryAfterMs === undefined) {
      await this.#report(lease, { state: 'FAILED', failure, countsAsTry: true }, (sql, place) =>
        failTablesOf(sql, lease.runId, { place, failure }),
      );
      return;
    }
    const state = retryAfterMs === 0 ? 'READY' : 'WAITING';
    const end: StepEnd = { state, failure, countsAsTry: true, availableInMs: retryAfterMs };
    await this.#report(lease, end, (sql, place) => this.#announceIfReady(sql, { lease, place, end }));
  }

  async wait(lease: StepLease, { reason, againAfterMs }: StepWait): Promise<void> {
    await this.#report(lease, { state: 'WAITING', failure: reason, availableInMs: againAfterMs }, async (sql) => {
      await announceSteps(sql, await readyConfirmedCopies(sql, lease.runId), this.#ids);
      return [];
    });
  }

  async giveBack(lease: StepLease): Promise<void> {
    const start = await this.#startOf(lease);
    try {
      await this.#reports.add(lease.runId, { kind: 'returned', lease, start });
    } catch (error) {
      if (!isLeaseLost(error) || !(await excuseExpiry(this.#database.sql, lease))) throw error;
    }
  }

  async cancelled(lease: StepLease): Promise<void> {
    await this.#report(lease, { state: 'CANCELLED' }, () => Promise.resolve([]));
  }

  async markUnended(lease: StepLease): Promise<void> {
    await markUnended(this.#database.sql, lease);
  }

  claimEndings(request: EndingRequest): Promise<readonly ClaimedStep[]> {
    return takeEndings(this.#database.sql, request);
  }

  async ended(lease: StepLease): Promise<void> {
    if (!(await endStep(this.#database, lease))) throw leaseLost(lease);
  }

  async endLater(lease: StepLease, againAfterMs: number, failure?: Failure): Promise<void> {
    if (!(await postponeEnd(this.#database, lease, { againAfterMs, failure }))) throw leaseLost(lease);
  }

  async progress(step: ClaimedStep, percent: number): Promise<void> {
    await this.#database.transaction(async (sql) => {
      // For the order of events only: reports go on meanwhile.
      await enterRun(sql, step.runId);
      await lockEnteredRun(sql, step.runId);
      const { type, data } = stepEvent(placeOf(step), 'RUNNING');
      await appendEvents(sql, step.runId, [{ type, data: { ...data, percent } }]);
    });
  }

  plan(table: TableOfStep): ReturnType<StepStore['plan']> {
    return planOf(this.#database.sql, table);
  }

  async measurements(table: TableOfStep): ReturnType<StepStore['measurements']> {
    const rows = await measurementsOf(this.#database.sql, table);
    return Object.fromEntries(rows.map(({ side, facts }) => [side, facts]));
  }

  async copiesBefore({ stepId }: StepLease): Promise<number> {
    return await runningCopiesBefore(this.#database.sql, stepId);
  }

  async results(table: TableOfStep, kind: StepKind): ReturnType<StepStore['results']> {
    const rows = await resultsOf(this.#database.sql, table, kind);
    return new Map(rows.map(({ key, result }) => [key, result]));
  }

  sweep(policy: SweepPolicy): Promise<SweepReport> {
    return sweepSteps({ database: this.#database, ids: this.#ids, endExpired: (lease, end) => this.#endExpired(lease, end) }, policy);
  }

  onChange(listener: () => void): () => void {
    return this.#notifications.on('hiveferry_event', listener);
  }

  async #endExpired(lease: StepLease, end: StepEnd): Promise<void> {
    const { failure } = end;
    await this.#report(lease, end, async (sql, place) => {
      if (end.state === 'FAILED' && failure !== undefined) return failTablesOf(sql, lease.runId, { place, failure });
      return this.#announceIfReady(sql, { lease, place, end });
    });
  }

  /** One transaction: the claim ends where its fence holds, then its effects, events, and perhaps the run's end. */
  async #report(lease: StepLease, end: StepEnd, effects: (sql: Sql, place: StepPlace) => Promise<readonly NewEvent[]>): Promise<void> {
    const start = await this.#startOf(lease);
    await this.#database.transaction(async (sql) => {
      const run = await lockRun(sql, lease.runId);
      const actual = run?.state !== 'EXECUTING' && end.state !== 'DONE' ? { ...end, state: 'CANCELLED' as const } : end;
      const place = await endClaim(sql, lease, actual);
      if (place === undefined) throw leaseLost(lease);
      await closeAttemptOrWait(sql, lease, actual);
      const begun = await startTables(sql, lease.runId, [place]);
      const isGivenUp = place.state === 'CANCELLED' || place.state === 'ENDING';
      const events = isGivenUp ? [] : await effects(sql, place);
      const started = [
        ...begun.map((table) => tableEvent(table, { state: 'RUNNING' })),
        ...(start === undefined ? [] : [stepEvent(place, 'RUNNING')]),
      ];
      await appendEvents(sql, lease.runId, [...started, stepEvent(place, place.state, end.failure), ...events]);
      await settleRun(sql, lease.runId);
    });
  }

  async #announceIfReady(
    sql: Sql,
    { lease, place, end }: { lease: StepLease; place: StepPlace; end: StepEnd },
  ): Promise<readonly NewEvent[]> {
    if (end.state !== 'READY') return [];
    const [cluster] = await sql.rows<{ cluster: string; kind: StepKind }>(`select cluster, kind from step where id = $1`, [place.id]);
    if (cluster !== undefined) await announceSteps(sql, [{ ...place, ...cluster, runId: lease.runId }], this.#ids);
    return [];
  }
}

/** @param renewals all for the same time */
async function renewAll(sql: Sql, renewals: readonly Renewal[]): Promise<readonly LeaseState[]> {
  const states = await extendLeases(
    sql,
    renewals.map(({ lease }) => lease),
    renewals[0]?.leaseMs ?? 0,
  );
  return states.map((state) => {
    if (state === undefined) return 'lost';
    return state === 'EXECUTING' ? 'held' : 'cancelled';
  });
}

function placeOf(step: ClaimedStep): StepPlace {
  const { stepId: id, target, database, table: tableName = '', key, kind, attempt } = step;
  return { id, target, database, tableName, key, kind, attempt };
}

const isLeaseLost = (error: unknown): boolean => error instanceof MigrationError && error.code === 'LEASE_LOST';

function leaseLost(lease: StepLease): MigrationError {
  return new MigrationError(
    'LEASE_LOST',
    `step ${lease.stepId} was taken over by another executor: fence ${lease.fence} is no longer its own`,
    {
      category: 'conflict',
      retry: 'never',
      subject: lease.stepId,
      detail: { fence: lease.fence },
    },
  );
}
