import { exportTable, importTable } from '../hiveql/script-statements.ts';
import { below } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import type { PlannedStatement } from '../model/plan.ts';
import type { ExportMove } from '../model/row-move.ts';
import type { TableName } from '../model/table.ts';
import { workingTable } from './row-attempts.ts';

/** Holds what all attempts of a step exported; hidden, so that no reader of a directory above takes it for data. */
export function exportsOfStep({ exports }: ExportMove, stem: string): Location {
  return below(exports.holder, [`.hiveferry-${stem}exports`]);
}

/** Of one attempt: Hive exports into no directory that holds something. */
export function exportOfAttempt(rows: ExportMove, { stem, attempt }: { readonly stem: string; readonly attempt: string }): Location {
  return below(exportsOfStep(rows, stem), [attempt]);
}

/** At the source: files of the table and what the metastore says of it, as of the moment in which Hive began to read. */
export function exportStatements(table: TableName, to: Location): readonly PlannedStatement[] {
  return [{ side: 'source', purpose: 'export-table', sql: exportTable(table, to) }];
}

/** At the target, into the working table of an attempt, which IMPORT makes. */
export function importStatements(rows: ExportMove, attempt: string, from: string): readonly PlannedStatement[] {
  const { database, name, tableType, storage } = workingTable(rows, attempt);
  const { location } = storage;
  const options = { from, external: tableType === 'EXTERNAL_TABLE', ...(location === undefined ? {} : { location }) };
  return [{ side: 'target', purpose: 'import-table', sql: importTable({ database, table: name }, options) }];
}
