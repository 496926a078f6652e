import { MigrationError, PREFLIGHT_DATABASE, TRANSFER_DATABASE, isOfAttempt, transferDatabaseStatements } from '@hiveferry/core';
import type { Table } from '@hiveferry/core';
import type { ClusterClient, StepOutcome } from '@hiveferry/ports';
import { inSessionOf } from './hive-statements.ts';
import { removeAttempts, resultOfAttempt } from './row-attempt.ts';
import type { EndingContext, StepContext } from './step-handler.ts';

/**
 * Removes what all attempts of a table's transfer or insert left on one side, those of executors that died too. Runs twice because it
 * looks what is there.
 */
export async function cleanUp(context: StepContext): Promise<StepOutcome> {
  await context.renew();
  return { result: { tables: await removeAll(context) } };
}

/** The same, when a run is cancelled after its rows were transferred or inserted: nobody resumes it. */
export async function endCleanUp(context: EndingContext): Promise<void> {
  await removeAll(context);
}

/** @returns how many tables there were */
async function removeAll(context: EndingContext): Promise<number> {
  const isSource = context.step.side === 'source';
  const { stem } = await resultOfAttempt(context, isSource ? 'transfer-rows' : 'insert-rows');
  const cluster = isSource ? context.source : context.target;
  const tables = await tablesOfAttempts(cluster, isSource ? TRANSFER_DATABASE : PREFLIGHT_DATABASE, stem);
  await removeAttempts(cluster, tables, stem);
  if (isSource) await dropTransferDatabase(cluster);
  return tables.length;
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
