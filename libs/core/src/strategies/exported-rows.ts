import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { namespaceOf } from '../model/location.ts';
import { refuseSchemaFile } from './inserted-rows.ts';
import { noteProperties, refuseOtherKinds, refuseViews, subjectOf, transactionalKind, warnOfFormats } from './native-table.ts';

/** What stands against a table of the target that Hive imports: full ACID tables may lose their transactions on the way, insert-only ones not. */
export function acceptsExportedTable(input: TableInput): readonly Issue[] {
  return [
    ...refuseOtherKinds(input),
    ...refuseViews(input),
    ...refuseSchemaFile(input),
    ...refuseDeltas(input),
    ...refusePlace(input),
    ...noteProperties(input),
    ...warnOfFormats(input),
  ];
}

/** Exports are removed by the file system of one of the two clusters. */
function refusePlace({ source: { table }, clusters: { source, target }, settings: { exportsAt } }: TableInput): readonly Issue[] {
  const namespaces = [source.namespace, target.namespace];
  if (exportsAt === undefined || table.tableType === 'VIRTUAL_VIEW' || namespaces.includes(namespaceOf(exportsAt))) return [];
  return [issue('EXPORTS_ELSEWHERE', subjectOf(table), { location: exportsAt, namespaces })];
}

/** Their exports keep directories of deltas, which Hive does not read in a table without transactions (measured, 3.1.3 to 4.0.1: 0 rows). */
function refuseDeltas({ source: { table }, settings }: TableInput): readonly Issue[] {
  if (settings.transactionalTables === 'migrate' || transactionalKind(table) !== 'insert-only transactional') return [];
  return [issue('EXPORT_KEEPS_DELTAS', subjectOf(table))];
}
