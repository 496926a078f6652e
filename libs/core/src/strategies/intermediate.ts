import { repairPartitions, setVariable } from '../hiveql/script-statements.ts';
import { dropTable } from '../hiveql/statements.ts';
import { hasOwnFiles, isManaged, isTransactional } from '../inventory/table-kind.ts';
import { draft, leftAlone, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { Decision } from '../model/plan.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { Table } from '../model/table.ts';
import { insertScripts, overPartitionLimit } from '../plan/insert-scripts.ts';
import { cleanedUp, creating, creatingWorking, dropping, executed, findingPartitions, nameOf } from '../plan/script-statements.ts';
import { strayPartitions, unreachablePartitions } from '../plan/stray-partitions.ts';
import { onExisting } from '../plan/undo.ts';
import { rewriteTable } from '../translate/rewrite-table.ts';
import type { Rewrite } from '../translate/rewrite.ts';
import { isLegacy, targetProfile } from '../translate/script-rules.ts';

/**
 * SQL in two hops: the source writes a copy without transactions where the target can read it, the target inserts from there.
 * Without intermediate storage, a table without transactions needs no copy: the target reads the source's files.
 */
export function intermediateScript(input: ScriptInput): TableDraft {
  const { pair } = input;
  const subject = `${input.database.name}.${pair.name}`;
  const { source, target } = pair;
  if (source === undefined) return leftAlone('only-on-target', 'the source does not have it', [issue('ONLY_ON_TARGET', subject)]);
  if (!hasOwnFiles(source.table)) return refused([issue('NO_FILES_OF_ITS_OWN', subject)]);
  if (target !== undefined && replacement(input, target) === 'none') return refused([issue('ON_TARGET_ALREADY', subject)]);
  return moved(input, source);
}

/** What sync does with a table that is on the target: a transactional one is created anew, another one is overwritten. */
function replacement({ settings }: ScriptInput, { table }: RecordedTable): 'none' | 'overwrite' | 'replace' {
  if (!settings.sync) return 'none';
  if (isTransactional(table)) return 'replace';
  return targetProfile(settings).createIfNotExists ? 'overwrite' : 'none';
}

function moved(input: ScriptInput, source: RecordedTable): TableDraft {
  const target = rewriteTable(input, source, targetRewrite(input, source.table));
  if (target.kind === 'refused') return refused([target.issue]);
  const transfer = needsTransfer(input, source.table) ? rewriteTable(input, source, TRANSFER) : undefined;
  if (transfer?.kind === 'refused') return refused([transfer.issue]);
  const read = transfer === undefined ? source : { ...source, table: transfer.table };
  const shadow = rewriteTable(input, read, { role: 'shadow', upgrade: true, makeExternal: true, takeOwnership: false });
  if (shadow.kind === 'refused') return refused([shadow.issue]);
  const subject = `${input.database.name}.${input.pair.name}`;
  const unreachable = transfer === undefined ? unreachablePartitions(subject, strayPartitions(source), shadow.place) : [];
  if (unreachable.length > 0) return refused(unreachable);
  const over = overPartitionLimit(input, source);
  return draft({
    decision: over.length === 0 ? 'MIGRATE' : 'BY_HAND',
    statements: [
      ...(transfer === undefined ? [] : transferStatements(input, source, transfer.table)),
      ...targetStatements(input, source, { shadow: shadow.table, target: target.table, isStaged: transfer !== undefined }),
    ],
    issues: [...target.issues, ...over],
    decisions: [transfer === undefined ? READ_DIRECTLY : transferred(source.table, transfer.place ?? ''), ...target.decisions],
  });
}

function needsTransfer({ settings }: ScriptInput, table: Table): boolean {
  return isTransactional(table) || settings.locations.intermediateStorage !== undefined;
}

const TRANSFER: Rewrite = { role: 'transfer', makeNonTransactional: true, makeExternal: true, takeOwnership: true, replaceLocation: true };
function transferred(table: Table, at: string): Decision {
  const why = isTransactional(table) ? ': another metastore does not know the write ids of its files' : '';
  const way = 'the target reads it through a shadow table and inserts its rows; the clean-up drops both';
  return { rule: 'transfer-table', reason: `the source writes a copy without transactions to ${at}${why}; ${way}` };
}

const READ_DIRECTLY = { rule: 'shadow-table', reason: 'the target reads the files of the source through a shadow table' };

function targetRewrite({ settings }: ScriptInput, table: Table): Rewrite {
  if (!isTransactional(table)) {
    return { role: 'target', replaceLocation: true, upgrade: isManaged(table), takeOwnership: isManaged(table) };
  }
  if (!settings.acid.downgrade) return { role: 'target', stripLocation: true };
  const isPlaced = settings.locations.targetNamespace !== undefined || settings.movement.by === 'DISTCP';
  return {
    role: 'target',
    makeExternal: true,
    makeNonTransactional: true,
    takeOwnership: true,
    ...(isPlaced ? { replaceLocation: true } : { stripLocation: true }),
  };
}

function transferStatements(input: ScriptInput, source: RecordedTable, transfer: Table): readonly ScriptStatement[] {
  const tez = isLegacy(input.settings.clusters.source) ? [executed('source', 'set', setVariable('hive.execution.engine', 'tez'))] : [];
  return [
    ...creatingWorking('source', transfer),
    ...tez,
    ...insertScripts(input, { side: 'source', original: source, from: nameOf(source.table), to: nameOf(transfer) }),
    cleanedUp('source', 'drop', dropTable(nameOf(transfer))),
  ];
}

interface TargetTables {
  readonly shadow: Table;
  readonly target: Table;
  /** The shadow table reads the transfer table's files, whose partitions lie where Hive puts them. */
  readonly isStaged: boolean;
}

function targetStatements(
  input: ScriptInput,
  source: RecordedTable,
  { shadow, target, isStaged }: TargetTables,
): readonly ScriptStatement[] {
  const isPartitioned = source.table.partitionKeys.length > 0;
  const there = input.pair.target;
  const repairsTarget = isPartitioned && input.settings.movement.by === 'DISTCP' && !isTransactional(target);
  const isReplaced = there !== undefined && replacement(input, there) === 'replace';
  const filled = [
    ...creating(input, 'target', target),
    ...(repairsTarget ? [executed('target', 'repair-partitions', repairPartitions(nameOf(target)))] : []),
    ...insertScripts(input, { side: 'target', original: source, from: nameOf(shadow), to: nameOf(target) }),
  ];
  return [
    ...creatingWorking('target', shadow),
    ...findingPartitions(isStaged ? { ...source, partitions: [] } : source, nameOf(shadow)),
    ...(there !== undefined && isReplaced ? [dropping('target', there)] : []),
    ...(there === undefined || isReplaced ? filled : filled.map(onExisting)),
    cleanedUp('target', 'drop', dropTable(nameOf(shadow))),
  ];
}
