import type { HiveDriver } from 'hive-driver';
import { MigrationError } from '@hiveferry/core';
import type { Row, StatementOptions } from '@hiveferry/ports';
import { hiveTimeout, statementCancelled, statementFailed } from './hive-faults.ts';
import type { HiveServer2Settings } from './hive-server2.options.ts';
import type { HiveConnection, SessionHandle } from './hive.connection.ts';
import { rowsOf } from './row-set.ts';
import { pause } from './time-limit.ts';

type OperationHandle = Parameters<HiveDriver['closeOperation']>[0]['operationHandle'];
type OperationStatus = Awaited<ReturnType<HiveDriver['getOperationStatus']>>;
type Status = OperationStatus['status'];

export interface OpenSession {
  readonly settings: HiveServer2Settings;
  readonly connection: HiveConnection;
  readonly handle: SessionHandle;
}

/** `TOperationState`, `TStatusCode` and `TFetchOrientation` of TCLIService.thrift. */
const STATE = { finished: 2, canceled: 3, closed: 4, error: 5, unknown: 6, timedOut: 8 } as const;
const STATUS = { error: 3, invalidHandle: 4 } as const;
const FETCH_NEXT = 0;

const FIRST_DELAY_MS = 20;
const LONGEST_DELAY_MS = 500;
const ROWS_A_FETCH = 1000;

/** Runs one statement to its end and gives its rows, none for a statement without a result. The operation is closed in any case. */
export async function runStatement(session: OpenSession, statement: string, options: StatementOptions): Promise<readonly Row[]> {
  const timeoutMs = options.timeoutMs ?? session.settings.statementTimeoutMs;
  const run: StatementRun = { ...session, statement, timeoutMs, deadline: Date.now() + timeoutMs, signal: options.signal };
  if (run.signal?.aborted === true) throw statementCancelled(run.settings, run.signal.reason);
  const operation = await submit(run);
  try {
    const status = await untilEnded(run, operation);
    return (status.hasResultSet ?? operation.hasResultSet) ? await fetchAll(run, operation) : [];
  } finally {
    await closeQuietly(run, operation);
  }
}

interface StatementRun extends OpenSession {
  readonly statement: string;
  readonly timeoutMs: number;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** Hive compiles before it answers, so this alone may take long. An abort meanwhile has no operation to cancel: the connection goes. */
async function submit(run: StatementRun): Promise<OperationHandle> {
  const request = { sessionHandle: run.handle, statement: run.statement, runAsync: true };
  const abandon = (): void => run.connection.close();
  run.signal?.addEventListener('abort', abandon, { once: true });
  try {
    const answer = await run.connection.request('the statement', (driver) => driver.executeStatement(request), run.timeoutMs);
    ensureAccepted(run, answer.status);
    return answer.operationHandle;
  } catch (cause) {
    throw run.signal?.aborted === true ? statementCancelled(run.settings, cause) : cause;
  } finally {
    run.signal?.removeEventListener('abort', abandon);
  }
}

async function untilEnded(run: StatementRun, operation: OperationHandle): Promise<OperationStatus> {
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
    const status = await run.connection.request('asking for the state', (driver) =>
      driver.getOperationStatus({ operationHandle: operation }),
    );
    ensureAccepted(run, status.status);
    if (hasEnded(run, status)) return status;
    await stopWhenAsked(run, operation);
    await pause(delayMs, run.signal);
    await stopWhenAsked(run, operation);
  }
}

function hasEnded(run: StatementRun, status: OperationStatus): boolean {
  const state = status.operationState;
  if (state === STATE.error || state === STATE.unknown) throw statementFailed(run.settings, run.statement, status);
  if (state === STATE.timedOut) throw hiveTimeout(run.settings, "the statement, by the server's own limit,", run.timeoutMs);
  if (state === STATE.canceled || state === STATE.closed) {
    throw statementCancelled(run.settings, new Error('ended on the server by someone else'));
  }
  return state === STATE.finished;
}

async function stopWhenAsked(run: StatementRun, operation: OperationHandle): Promise<void> {
  const { signal, settings } = run;
  const isAborted = signal?.aborted === true;
  if (!isAborted && Date.now() < run.deadline) return;
  await quietly(run.connection.request('cancelling', (driver) => driver.cancelOperation({ operationHandle: operation })));
  throw isAborted ? statementCancelled(settings, signal.reason) : hiveTimeout(settings, 'the statement', run.timeoutMs);
}

/** Hive 3 never says that more rows follow; an empty answer is the end. */
async function fetchAll(run: StatementRun, operation: OperationHandle): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const request = { operationHandle: operation, orientation: FETCH_NEXT, maxRows: ROWS_A_FETCH, fetchType: 0 };
    // A query without a job computes its rows while they are fetched, so the statement's own limit holds.
    const answer = await run.connection.request(
      'fetching',
      (driver) => driver.fetchResults(request),
      Math.max(run.deadline - Date.now(), 1),
    );
    ensureAccepted(run, answer.status);
    const batch = rowsOf(answer.results ?? {});
    if (batch.length === 0) return rows;
    for (const row of batch) rows.push(row);
    await stopWhenAsked(run, operation);
  }
}

function ensureAccepted(run: StatementRun, status: Status): void {
  if (status.statusCode !== STATUS.error && status.statusCode !== STATUS.invalidHandle) return;
  throw statementFailed(run.settings, run.statement, status);
}

async function closeQuietly(run: StatementRun, operation: OperationHandle): Promise<void> {
  if (run.connection.isLost) return;
  await quietly(run.connection.request('closing the operation', (driver) => driver.closeOperation({ operationHandle: operation })));
}

/** What follows a statement's end must not hide how it ended; a lost connection shows at the next request. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    if (!(cause instanceof MigrationError)) throw cause;
  }
}
