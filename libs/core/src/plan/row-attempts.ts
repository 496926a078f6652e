import { createDatabase } from '../hiveql/create-database.ts';
import { createTable } from '../hiveql/create-table.ts';
import { insertAll, renameTable } from '../hiveql/script-statements.ts';
import { dropEmptyDatabase } from '../hiveql/statements.ts';
import { below } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { PlannedStatement, StatementPurpose } from '../model/plan.ts';
import type { HeldTable, InsertMove, RowMove } from '../model/row-move.ts';
import type { Table, TableName } from '../model/table.ts';

/** The source's working database, made for the time of a transfer. */
export const TRANSFER_DATABASE = 'hiveferry_transfer';

/** In plans that people read, in place of an attempt's own name. */
export const ANY_ATTEMPT = 'attempt';

/** One attempt of one step: no other has its name. Ids and fences have no other characters than Hive's names may have, but for hyphens. */
export function attemptName(stepId: string, fence: string): string {
  return `${stemOf(stepId)}${fence}`;
}

/** With what the names of all attempts of a step begin. */
export function stemOf(stepId: string): string {
  return `${stepId.replaceAll('-', '')}_`;
}

/** Tables and directories of one attempt. */
export interface AttemptTables {
  /** External, in the source's working database. */
  readonly transfer?: Table;
  readonly shadow: Table;
  readonly working: Table;
}

/** @param transferredTo directory of the attempt that wrote the transfer table; the shadow table lies there */
export function attemptTables(rows: InsertMove, attempt: string, transferredTo?: string): AttemptTables {
  const shadow = { ...rows.shadow, name: `hiveferry_shadow_${attempt}` };
  return {
    ...(rows.transfer === undefined ? {} : { transfer: placed(rows.transfer, `hiveferry_transfer_${attempt}`, attempt) }),
    shadow: transferredTo === undefined ? shadow : { ...shadow, storage: { ...shadow.storage, location: transferredTo } },
    working: workingTable(rows, attempt),
  };
}

/** What an attempt inserts or imports into. */
export function workingTable({ working }: RowMove, attempt: string): Table {
  const name = `hiveferry_working_${attempt}`;
  return 'publishedAs' in working ? { ...working.table, name } : placed(working, name, attempt);
}

/** At the source: a copy of the rows that the target can read. */
export function transferStatements({ transfer }: AttemptTables, from: TableName): readonly PlannedStatement[] {
  if (transfer === undefined) return [];
  const rows = insertAll({ from, to: nameOf(transfer), partitionedBy: [], distributeBy: [] });
  return [statement('source', 'create-transfer', createTable(transfer)), statement('source', 'transfer-rows', rows)];
}

/** At the target, in order. Partitions of the shadow table are attached before the rows are inserted. */
export function insertStatements({ shadow, working }: AttemptTables): readonly PlannedStatement[] {
  const partitionedBy = working.partitionKeys.map(({ name }) => name);
  const rows = insertAll({ from: nameOf(shadow), to: nameOf(working), partitionedBy, distributeBy: [] });
  return [
    statement('target', 'create-shadow', createTable(shadow)),
    statement('target', 'create-working', createTable(working, { ifNotExists: true, kind: kindOf(working) })),
    statement('target', 'insert-rows', rows),
  ];
}

/** Gives a managed table of an attempt its final name: Hive refuses it when the one is gone, or the other is taken. */
export function publishStatements(rows: RowMove, attempt: string): readonly PlannedStatement[] {
  if (!('publishedAs' in rows.working)) return [];
  return [statement('target', 'publish-table', renameTable(nameOf(workingTable(rows, attempt)), rows.working.publishedAs))];
}

/** At the source, before the first transfer of all that run now; the last one's end removes it. */
export function transferDatabaseStatements(): { readonly create: string; readonly drop: string } {
  const description = 'Hiveferry writes rows here that another cluster is to read';
  return {
    create: createDatabase({ name: TRANSFER_DATABASE, description, parameters: {} }),
    drop: dropEmptyDatabase(TRANSFER_DATABASE),
  };
}

/** True for tables and directories that attempts of a step made. */
export function isOfAttempt(name: string, stem: string): boolean {
  return name.startsWith('hiveferry_') && name.includes(`_${stem}`);
}

/** Hidden, so that no reader of a directory above takes it for data. */
function attemptDirectory(holder: Location, attempt: string): Location {
  return below(holder, [`.hiveferry-${attempt}`]);
}

function kindOf({ tableType }: Table): 'external' | 'managed' {
  return tableType === 'MANAGED_TABLE' ? 'managed' : 'external';
}

function placed({ table, holder }: HeldTable, name: string, attempt: string): Table {
  return { ...table, name, storage: { ...table.storage, location: attemptDirectory(holder, attempt) } };
}

function statement(side: 'source' | 'target', purpose: StatementPurpose, sql: string): PlannedStatement {
  return { side, purpose, sql };
}

const nameOf = ({ database, name }: Table): TableName => ({ database, table: name });
