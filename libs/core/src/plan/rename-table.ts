import { renameTable, unsetTableProperty } from '../hiveql/script-statements.ts';
import type { Side } from '../inventory/script-input.ts';
import { parameterOf } from '../inventory/table-kind.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { Table, TableName } from '../model/table.ts';
import { executed, nameOf } from './script-statements.ts';
import { undoOfProperty, undoneBy, withUndo } from './undo.ts';

export function renaming(side: Side, from: TableName, to: TableName): ScriptStatement {
  return withUndo(executed(side, 'rename', renameTable(from, to)), undoneBy(renameTable(to, from)));
}

const MARK = 'TRANSLATED_TO_EXTERNAL';

/** A table that Hive made external by itself takes its directory along when it is renamed: the mark goes first. */
export function unmarked(table: Table): readonly ScriptStatement[] {
  const mark = parameterOf(table, MARK);
  if (mark === undefined) return [];
  const name = nameOf(table);
  return [withUndo(executed('source', 'set-properties', unsetTableProperty(name, MARK)), undoOfProperty(name, MARK, mark))];
}
