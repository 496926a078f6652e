import { MigrationError, compareText, displayName } from '@hiveferry/core';
import type { RunState } from '@hiveferry/core';
import type { ConfirmedCopy, CopyConfirmationRequest, Failure, Ids, MigrationSpec, OperationRecord } from '@hiveferry/ports';
import { claimTables } from './claim-tables.ts';
import { markAnew } from './table-beginnings.sql.ts';
import { deleteStaleClaims } from './table-claims.sql.ts';
import { pagesOfRun } from './table-pages.ts';
import { rememberClusters, repointedClusters, shareClustersOf } from './clusters.sql.ts';
import { confirmAwaitedCopies, readyConfirmedCopies } from './copy-confirmation.sql.ts';
import { appendEvents } from './events.sql.ts';
import { announceRun, announceSteps } from './outbox.sql.ts';
import { approveTargets, resumeTargets } from './plan-targets.sql.ts';
import {
  blockFinishedSteps,
  blockUnfinishedSteps,
  insertMigration,
  insertOperation,
  insertRun,
  insertRunTargets,
  lockMigration,
  requeueTables,
  targetsToApprove,
} from './run-commands.sql.ts';
import type { TargetToApprove } from './run-commands.sql.ts';
import { lockRun, moveRun } from './run.sql.ts';
import type { LockedRun } from './run.sql.ts';
import { settleRun } from './settle-run.ts';
import type { Database, Sql } from './sql.ts';
import { cancelOpenSteps, readyUnblocked } from './step-graph.sql.ts';

export interface Approval {
  readonly target?: string;
  readonly planHash: string;
}

/** A run that ended on some targets may still be approved for others. */
const EXECUTABLE: readonly RunState[] = ['PLANNED', 'EXECUTING', 'SUCCEEDED', 'INCOMPLETE'];

/** The commands of a run: rows, messages and event of each are one transaction. */
export class RunCommands {
  readonly #database: Database;
  readonly #ids: Ids;

  constructor(database: Database, ids: Ids) {
    this.#database = database;
    this.#ids = ids;
  }

