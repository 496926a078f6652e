import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { refuseSchemaFile } from './inserted-rows.ts';
import { noteProperties, refuseOtherKinds, refuseViews, subjectOf, transactionalKind, warnOfFormats } from './native-table.ts';

/** What stands against a table of the target that Hive imports: full ACID tables may lose their transactions on the way, insert-only ones not. */
export function acceptsExportedTable(input: TableInput): readonly Issue[] {
  return [
    ...refuseOtherKinds(input),
    ...refuseViews(input),
    ...refuseSchemaFile(input),
    ...refuseDeltas(input),
    ...noteProperties(input),
    ...warnOfFormats(input),
  ];
}

/** Their exports keep directories of deltas, which Hive does not read in a table without transactions (measured, 3.1.3 to 4.0.1: 0 rows). */
function refuseDeltas({ source: { table }, settings }: TableInput): readonly Issue[] {
  if (settings.transactionalTables === 'migrate' || transactionalKind(table) !== 'insert-only transactional') return [];
  return [issue('EXPORT_KEEPS_DELTAS', subjectOf(table))];
}
