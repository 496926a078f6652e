import { MigrationError } from '@hiveferry/core';
import type { DatabasePlan, TableName, TablePlan } from '@hiveferry/core';
import type {
  ClusterConnection,
  ClusterRecord,
  ConfirmedCopy,
  CopyConfirmationRequest,
  DatabaseIssues,
  IdempotentAnswer,
  Ids,
  MigrationRecord,
  MigrationSpec,
  OperationRecord,
  Page,
  RunEvent,
  RunRecord,
  RunStore,
  StepRecord,
  TableFilter,
  TableRecord,
  TableWithPlan,
} from '@hiveferry/ports';
import type { DataSource } from 'typeorm';
import { AggregateReads } from './aggregate-reads.ts';
import type { PageRequest } from './aggregate-reads.ts';
import { registerCluster, unregisterCluster } from './cluster-register.ts';
import { eventsAfter } from './events.sql.ts';
import type { Notifications } from './notifications.ts';
import { pageOf } from './page-token.ts';
import { databasePlansOf } from './plan.sql.ts';
import { RunCommands } from './run-commands.ts';
import type { Approval } from './run-commands.ts';
import { deleteUnansweredKey, keepAnswer, keptKey, reserveKey, lockKey } from './run-commands.sql.ts';
import {
  issuesOfDatabases,
  oneTable,
  plansAfter,
  stepsOfTable,
  tablePage,
  tablePlanOf,
  tableRecord,
  tablesWithPlansAfter,
} from './run-reads.sql.ts';
import { databaseOf } from './sql.ts';
import type { Database } from './sql.ts';

export class PostgresRunStore implements RunStore {
  readonly #database: Database;
  readonly #reads: AggregateReads;
  readonly #commands: RunCommands;
  readonly #notifications: Notifications;

  constructor(dataSource: DataSource, ids: Ids, notifications: Notifications) {
    this.#database = databaseOf(dataSource);
    this.#reads = new AggregateReads(this.#database);
    this.#commands = new RunCommands(this.#database, ids);
    this.#notifications = notifications;
  }

