import { exportTable, importTable } from '../hiveql/script-statements.ts';
import { dropTable } from '../hiveql/statements.ts';
import { parameterOf } from '../inventory/table-kind.ts';
import { draft, leftAlone, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { Table, TableName } from '../model/table.ts';
import { exportPlace, importedInPlace, overExportLimit } from '../plan/export-place.ts';
import { insertScripts, overPartitionLimit } from '../plan/insert-scripts.ts';
import { renaming, unmarked } from '../plan/rename-table.ts';
import { cleanedUp, creating, executed, nameOf } from '../plan/script-statements.ts';
import { undoneBy, withUndo } from '../plan/undo.ts';
import { rewriteTable } from '../translate/rewrite-table.ts';

/** A transactional table becomes an external one, or one with fewer buckets, where it is: renamed, created anew, filled by INSERT. */
export function acidInPlaceScript(input: ScriptInput, source: RecordedTable): TableDraft {
  const { settings, database, pair } = input;
  const subject = `${database.name}.${pair.name}`;
  if (parameterOf(source.table, 'acid_inplace') !== undefined) {
    return leftAlone('in-place-done', 'the property acid_inplace says that it was done', [issue('IN_PLACE_DONE', subject)]);
  }
  const { numBuckets: buckets } = source.table.storage;
  const { downgrade, bucketThreshold } = settings.acid;
  if (!downgrade && buckets > bucketThreshold) {
    return refused([issue('BUCKETS_ABOVE_THRESHOLD', subject, { buckets, threshold: bucketThreshold })]);
  }
  const rewrite = { role: 'target', stripLocation: true, takeOwnership: true, makeExternal: downgrade } as const;
  const rewritten = rewriteTable(input, source, rewrite);
  if (rewritten.kind === 'refused') return refused([rewritten.issue]);
  const table = { ...rewritten.table, database: database.name };
  const over = overPartitionLimit(input, source);
  return draft({
    decision: over.length === 0 ? 'MIGRATE' : 'BY_HAND',
    statements: [...archived(source.table), ...creating(input, 'source', table), ...refilled(input, source, table)],
    issues: over,
    decisions: [
      { rule: 'in-place', reason: `the old table is kept as ${archiveOf(source.table).table} until the clean-up` },
      ...rewritten.decisions,
    ],
  });
}

/** The same by EXPORT and IMPORT, which keeps the rows' order and needs no query. */
export function exportInPlaceScript(input: ScriptInput, source: RecordedTable): TableDraft {
  const from = exportPlace(input, source);
  const archive = archiveOf(source.table);
  const external = input.settings.acid.downgrade;
  const over = overExportLimit(input, source);
  return draft({
    decision: over.length === 0 ? 'MIGRATE' : 'BY_HAND',
    issues: [...over, ...importedInPlace(input, source)],
    statements: [
      ...archived(source.table),
      executed('source', 'export', exportTable(archive, from)),
      withUndo(
        executed('source', 'import', importTable(nameOf(source.table), { from, external })),
        undoneBy(dropTable(nameOf(source.table))),
      ),
      cleanedUp('source', 'drop', dropTable(archive)),
    ],
    decisions: [{ rule: 'in-place', reason: `the old table is kept as ${archive.table} until the clean-up` }],
  });
}

function refilled(input: ScriptInput, source: RecordedTable, table: Table): readonly ScriptStatement[] {
  const archive = archiveOf(source.table);
  return [
    ...insertScripts(input, { side: 'source', original: source, from: archive, to: nameOf(table) }),
    cleanedUp('source', 'drop', dropTable(archive)),
  ];
}

function archived(table: Table): readonly ScriptStatement[] {
  return [...unmarked(table), renaming('source', nameOf(table), archiveOf(table))];
}

function archiveOf(table: Table): TableName {
  return { database: table.database, table: `${table.name}_archive` };
}
