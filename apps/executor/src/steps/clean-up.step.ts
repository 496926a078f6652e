import {
  MigrationError,
  PREFLIGHT_DATABASE,
  TRANSFER_DATABASE,
  exportsOfStep,
  isOfAttempt,
  transferDatabaseStatements,
} from '@hiveferry/core';
import type { ExportMove, Table } from '@hiveferry/core';
import type { ClusterClient, StepOutcome } from '@hiveferry/ports';
import { filesOfExports } from './export-table.step.ts';
import { inSessionOf } from './hive-statements.ts';
import { kindOfWork, removeAttempts, resultOfAttempt, rowsOfStep } from './row-attempt.ts';
import type { EndingContext, StepContext } from './step-handler.ts';

/**
 * Removes what all attempts of a table's transfer, export, insert or import left on one side, those of executors that died too. Runs twice because it
 * looks what is there.
 */
export async function cleanUp(context: StepContext): Promise<StepOutcome> {
  await context.renew();
  return { result: { tables: await removeAll(context) } };
}

/** The same, when a run is cancelled after its rows were written somewhere for a time: nobody resumes it. */
export async function endCleanUp(context: EndingContext): Promise<void> {
  await removeAll(context);
}

/** @returns how many tables there were */
async function removeAll(context: EndingContext): Promise<number> {
  const { rows } = await rowsOfStep(context);
  if (context.step.side === 'target') {
    const { stem } = await resultOfAttempt(context, kindOfWork(rows));
    return await removeTables(context.target, PREFLIGHT_DATABASE, stem);
  }
  if ('exports' in rows) return await removeExports(context, rows);
  const { stem } = await resultOfAttempt(context, 'transfer-rows');
  const count = await removeTables(context.source, TRANSFER_DATABASE, stem);
  await dropTransferDatabase(context.source);
  return count;
}

async function removeTables(cluster: ClusterClient, database: string, stem: string): Promise<number> {
  const tables = await tablesOfAttempts(cluster, database, stem);
  await removeAttempts(cluster, tables, stem);
  return tables.length;
}

/** No table points at them. */
async function removeExports(context: EndingContext, rows: ExportMove): Promise<0> {
  const { stem } = await resultOfAttempt(context, 'export-table');
  await filesOfExports(context, rows).remove(exportsOfStep(rows, stem));
  return 0;
}

async function tablesOfAttempts(cluster: ClusterClient, database: string, stem: string): Promise<readonly Table[]> {
  const names: string[] = [];
  for await (const page of cluster.metastore.tableNames(database)) names.push(...page.filter((name) => isOfAttempt(name, stem)));
  return names.length === 0 ? [] : await cluster.metastore.tables(database, names);
}

/** While other tables are transferred it stays: Hive drops no database that holds one. */
async function dropTransferDatabase(cluster: ClusterClient): Promise<void> {
  for await (const names of cluster.metastore.tableNames(TRANSFER_DATABASE)) if (names.length > 0) return;
  try {
    await inSessionOf(cluster, {}, (session) => session.execute(transferDatabaseStatements().drop));
  } catch (error) {
    if (!(error instanceof MigrationError && error.code === 'HIVE_STATEMENT_FAILED')) throw error;
  }
}