  createMigration(spec: MigrationSpec, executeAfterPlan: boolean): Promise<OperationRecord> {
    return this.#database.transaction(async (sql) => {
      const migrationId = this.#ids.next();
      await insertMigration(sql, migrationId, spec);
      return this.#startRun(sql, { migrationId, spec, executeAfterPlan });
    });
  }

  createRun(migrationId: string, executeAfterPlan: boolean): Promise<OperationRecord> {
    return this.#database.transaction(async (sql) => {
      const spec = await lockMigration(sql, migrationId);
      if (spec === undefined) throw notFound('MIGRATION_NOT_FOUND', `migration ${migrationId}`);
      return this.#startRun(sql, { migrationId, spec, executeAfterPlan });
    });
  }

  executeRun(runId: string, approvals: readonly Approval[]): Promise<OperationRecord> {
    return this.#command(runId, async (sql, run) => {
      if (!EXECUTABLE.includes(run.state)) throw conflict('RUN_NOT_PLANNED', run, 'PLANNED');
      await refuseRepointed(sql, run);
      const targets = approvedTargets(run, await targetsToApprove(sql, runId), approvals);
      await approveTargets(sql, runId, targets);
      if (run.state !== 'EXECUTING') await this.#moveTo(sql, run, 'EXECUTING');
      await announceRun(sql, 'run.approved', { runId, ids: this.#ids });
      return this.#operation(sql, run, { kind: 'execute' });
    });
  }

  cancelRun(runId: string): Promise<OperationRecord> {
    return this.#command(runId, async (sql, run) => {
      await cancelOpenSteps(sql, runId);
      if (run.state === 'REQUESTED' || run.state === 'PLANNED') return this.#cancelAtOnce(sql, run);
      if (run.state !== 'CANCELLING' && !(await moveRun(sql, runId, 'CANCELLING'))) throw conflict('RUN_NOT_CANCELLABLE', run, 'not ended');
      await appendEvents(sql, runId, [{ type: 'run', data: { state: 'CANCELLING' } }]);
      const operation = await this.#operation(sql, run, { kind: 'cancel' });
      await announceRun(sql, 'run.cancelled', { runId, ids: this.#ids });
      await settleRun(sql, runId);
      return operation;
    });
  }

  verifyRun(runId: string): Promise<OperationRecord> {
    return this.#command(runId, async (sql, run) => {
      if (run.state !== 'SUCCEEDED' && run.state !== 'INCOMPLETE') throw conflict('RUN_NOT_ENDED', run, 'SUCCEEDED or INCOMPLETE');
      await refuseRepointed(sql, run);
      const queued = await requeueTables(sql, runId, ['VERIFIED', 'NOT_VERIFIED']);
      if (queued === 0) throw conflict('NOTHING_TO_VERIFY', run, 'a table that was verified before');
      await blockFinishedSteps(sql, runId, { kinds: ['measure', 'verify'] });
      await markAnew(sql, runId);
      return this.#goOn(sql, run, 'verify');
    });
  }

  /**
   * All that is not VERIFIED is tried again, nothing else: failed tables, tables that differ, targets that could not be planned, and a run
   * without any plan.
   */
  resumeRun(runId: string): Promise<OperationRecord> {
    return this.#command(runId, async (sql, run) => {
      if (run.state === 'SUCCEEDED') throw conflict('NOTHING_TO_RESUME', run, 'a failed table');
      if (run.state === 'FAILED') return this.#planAnew(sql, run);
      if (run.state !== 'INCOMPLETE' && run.state !== 'PLANNED') throw conflict('RUN_NOT_ENDED', run, 'INCOMPLETE or FAILED');
      const behind = await resumeTargets(sql, runId);
      if (behind > 0) await announceRun(sql, 'run.requested', { runId, ids: this.#ids });
      if (run.state === 'PLANNED' && behind > 0) return this.#operation(sql, run, { kind: 'plan' });
      await refuseRepointed(sql, run);
      const queued = run.state === 'PLANNED' ? 0 : await requeueUnproved(sql, runId);
      if (queued + behind === 0) throw conflict('NOTHING_TO_RESUME', run, 'a failed table that has steps, or a target without a plan');
      return this.#goOn(sql, run, 'execute');
    });
  }

  confirmCopied(request: CopyConfirmationRequest): Promise<readonly ConfirmedCopy[]> {
    return this.#command(request.runId, async (sql, run) => {
      if (run.state !== 'EXECUTING' && run.state !== 'INCOMPLETE') throw conflict('RUN_NOT_EXECUTING', run, 'EXECUTING or INCOMPLETE');
      const confirmed = await confirmAwaitedCopies(sql, request);
      const missing = (request.tables ?? []).find((table) => !confirmed.some(({ source }) => displayName(source) === displayName(table)));
      if (missing !== undefined) throw conflict('COPY_NOT_AWAITED', run, `${displayName(missing)} to wait for its files in this run`);
      if (confirmed.length === 0) throw conflict('COPY_NOT_AWAITED', run, 'a table that waits for its files (copy.by: external)');
      await announceSteps(sql, await readyConfirmedCopies(sql, run.id), this.#ids);
      return confirmed.toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
    });
  }

  async #startRun(
    sql: Sql,
    {
      migrationId,
      spec,
      executeAfterPlan,
    }: { readonly migrationId: string; readonly spec: MigrationSpec; readonly executeAfterPlan: boolean },
  ): Promise<OperationRecord> {
    const runId = this.#ids.next();
    await shareClustersOf(sql, migrationId);
    await insertRun(sql, { id: runId, migrationId, executeAfterPlan });
    await insertRunTargets(sql, runId, spec.targets);
    await appendEvents(sql, runId, [{ type: 'run', data: { state: 'REQUESTED' } }]);
    await announceRun(sql, 'run.requested', { runId, ids: this.#ids });
    return insertOperation(sql, { id: this.#ids.next(), kind: executeAfterPlan ? 'execute' : 'plan', migrationId, runId, done: false });
  }

  /**
   * It has no plan, so that its clusters are those that are registered now: to correct one may be why it is resumed. Earlier versions also
   * let runs fail whose steps were being made: their approval was for another plan.
   */
  async #planAnew(sql: Sql, run: LockedRun): Promise<OperationRecord> {
    const targets = await targetsToApprove(sql, run.id);
    if (targets.some(({ isApproved }) => isApproved))
      throw conflict('NOTHING_TO_RESUME', run, 'no approved target: make a new run of its migration');
    await shareClustersOf(sql, run.migrationId);
    await rememberClusters(sql, run.id);
    await resumeTargets(sql, run.id);
    await this.#moveTo(sql, run, 'REQUESTED');
    await announceRun(sql, 'run.requested', { runId: run.id, ids: this.#ids });
    return this.#operation(sql, run, { kind: run.executeAfterPlan ? 'execute' : 'plan' });
  }

  async #cancelAtOnce(sql: Sql, run: LockedRun): Promise<OperationRecord> {
    await this.#moveTo(sql, run, 'CANCELLED');
    await sql.rows(`update operation set done = true, ended_at = clock_timestamp(), error = $2::jsonb where run_id = $1 and not done`, [
      run.id,
      JSON.stringify({ code: 'RUN_CANCELLED', message: 'the run was cancelled' }),
    ]);
    return this.#operation(sql, run, { kind: 'cancel', done: true });
  }

  async #goOn(sql: Sql, run: LockedRun, kind: 'verify' | 'execute'): Promise<OperationRecord> {
    await this.#moveTo(sql, run, 'EXECUTING');
    for await (const page of pagesOfRun(sql, run.id)) await announceSteps(sql, await readyUnblocked(sql, page), this.#ids);
    const operation = await this.#operation(sql, run, { kind });
    await settleRun(sql, run.id);
    return operation;
  }

  async #moveTo(sql: Sql, run: LockedRun, state: RunState): Promise<void> {
    if (!(await moveRun(sql, run.id, state))) throw conflict('RUN_STATE_CONFLICT', run, `a state before ${state}`);
    await appendEvents(sql, run.id, [{ type: 'run', data: { state } }]);
  }

  #operation(
    sql: Sql,
    run: LockedRun,
    { kind, done = false }: { readonly kind: OperationRecord['kind']; readonly done?: boolean },
  ): Promise<OperationRecord> {
    return insertOperation(sql, { id: this.#ids.next(), kind, migrationId: run.migrationId, runId: run.id, done });
  }

  #command<T>(runId: string, work: (sql: Sql, run: LockedRun) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (sql) => {
      const run = await lockRun(sql, runId);
      if (run === undefined) throw notFound('RUN_NOT_FOUND', `run ${runId}`);
      return work(sql, run);
    });
  }
}

