import { MigrationError, outlivesItsExecutor } from '@hiveferry/core';
import type { Failure, Ids, StepLease, SweepPolicy, SweepReport } from '@hiveferry/ports';
import { announceSteps } from './outbox.sql.ts';
import { lockRun } from './run.sql.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { deleteEndedClaims, expiredClaims } from './step-claim.sql.ts';
import type { ExpiredClaim, StepEnd } from './step-claim.sql.ts';
import { readyDueRetries, reannounceable, runsWithDueRetries } from './step-graph.sql.ts';

const BATCH = 200;

export interface SweepParts {
  readonly database: Database;
  readonly ids: Ids;
  readonly endExpired: (lease: StepLease, end: StepEnd) => Promise<void>;
}

/** What nobody does who died: every part is conditional on what is found, so that any number of sweepers may run. */
export async function sweepSteps(parts: SweepParts, policy: SweepPolicy): Promise<SweepReport> {
  await deleteEndedClaims(parts.database.sql);
  const expired = await endExpiredClaims(parts, policy);
  const due = await readyDue(parts);
  const announced = await announceAgain(parts, policy);
  const settled = await settleAll(parts.database);
  return { expired, due, announced, settled };
}

async function endExpiredClaims({ database, endExpired }: SweepParts, { maxTries }: SweepPolicy): Promise<number> {
  let sum = 0;
  // An executor may have held thousands: others need not wait for as many sweeps.
  for (;;) {
    const claims = await expiredClaims(database.sql, BATCH);
    const ended = await endEach(claims, { endExpired, maxTries });
    sum += ended;
    if (claims.length < BATCH || ended === 0) return sum;
  }
}

async function endEach(
  claims: readonly ExpiredClaim[],
  { endExpired, maxTries }: Pick<SweepParts, 'endExpired'> & Pick<SweepPolicy, 'maxTries'>,
): Promise<number> {
  let ended = 0;
  for (const { kind, tries, owner, ...lease } of claims) {
    const failure: Failure = { code: 'LEASE_EXPIRED', message: `executor ${owner} stopped reporting`, retry: 'later' };
    const state = tries + 1 >= maxTries ? 'FAILED' : 'READY';
    const isUnended = outlivesItsExecutor(kind);
    if (await happens(endExpired(lease, { state, failure, countsAsTry: true, onlyExpired: true, isUnended }))) ended += 1;
  }
  return ended;
}

/** Another sweeper, or the executor itself, may have been quicker. */
async function happens(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof MigrationError && error.code === 'LEASE_LOST') return false;
    throw error;
  }
}

async function readyDue({ database, ids }: SweepParts): Promise<number> {
  let due = 0;
  for (const runId of await runsWithDueRetries(database.sql)) {
    due += await database.transaction(async (sql) => {
      await lockRun(sql, runId);
      const ready = await readyDueRetries(sql, runId);
      await announceSteps(sql, ready, ids);
      return ready.length;
    });
  }
  return due;
}

async function announceAgain({ database, ids }: SweepParts, { announceAfterMs }: SweepPolicy): Promise<number> {
  return database.transaction(async (sql) => {
    const late = await reannounceable(sql, announceAfterMs);
    await announceSteps(sql, late, ids);
    return late.length;
  });
}

async function settleAll(database: Database): Promise<number> {
  let settled = 0;
  for (const { id } of await runsToSettle(database.sql)) {
    if (await database.transaction((sql) => settleRun(sql, id))) settled += 1;
  }
  return settled;
}

/** One with an open table does not end, and is not locked for that: its reports would have to wait. */
async function runsToSettle(sql: Sql): Promise<readonly { readonly id: string }[]> {
  return sql.rows(
    `select id from run where ended_at is null and (state = 'CANCELLING' or state = 'EXECUTING'
       and (select true from run_table t where t.run_id = run.id and t.phase = 'OPEN' order by t.run_id, t.phase, t.target limit 1) is null)`,
  );
}