  putCluster(name: string, connection: ClusterConnection, spec: unknown): Promise<ClusterRecord> {
    return registerCluster(this.#database, name, { connection, spec });
  }

  cluster(name: string): Promise<ClusterRecord | undefined> {
    return this.#reads.cluster(name);
  }

  clusters(page: PageRequest): Promise<Page<ClusterRecord>> {
    return this.#reads.clusters(page);
  }

  removeCluster(name: string): Promise<boolean> {
    return unregisterCluster(this.#database, name);
  }

  createMigration(spec: MigrationSpec, options: { readonly executeAfterPlan: boolean }): Promise<OperationRecord> {
    return this.#commands.createMigration(spec, options.executeAfterPlan);
  }

  migration(id: string): Promise<MigrationRecord | undefined> {
    return this.#reads.migration(id);
  }

  migrations(page: PageRequest): Promise<Page<MigrationRecord>> {
    return this.#reads.migrations(page);
  }

  run(id: string): Promise<RunRecord | undefined> {
    return this.#reads.run(id);
  }

  runsOf(migrationId: string): Promise<readonly RunRecord[]> {
    return this.#reads.runsOf(migrationId);
  }

  createRun(migrationId: string, options: { readonly executeAfterPlan: boolean }): Promise<OperationRecord> {
    return this.#commands.createRun(migrationId, options.executeAfterPlan);
  }

  executeRun(request: { readonly runId: string; readonly approvals: readonly Approval[] }): Promise<OperationRecord> {
    return this.#commands.executeRun(request.runId, request.approvals);
  }

  cancelRun(runId: string): Promise<OperationRecord> {
    return this.#commands.cancelRun(runId);
  }

  confirmCopied(request: CopyConfirmationRequest): Promise<readonly ConfirmedCopy[]> {
    return this.#commands.confirmCopied(request);
  }

  verifyRun(runId: string): Promise<OperationRecord> {
    return this.#commands.verifyRun(runId);
  }

  resumeRun(runId: string): Promise<OperationRecord> {
    return this.#commands.resumeRun(runId);
  }

  async tables(filter: TableFilter): Promise<Page<TableRecord>> {
    const rows = await tablePage(this.#database.sql, filter);
    return pageOf(rows, filter.pageSize, { key: (row) => [row.target, row.database, row.tableName], item: tableRecord });
  }

  async table(runId: string, target: string, source: TableName): Promise<TableRecord | undefined> {
    const row = await oneTable(this.#database.sql, [runId, target, source.database, source.table]);
    return row === undefined ? undefined : tableRecord(row);
  }

  tablePlan(runId: string, target: string, source: TableName): Promise<TablePlan | undefined> {
    return tablePlanOf(this.#database.sql, [runId, target, source.database, source.table]);
  }

  steps(runId: string, target: string, source: TableName): Promise<readonly StepRecord[]> {
    return stepsOfTable(this.#database.sql, runId, { target, source });
  }

  async *plansOf(runId: string, target: string, database: string): AsyncIterable<TablePlan> {
    let after = '';
    for (;;) {
      const page = await plansAfter(this.#database.sql, { runId, target, database }, after);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.source.table;
    }
  }

  async *tablesWithPlans(runId: string, target: string): AsyncIterable<TableWithPlan> {
    let after: readonly [string, string] = ['', ''];
    for (;;) {
      const page = await tablesWithPlansAfter(this.#database.sql, { runId, target }, after);
      yield* page;
      const last = page.at(-1)?.record.source;
      if (last === undefined) return;
      after = [last.database, last.table];
    }
  }

  databasePlans(runId: string, target: string): Promise<readonly DatabasePlan[]> {
    return databasePlansOf(this.#database.sql, runId, target);
  }

  databaseIssues(runId: string): Promise<readonly DatabaseIssues[]> {
    return issuesOfDatabases(this.#database.sql, runId);
  }

  operation(id: string): Promise<OperationRecord | undefined> {
    return this.#reads.operation(id);
  }

  operations(page: PageRequest): Promise<Page<OperationRecord>> {
    return this.#reads.operations(page);
  }

  events(runId: string, afterSequence: string, limit: number): Promise<readonly RunEvent[]> {
    return eventsAfter(this.#database.sql, runId, { after: afterSequence, limit });
  }

  onEvents(listener: (runId: string) => void): () => void {
    return this.#notifications.on('hiveferry_event', listener);
  }

  once(
    { key, hash }: { readonly key: string; readonly hash: string },
    work: () => Promise<IdempotentAnswer>,
  ): Promise<{ readonly answer: IdempotentAnswer; readonly isRepeated: boolean }> {
    return this.#database.together(async () => {
      // Nobody waits for another's answer with a connection in his hand.
      if (!(await lockKey(this.#database.sql, key))) throw inFlight(key);
      const kept = await this.beginIdempotent(key, hash);
      if (kept !== undefined) return { answer: kept, isRepeated: true };
      const answer = await work();
      await keepAnswer(this.#database.sql, key, answer);
      return { answer, isRepeated: false };
    });
  }

  async beginIdempotent(key: string, requestHash: string): Promise<IdempotentAnswer | undefined> {
    if (await reserveKey(this.#database.sql, key, requestHash)) return undefined;
    const kept = await keptKey(this.#database.sql, key);
    if (kept === undefined) return this.beginIdempotent(key, requestHash);
    if (kept.requestHash !== requestHash) throw keyFault('IDEMPOTENCY_KEY_REUSED', key, 'was used with another request: choose a new key');
    if (kept.answer === null) throw inFlight(key);
    return kept.answer;
  }

  finishIdempotent(key: string, answer: IdempotentAnswer): Promise<void> {
    return keepAnswer(this.#database.sql, key, answer);
  }

  abandonIdempotent(key: string): Promise<void> {
    return deleteUnansweredKey(this.#database.sql, key);
  }
}

const inFlight = (key: string): MigrationError =>
  keyFault('IDEMPOTENCY_KEY_IN_FLIGHT', key, 'belongs to a request that is being answered: try again shortly');

function keyFault(code: string, key: string, what: string): MigrationError {
  const retry = code === 'IDEMPOTENCY_KEY_IN_FLIGHT' ? 'later' : 'never';
  return new MigrationError(code, `idempotency key ${key} ${what}`, { category: 'conflict', retry, subject: key });
}
