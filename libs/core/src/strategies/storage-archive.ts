import { dropTable } from '../hiveql/statements.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { draft, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { TableName } from '../model/table.ts';
import { insertScripts, overPartitionLimit } from '../plan/insert-scripts.ts';
import { strayIssues } from '../plan/partition-checks.ts';
import { copiesOf } from '../plan/script-copies.ts';
import { renaming, unmarked } from '../plan/rename-table.ts';
import { adding, cleanedUp, creating, nameOf, placed } from '../plan/script-statements.ts';
import { unreachablePartitions } from '../plan/stray-partitions.ts';
import { rewriteTable } from '../translate/rewrite-table.ts';
import type { Rewrite } from '../translate/rewrite.ts';
import type { RewrittenTable } from '../translate/rewrite-table.ts';

/** The old table is kept under another name, the new one gets its partitions one by one; DistCp brings the files. */
export function archivedByDistCp(input: ScriptInput, source: RecordedTable): TableDraft {
  const rewritten = rewriteTable(input, source, rewriteOf(input, source));
  if (rewritten.kind === 'refused') return refused([rewritten.issue]);
  const { table, partitions } = rewritten;
  const arrived = partitions.map(({ name, to }) => ({ name, from: to, to }));
  const kind = table.tableType === 'EXTERNAL_TABLE' ? 'external' : 'managed';
  const doubts = rewritten.place === undefined ? [] : strayIssues(input, { place: rewritten.place, kind, partitions: arrived });
  if (doubts.length > 0 && input.settings.movement.strict) {
    return refused([issue('STRICT_LOCATIONS', `${input.database.name}.${input.pair.name}`), ...doubts]);
  }
  const places = partitions.map(placed);
  const unreachable = unreachablePartitions(`${input.database.name}.${input.pair.name}`, places, rewritten.place);
  if (unreachable.length > 0) return refused(unreachable);
  return draft({
    decision: 'MIGRATE',
    statements: [...archiving(input, source, rewritten), ...adding({ side: 'source', name: nameOf(table), isCopied: true }, places)],
    copies: copiesOf(input, { source, place: rewritten.place, partitions }),
    issues: [...rewritten.issues, ...doubts],
    decisions: [ARCHIVED, ...rewritten.decisions],
  });
}

/** The old table is kept under another name, the new one is filled from it by INSERT. */
export function archivedBySql(input: ScriptInput, source: RecordedTable): TableDraft {
  const rewritten = rewriteTable(input, source, rewriteOf(input, source));
  if (rewritten.kind === 'refused') return refused([rewritten.issue]);
  const over = source.table.partitionKeys.length === 0 ? [] : overPartitionLimit(input, source);
  const from = archiveOf(input, source);
  const to = nameOf(rewritten.table);
  const saysPartitions = !input.settings.iceberg.convert;
  return draft({
    decision: over.length === 0 ? 'MIGRATE' : 'BY_HAND',
    statements: [
      ...archiving(input, source, rewritten),
      ...insertScripts(input, { side: 'source', original: source, from, to, saysPartitions }),
    ],
    issues: [...rewritten.issues, ...over],
    decisions: [ARCHIVED, ...rewritten.decisions],
  });
}

const ARCHIVED = { rule: 'archived', reason: 'the old table is kept under another name until the clean-up' };

function rewriteOf({ settings }: ScriptInput, { table }: RecordedTable): Rewrite {
  if (!isTransactional(table)) return { role: 'target', replaceLocation: true };
  const { downgrade } = settings.acid;
  return { role: 'target', stripLocation: true, makeExternal: downgrade, takeOwnership: downgrade };
}

/** A database of another name has room for both tables: nothing is renamed, and nothing is to be cleaned up. */
function archiving(input: ScriptInput, source: RecordedTable, { table }: RewrittenTable): readonly ScriptStatement[] {
  const old = nameOf(source.table);
  const archive = archiveOf(input, source);
  const isRenamed = archive.table !== old.table;
  return [
    ...unmarked(source.table),
    ...(isRenamed ? [renaming('source', old, archive)] : []),
    ...creating(input, 'source', table),
    ...(isRenamed ? [cleanedUp('source', 'drop', dropTable(archive))] : []),
  ];
}

function archiveOf({ settings, database, target }: ScriptInput, { table }: RecordedTable): TableName {
  const suffix = database.name === target.name ? settings.working.archiveSuffix : '';
  return { database: table.database, table: `${table.name}${suffix}` };
}
