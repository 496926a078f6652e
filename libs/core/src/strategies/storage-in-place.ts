import { setLocation, setPartitionLocation } from '../hiveql/script-statements.ts';
import { isExternal } from '../inventory/table-kind.ts';
import { draft, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { sortedBy } from '../model/order.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { TableName } from '../model/table.ts';
import { strayIssues } from '../plan/partition-checks.ts';
import { copiesOf } from '../plan/script-copies.ts';
import { executed, nameOf } from '../plan/script-statements.ts';
import { undoneBy, withUndo } from '../plan/undo.ts';
import type { MovedPartition } from '../translate/move-partitions.ts';
import { translatorOf } from '../translate/translate-place.ts';

/** The table and each partition are pointed at their new places, to which DistCp brings the files. */
export function repointed(input: ScriptInput, source: RecordedTable): TableDraft {
  const { table } = source;
  const from = table.storage.location ?? '';
  const kind = isExternal(table) ? 'external' : 'managed';
  const translated = translatorOf(input)({ from, kind });
  if (translated.kind === 'refused') return refused([translated.issue]);
  const moved = movedOrUnmapped(input, source, kind);
  const doubts = [...moved.issues, ...strayIssues(input, { place: translated.to, kind, partitions: moved.partitions })];
  if (doubts.length > 0 && input.settings.movement.strict) {
    return refused([issue('STRICT_LOCATIONS', `${input.database.name}.${input.pair.name}`), ...doubts]);
  }
  const name = nameOf(table);
  return draft({
    decision: moved.issues.length > 0 ? 'BY_HAND' : 'MIGRATE',
    statements: [
      withUndo(executed('source', 'set-location', setLocation(name, translated.to)), undoneBy(setLocation(name, from))),
      ...moved.partitions.map((partition) => partitionRepointed(name, partition)),
    ],
    copies: copiesOf(input, { source, place: translated.to, partitions: moved.partitions }),
    issues: doubts,
    decisions: [{ rule: translated.rule, reason: `${from} goes to ${translated.to}: ${translated.reason}` }],
  });
}

function partitionRepointed(table: TableName, { name, from, to }: MovedPartition): ScriptStatement {
  const pointing = (location: string): string => setPartitionLocation(table, { name, location });
  return withUndo(executed('source', 'set-location', pointing(to)), undoneBy(pointing(from)));
}

interface MovedPartitions {
  readonly partitions: readonly MovedPartition[];
  readonly issues: readonly Issue[];
}

/** A partition that no rule covers stays where it is, and is named. */
function movedOrUnmapped(input: ScriptInput, { partitions }: RecordedTable, kind: 'external' | 'managed'): MovedPartitions {
  const translate = translatorOf(input);
  const moved: MovedPartition[] = [];
  const issues: Issue[] = [];
  for (const { name, location: from } of sortedBy(partitions, (partition) => partition.name)) {
    const translated = from === undefined ? undefined : translate({ from, kind, partition: name });
    if (from === undefined || translated === undefined) issues.push(unknown(input, name));
    else if (translated.kind === 'refused') issues.push({ ...translated.issue, severity: 'warning' });
    else moved.push({ name, from, to: translated.to });
  }
  return { partitions: moved, issues };
}

function unknown({ database, pair }: ScriptInput, partition: string): Issue {
  return { ...issue('PARTITION_LOCATION_UNKNOWN', `${database.name}.${pair.name}/${partition}`), severity: 'warning' };
}
