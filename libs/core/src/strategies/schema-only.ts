import { isManaged, isTransactional, isView } from '../inventory/table-kind.ts';
import { leftAlone } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { movesToNewHive } from '../translate/script-rules.ts';
import { noteProperties, refuseOtherKinds, refuseViews, subjectOf, transactionalKind, warnOfFormats } from './native-table.ts';
import { schemaAction } from './schema-action.ts';
import { schemaScript } from './schema-script.ts';
import type { DataStrategy } from './strategy.ts';

/** The schema is created on the target, the files are copied by DistCp, partitions are attached where their files are. */
export const schemaOnly: DataStrategy = {
  name: 'SCHEMA_ONLY',
  distcp: { role: 'PRIMARY', used: 'Always', artefacts: 'Scripts, sources, workbooks' },
  service: {
    files: 'copied',
    needs: ['source.metastore', 'source.files', 'target.metastore', 'target.hive', 'target.files', 'target.distcp'],
    accepts: (input) => [
      ...refuseTransactional(input),
      ...refuseOtherKinds(input),
      ...refuseViews(input),
      ...noteProperties(input),
      ...warnOfFormats(input),
    ],
  },
  script: schemaOnlyScript,
};

/** Managed tables own their files on the target as well, unless somebody else looks after them. */
export function schemaOnlyScript(input: ScriptInput): TableDraft {
  const { pair, settings } = input;
  const table = pair.source?.table ?? pair.target?.table;
  if (table === undefined) return leftAlone('nothing-there', 'neither side has the table');
  const { readOnly, noPurge, sync } = settings;
  const takeOwnership = isManaged(table) && !isView(table) && !readOnly && !noPurge && !sync;
  const rewrite = {
    role: 'target' as const,
    upgrade: movesToNewHive(settings),
    replaceLocation: true,
    stripLocation: isTransactional(table),
    takeOwnership,
  };
  return schemaScript(input, schemaAction(input), { rewrite, repairs: 'now-and-after-copy' });
}

/** Copied files of a transactional table are invisible, and the next INSERT replaces them (both measured, Hive 4.0.1). */
function refuseTransactional({ source: { table } }: TableInput): readonly Issue[] {
  const kind = transactionalKind(table);
  if (kind === undefined) return [];
  return [
    issue('TRANSACTIONAL_TABLE_FILES', subjectOf(table), {
      kind,
      strategies: ['SQL, EXPORT_IMPORT or HYBRID (the copy is external, or with transactionalTables: migrate transactional)'],
    }),
  ];
}
