import { isView } from '../inventory/table-kind.ts';
import type { Table } from '../model/table.ts';
import { createTable } from './create-table.ts';
import { createView } from './create-view.ts';

/** A table as it stands, printed as the target's statements are, so that equal things have equal lines. For people to compare. */
export function sourceDdl(table: Table): string {
  if (isView(table)) return createView(table);
  return createTable(table, { ifNotExists: false, kind: table.tableType === 'MANAGED_TABLE' ? 'managed' : 'external' });
}
