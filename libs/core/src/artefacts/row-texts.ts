import { setVariable } from '../hiveql/script-statements.ts';
import { addPartitions, dropTable } from '../hiveql/statements.ts';
import { sortedEntries } from '../model/order.ts';
import type { PlannedStatement, TablePlan } from '../model/plan.ts';
import type { ExportMove, InsertMove, RowMove } from '../model/row-move.ts';
import type { Table, TableName } from '../model/table.ts';
import { insertSettings } from '../plan/insert-settings.ts';
import { exportsOfStep } from '../plan/export-attempts.ts';
import { ANY_ATTEMPT, attemptTables, stemOf, transferDatabaseStatements, workingTable } from '../plan/row-attempts.ts';
import { commentText } from './shell.ts';

/**
 * A statement of a table whose rows Hive inserts, with all that a person does around it. The service says it to the session, the
 * metastore and the file system, and has another name for each attempt.
 */
export function rowTexts(plan: TablePlan, rows: RowMove, { purpose, sql }: PlannedStatement): readonly string[] {
  return 'exports' in rows ? exportTexts(plan, rows, { purpose, sql }) : insertTexts(plan, rows, { purpose, sql });
}

type Statement = Pick<PlannedStatement, 'purpose' | 'sql'>;

function exportTexts(plan: TablePlan, rows: ExportMove, { purpose, sql }: Statement): readonly string[] {
  const directory = commentText(exportsOfStep(rows, stemOf(ANY_ATTEMPT)));
  if (purpose === 'export-table') return [...settings(plan), `${sql};`, `-- once the target has the rows: hdfs dfs -rm -r ${directory}`];
  return [`${sql};`, ...(purpose === 'import-table' ? published(rows) : [])];
}

function insertTexts(plan: TablePlan, rows: InsertMove, { purpose, sql }: Statement): readonly string[] {
  const tables = attemptTables(rows, ANY_ATTEMPT);
  switch (purpose) {
    case 'create-transfer':
      return [`${transferDatabaseStatements().create};`, `${sql};`];
    case 'transfer-rows':
      return [...settings(plan), `${sql};`, '-- once the target has the rows:', ...dropped(tables.transfer)];
    case 'create-shadow':
      return [`${sql};`, ...(rows.transfer === undefined ? shadowPartitions(plan, tables.shadow) : [])];
    case 'insert-rows':
      return [...settings(plan), `${sql};`, ...published(rows, tables.shadow)];
    case 'create-database':
    case 'preflight-create':
    case 'preflight-drop':
    case 'preflight-source':
    case 'create-working':
    case 'export-table':
    case 'import-table':
    case 'publish-table':
    case 'convert-link':
    case 'drop-existing':
    case 'create-table':
    case 'create-view':
    case 'alter-table':
    case 'set-location':
    case 'set-owner':
    case 'add-partitions':
    case 'repair-partitions':
    case 'discover-partitions':
      return [`${sql};`];
  }
}

function settings({ partitions }: TablePlan): readonly string[] {
  return sortedEntries(insertSettings(partitions.length)).map(([key, value]) => `${setVariable(key, value)};`);
}

function shadowPartitions({ partitions, expected }: TablePlan, shadow: Table): readonly string[] {
  if (partitions.length === 0) return [];
  const placed = partitions.map(({ values, source }) => ({ values, location: source }));
  return [`${addPartitions(nameOf(shadow), expected?.partitionKeys ?? [], placed)};`];
}

/** A managed table is published by a statement of its own. */
function published(rows: RowMove, shadow?: Table): readonly string[] {
  if ('publishedAs' in rows.working) return dropped(shadow);
  const working = workingTable(rows, ANY_ATTEMPT);
  const from = commentText(working.storage.location ?? '');
  return [`-- then rename the directory: hdfs dfs -mv ${from} ${commentText(rows.destination)}`, ...dropped(shadow), ...dropped(working)];
}

/** Owns no files. */
const dropped = (table: Table | undefined): readonly string[] => (table === undefined ? [] : [`${dropTable(nameOf(table))};`]);

const nameOf = ({ database, name }: Table): TableName => ({ database, table: name });