async function requeueUnproved(sql: Sql, runId: string): Promise<number> {
  const differing = await requeueTables(sql, runId, ['NOT_VERIFIED']);
  if (differing > 0)
    await blockFinishedSteps(sql, runId, { kinds: ['measure', 'discover-partitions', 'verify'], kindsOfMoved: ['copy', 'relocate'] });
  const failed = await requeueTables(sql, runId, ['FAILED']);
  await blockUnfinishedSteps(sql, runId);
  await markAnew(sql, runId);
  await deleteStaleClaims(sql);
  for await (const page of pagesOfRun(sql, runId)) await claimTables(sql, page);
  return differing + failed;
}

async function refuseRepointed(sql: Sql, run: LockedRun): Promise<void> {
  const names = await repointedClusters(sql, run.id);
  if (names.length > 0) throw conflict('CLUSTER_REPOINTED', run, `${names.join(', ')} to be registered as when it was planned: plan again`);
}

function approvedTargets(run: LockedRun, targets: readonly TargetToApprove[], approvals: readonly Approval[]): readonly string[] {
  return approvals.flatMap(({ target: name, planHash }) => {
    const meant = name === undefined ? targets : targets.filter(({ target }) => target === name);
    if (meant.length === 0) throw notFound('TARGET_NOT_FOUND', `target ${name ?? ''} of run ${run.id}`);
    for (const target of meant) {
      if (target.isApproved) throw conflict('RUN_NOT_PLANNED', run, `target ${target.target} not executed before`);
      if (target.planHash === null && target.failure !== null) throw notPlanned(run, target.target, target.failure);
      if (target.planHash !== planHash) throw hashMismatch(target, planHash);
    }
    return meant.map(({ target }) => target);
  });
}

const keyOf = ({ target, source }: ConfirmedCopy): string => `${target} ${displayName(source)}`;

function notPlanned(run: LockedRun, target: string, { code, message }: Failure): MigrationError {
  const text = `target ${target} of run ${run.id} has no plan: ${code}: ${message} Remove the cause, then resume the run: POST /v1/runs/${run.id}:resume`;
  return new MigrationError('TARGET_NOT_PLANNED', text, { category: 'conflict', retry: 'operator', subject: target });
}

function hashMismatch(target: TargetToApprove, planHash: string): MigrationError {
  const message = `the plan for ${target.target} has hash ${target.planHash ?? '(none)'}, the request approves ${planHash}: look at the plan and approve its hash`;
  return new MigrationError('PLAN_HASH_MISMATCH', message, {
    category: 'conflict',
    retry: 'never',
    subject: target.target,
    detail: { expected: target.planHash ?? '', found: planHash },
  });
}

function conflict(code: string, run: LockedRun, expected: string): MigrationError {
  return new MigrationError(code, `run ${run.id} is ${run.state}; expected: ${expected}`, {
    category: 'conflict',
    retry: 'never',
    subject: run.id,
    detail: { state: run.state },
  });
}

function notFound(code: string, what: string): MigrationError {
  return new MigrationError(code, `${what} does not exist`, { category: 'request', retry: 'never', subject: what });
}
