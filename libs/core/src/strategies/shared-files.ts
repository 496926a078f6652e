import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { noteProperties, parameter, refuseOtherKinds, refuseViews, subjectOf, transactionalKind, warnOfFormats } from './native-table.ts';

/** What stands against a table of the target that points at the files of the source's. */
export function acceptsSharedFiles(input: TableInput): readonly Issue[] {
  return [...acceptsLinkedTables(input), ...warnOfOwnership(input)];
}

/** The same for one that stands there and gets files of its own. */
export function acceptsLinkedTables(input: TableInput): readonly Issue[] {
  return [
    ...refuseTransactional(input),
    ...refuseOtherKinds(input),
    ...refuseViews(input),
    ...noteProperties(input),
    ...warnOfFormats(input),
  ];
}

/** Write ids live in the metastore of the source: another one would read deltas that it cannot judge. */
function refuseTransactional({ source: { table } }: TableInput): readonly Issue[] {
  const kind = transactionalKind(table);
  return kind === undefined
    ? []
    : [issue('TRANSACTIONAL_TABLE_SHARED', subjectOf(table), { kind, strategies: ['SQL', 'EXPORT_IMPORT', 'HYBRID'] })];
}

/** A DROP at the source removes the files of a managed table, and of an external one with the purge flag. */
function warnOfOwnership({ source: { table } }: TableInput): readonly Issue[] {
  if (table.tableType === 'VIRTUAL_VIEW') return [];
  if (table.tableType === 'MANAGED_TABLE') return [issue('SOURCE_OWNS_FILES', subjectOf(table), { why: 'is managed' })];
  return parameter(table, 'external.table.purge').toLowerCase() === 'true'
    ? [issue('SOURCE_OWNS_FILES', subjectOf(table), { why: 'has external.table.purge' })]
    : [];
}
