import { dropDatabase } from '../hiveql/alter-database.ts';
import { setTableProperties, unsetTableProperty } from '../hiveql/script-statements.ts';
import { dropTable } from '../hiveql/statements.ts';
import { isExternal, isTransactional, parameterOf } from '../inventory/table-kind.ts';
import type { ScriptPurpose, ScriptStatement, Undo } from '../model/script-plan.ts';
import type { Table, TableName } from '../model/table.ts';

export const NOT_NEEDED: Undo = { kind: 'not-needed' };

/** Statements that take it back, in this order. */
export function undoneBy(...sql: readonly string[]): Undo {
  return { kind: 'statements', sql };
}

export function noWayBack(reason: string): Undo {
  return { kind: 'none', reason };
}

export function withUndo(statement: ScriptStatement, undo: Undo): ScriptStatement {
  return { ...statement, undo };
}

/** What holds where whoever makes a statement says nothing else: the safe answer. */
export function usualUndo(purpose: ScriptPurpose): Undo {
  switch (purpose) {
    case 'set':
    case 'use-database':
    case 'export':
      return NOT_NEEDED;
    // They change a table that the same plan made, and go with it.
    case 'insert':
    case 'add-constraint':
    case 'add-partitions':
    case 'repair-partitions':
    case 'set-owner':
      return NOT_NEEDED;
    case 'create-database':
    case 'alter-database':
    case 'drop':
    case 'create-table':
    case 'create-working-table':
    case 'create-view':
    case 'rename':
    case 'set-properties':
    case 'set-location':
    case 'drop-partitions':
    case 'import':
      return noWayBack('what stood there before is not known');
  }
}

/**
 * A table that the plan made goes, its files stay wherever HiveQL can say so: they may be those of another table. A transactional
 * table takes its own along.
 */
export function undoOfCreate(table: Table): Undo {
  const name = { database: table.database, table: table.name };
  if (isTransactional(table)) return undoneBy(dropTable(name));
  const isPurged = parameterOf(table, 'external.table.purge')?.toLowerCase() === 'true';
  if (isExternal(table) && !isPurged) return undoneBy(dropTable(name));
  const disowned = { ...(isExternal(table) ? {} : { EXTERNAL: 'TRUE' }), 'external.table.purge': 'false' };
  return undoneBy(setTableProperties(name, disowned), dropTable(name));
}

/** A database that holds more than the plan put there is not dropped: Hive refuses that. */
export function undoOfCreateDatabase(name: string): Undo {
  return undoneBy(dropDatabase(name));
}

/** A property gets the value that it had. */
export function undoOfProperty(name: TableName, key: string, before: string | undefined): Undo {
  return undoneBy(before === undefined ? unsetTableProperty(name, key) : setTableProperties(name, { [key]: before }));
}

/** A statement on a table that was there before the plan. */
export function onExisting(statement: ScriptStatement): ScriptStatement {
  const undo = UNDO_ON_EXISTING[statement.purpose];
  return undo === undefined ? statement : withUndo(statement, undo);
}

const UNKNOWN = noWayBack('what the table had before is not known');

const UNDO_ON_EXISTING: Readonly<Partial<Record<ScriptPurpose, Undo>>> = {
  // CREATE IF NOT EXISTS leaves it alone.
  'create-table': NOT_NEEDED,
  insert: noWayBack('the rows that it replaces are gone'),
  'add-constraint': UNKNOWN,
  'set-owner': UNKNOWN,
  'add-partitions': UNKNOWN,
  'repair-partitions': UNKNOWN,
};
