import {
  MigrationError,
  abortTransactions,
  attemptName,
  displayName,
  dropTable,
  isOfAttempt,
  lastSegment,
  parseLocation,
  showLocks,
  stemOf,
} from '@hiveferry/core';
import type { ExportMove, InsertMove, Location, RowMove, StepKind, Table, TablePlan } from '@hiveferry/core';
import type { ClusterClient, HiveSession } from '@hiveferry/ports';
import { inSessionOf } from './hive-statements.ts';
import { planOfStep, sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** A drop waits for the locks of what still reads or writes the table; the step is tried again then. */
const DROP_TIMEOUT_MS = 60_000;

/** What one attempt left for the steps after it: its names, under which nobody else writes. */
export interface AttemptResult {
  /** With what the names of all attempts of that step begin. */
  readonly stem: string;
  readonly attempt: string;
  /** Directory of the rows. */
  readonly location: string;
}

export interface RowStep<Rows extends RowMove = RowMove> {
  readonly plan: TablePlan;
  readonly rows: Rows;
}

export async function rowsOfStep(context: Pick<StepContext, 'step' | 'store'>): Promise<RowStep> {
  const { plan } = await planOfStep(context);
  if (plan.rows !== undefined) return { plan, rows: plan.rows };
  throw defect(context, 'its plan moves no rows');
}

export async function insertOfStep(context: StepContext): Promise<RowStep<InsertMove>> {
  const { plan, rows } = await rowsOfStep(context);
  if (!('exports' in rows)) return { plan, rows };
  throw defect(context, 'its plan exports the table');
}

export async function exportOfStep(context: StepContext): Promise<RowStep<ExportMove>> {
  const { plan, rows } = await rowsOfStep(context);
  if ('exports' in rows) return { plan, rows };
  throw defect(context, 'its plan exports nothing');
}

export function nameOfAttempt({ step }: StepContext): Pick<AttemptResult, 'stem' | 'attempt'> {
  return { stem: stemOf(step.stepId), attempt: attemptName(step.stepId, step.fence) };
}

/** The step whose accepted attempt is published. */
export function kindOfWork(rows: RowMove): StepKind {
  return 'exports' in rows ? 'import-table' : 'insert-rows';
}

/** Of the attempt whose report was accepted: what others wrote is not looked at. */
export async function resultOfAttempt(context: Pick<StepContext, 'step' | 'store'>, kind: StepKind): Promise<AttemptResult> {
  const { runId, target } = context.step;
  const results = await context.store.results({ runId, target, source: sourceTableOf(context) }, kind);
  const { stem, attempt, location } = results.get(kind) ?? {};
  if (typeof stem === 'string' && typeof attempt === 'string' && typeof location === 'string') return { stem, attempt, location };
  throw defect(context, `its step ${kind} left no result`);
}

/** Where an attempt's table lies. */
export function placeOf(context: StepContext, table: Table | undefined): Location {
  const location = parseLocation(table?.storage.location ?? '');
  if (location !== undefined) return location;
  throw defect(context, 'a table of the attempt has no location');
}

/** Where the rows of an attempt lie; Hive places a managed table. */
export async function placeOfRows(context: StepContext, working: Table): Promise<Location> {
  if (working.storage.location !== undefined) return placeOf(context, working);
  const [made] = await context.target.metastore.tables(working.database, [working.name]);
  return placeOf(context, made);
}

/**
 * Removes the directories that attempts wrote, then drops their tables, none of which owns its files. Runs twice because what is gone is
 * not dropped again, and because a directory is known by its table: that stays until the directory is gone.
 */
export async function removeAttempts(cluster: ClusterClient, tables: readonly Table[], stem: string): Promise<void> {
  const own = tables.filter(({ name }) => isOfAttempt(name, stem));
  if (own.length === 0) return;
  // A shadow table lies at files of the source, or of the transfer.
  const directories = own
    .flatMap(({ storage }) => parseLocation(storage.location ?? '') ?? [])
    .filter((directory) => lastSegment(directory)?.startsWith(`.hiveferry-${stem}`) === true);
  for (const directory of directories) await cluster.files.remove(directory);
  await inSessionOf(cluster, {}, async (session) => {
    // A user may not be allowed to: the DROP waits then.
    await abortWriters(session, own).catch(() => undefined);
    for (const { database, name } of own) await session.execute(dropTable({ database, table: name }), { timeoutMs: DROP_TIMEOUT_MS });
  });
  // A statement that went on until its table was dropped may have made them anew.
  for (const directory of directories) await cluster.files.remove(directory);
}

/** A statement that goes on holds a lock on its managed table, for which a DROP would wait: nobody wants its rows. */
async function abortWriters(session: HiveSession, tables: readonly Table[]): Promise<void> {
  const managed = new Set(
    tables.filter(({ tableType }) => tableType === 'MANAGED_TABLE').map(({ database, name }) => `${database}.${name}`),
  );
  if (managed.size === 0) return;
  const locks = await session.query(showLocks);
  const held = locks.filter(([_id, database, table]) => managed.has(`${database ?? ''}.${table ?? ''}`));
  const ids = [...new Set(held.map((lock) => lock[7] ?? ''))].filter((id) => /^[1-9]\d*$/.test(id));
  if (ids.length > 0) await session.execute(abortTransactions(ids));
}

function defect(context: Pick<StepContext, 'step'>, what: string): MigrationError {
  const subject = displayName(sourceTableOf(context));
  return new MigrationError('ROW_STEP_WRONG', `${subject}, step ${context.step.key}: ${what}`, {
    category: 'defect',
    retry: 'never',
    subject,
  });
}
