import { MigrationError, parseLocation } from '@hiveferry/core';
import type { Table, TableName } from '@hiveferry/core';
import type { ClusterClient, InventoryEntry, PlanStore, PlannerClaim } from '@hiveferry/ports';
import type { RunGuard } from './run-guard.ts';

export interface PlanContext {
  readonly run: PlannerClaim;
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
  const unreadable: InventoryEntry[] = [];
  const onUnreadable = (name: TableName): void => void unreadable.push({ source: name, object: 'table' });
  for await (const tables of source.metastore.allTables(database, { onUnreadable })) {
    guard.check();
    await store.addInventory(run, [...tables.map((table) => entryOf(table, source)), ...unreadable.splice(0)]);
  }
  await store.addInventory(run, unreadable);
}

function entryOf(table: Table, source: ClusterClient): InventoryEntry {
  const name = { database: table.database, table: table.name };
  const isView = table.tableType === 'VIRTUAL_VIEW' || table.tableType === 'MATERIALIZED_VIEW';
  const text = table.storage.location;
  const location = isView || text === undefined ? undefined : parseLocation(text, source.facts.namespace);
  return { source: name, object: isView ? 'view' : 'table', ...(location !== undefined && { location }) };
}

function databaseNotFound(missing: readonly string[], cluster: string): MigrationError {
  const names = missing.join(', ');
  return new MigrationError('DATABASE_NOT_FOUND', `source cluster ${cluster} has no database ${names}: correct the selection`, {
    category: 'request',
    retry: 'never',
    subject: names,
  });
}
