import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { noteProperties, refuseOtherKinds, refuseViews, subjectOf, transactionalKind, warnOfFormats } from './native-table.ts';
import type { DataStrategy } from './strategy.ts';

/** The schema is created on the target, the files are copied by DistCp, partitions are attached where their files are. */
export const schemaOnly: DataStrategy = {
  name: 'SCHEMA_ONLY',
  distcp: 'PRIMARY',
  files: 'copied',
  needs: ['source.metastore', 'source.files', 'target.metastore', 'target.hive', 'target.files', 'target.distcp'],
  accepts: (input) => [
    ...refuseTransactional(input),
    ...refuseOtherKinds(input),
    ...refuseViews(input),
    ...noteProperties(input),
    ...warnOfFormats(input),
  ],
};

/** Copied files of a transactional table are invisible, and the next INSERT replaces them (both measured, Hive 4.0.1). */
function refuseTransactional({ source: { table } }: TableInput): readonly Issue[] {
  const kind = transactionalKind(table);
  if (kind === undefined) return [];
  return [
    issue('TRANSACTIONAL_TABLE_FILES', subjectOf(table), {
      kind,
      strategies: ['SQL', 'EXPORT_IMPORT', 'HYBRID', ...(kind === 'full ACID' ? ['a downgrade to a table without transactions'] : [])],
    }),
  ];
}
