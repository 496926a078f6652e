import { MigrationError, parseLocation } from '@hiveferry/core';
import type { ClusterClient, ClaimedRun, InventoryEntry, PlanStore } from '@hiveferry/ports';
import { readTables } from './read-tables.ts';
import type { ReadTable } from './read-tables.ts';
import type { RunGuard } from './run-guard.ts';

const NAMES_A_PAGE = 500;
const TABLES_A_CALL = 100;

export interface PlanContext {
  readonly run: ClaimedRun;
  readonly guard: RunGuard;
  readonly store: PlanStore;
  readonly source: ClusterClient;
}

/**
 * Writes down all tables of the selected databases with their locations, selected or not: a table that is left out may lie inside one
 * that is copied. Fault DATABASE_NOT_FOUND names every database that is not there.
 */
export async function takeInventory(context: PlanContext): Promise<void> {
  const { run, store, source } = context;
  const { databases } = run.spec.selection;
  const known = new Set(await source.metastore.databaseNames());
  const missing = databases.filter((database) => !known.has(database.toLowerCase()));
  if (missing.length > 0) throw databaseNotFound(missing, run.spec.source);
  await store.resetInventory(run);
  for (const database of databases) await takeDatabase(context, database);
}

async function takeDatabase({ run, guard, store, source }: PlanContext, database: string): Promise<void> {
  for await (const names of source.metastore.tableNames(database, { pageSize: NAMES_A_PAGE })) {
    for (let start = 0; start < names.length; start += TABLES_A_CALL) {
      guard.check();
      const read = await readTables(source.metastore, database, names.slice(start, start + TABLES_A_CALL));
      await store.addInventory(run, read.map((each) => entryOf(each, { database, source })));
    }
  }
}

function entryOf(read: ReadTable, { database, source }: { readonly database: string; readonly source: ClusterClient }): InventoryEntry {
  const name = { database, table: read.name };
  if (read.kind === 'unreadable') return { source: name, object: 'table' };
  const isView = read.table.tableType === 'VIRTUAL_VIEW' || read.table.tableType === 'MATERIALIZED_VIEW';
  const text = read.table.storage.location;
  const location = isView || text === undefined ? undefined : parseLocation(text, source.facts.namespace);
  return { source: name, object: isView ? 'view' : 'table', ...(location !== undefined && { location }) };
}

function databaseNotFound(missing: readonly string[], cluster: string): MigrationError {
  const names = missing.join(', ');
  return new MigrationError('DATABASE_NOT_FOUND', `source cluster ${cluster} has no database ${names}: correct the selection`, {
    category: 'request', retry: 'never', subject: names,
  });
}
