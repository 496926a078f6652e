import { hasOwnFiles, isManaged, isTransactional } from '../inventory/table-kind.ts';
import { draft, leftAlone, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { dropTable } from '../hiveql/statements.ts';
import { issue } from '../issues.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { insertScripts, overPartitionLimit } from '../plan/insert-scripts.ts';
import { cleanedUp, creating, creatingWorking, dropping, findingPartitions, nameOf } from '../plan/script-statements.ts';
import { strayPartitions, unreachablePartitions } from '../plan/stray-partitions.ts';
import { onExisting } from '../plan/undo.ts';
import { rewriteTable } from '../translate/rewrite-table.ts';
import type { Rewrite } from '../translate/rewrite.ts';
import { movesToNewHive, targetProfile } from '../translate/script-rules.ts';
import { acidInPlaceScript } from './acid-in-place.ts';
import { acceptsInsertedRows } from './inserted-rows.ts';
import { intermediateScript } from './intermediate.ts';
import type { DataStrategy } from './strategy.ts';

/** Hive itself moves the rows: the target reads the source's files through a shadow table and inserts them into its own. */
export const sql: DataStrategy = {
  name: 'SQL',
  distcp: { role: 'NONE', used: 'Never*', artefacts: 'None' },
  service: {
    files: 'inserted',
    needs: ['source.metastore', 'source.hive', 'source.files', 'target.metastore', 'target.hive', 'target.files'],
    accepts: acceptsInsertedRows,
  },
  script: sqlScript,
};

export function sqlScript(input: ScriptInput): TableDraft {
  const { source } = input.pair;
  const { intermediateStorage, targetNamespace } = input.settings.locations;
  const isAcid = source !== undefined && isTransactional(source.table);
  if (isAcid && input.settings.acid.inPlace) return acidInPlaceScript(input, source);
  if (isAcid || intermediateStorage !== undefined || targetNamespace !== undefined) return intermediateScript(input);
  return linkedClusters(input);
}

function linkedClusters(input: ScriptInput): TableDraft {
  const { settings, pair } = input;
  const subject = `${input.database.name}.${pair.name}`;
  const { source, target } = pair;
  if (source === undefined) return onTargetOnly(input, subject);
  if (!hasOwnFiles(source.table)) return refused([issue('NO_FILES_OF_ITS_OWN', subject)]);
  const isOverwritten = settings.sync && targetProfile(settings).createIfNotExists;
  if (target !== undefined && !isOverwritten) return refused([issue('ON_TARGET_ALREADY', subject)]);
  return moved(input, source);
}

function onTargetOnly({ settings, pair }: ScriptInput, subject: string): TableDraft {
  const issues = [issue('ONLY_ON_TARGET', subject)];
  if (!settings.sync || pair.target === undefined) return leftAlone('only-on-target', 'the source does not have it', issues);
  const decisions = [{ rule: 'sync-drops', reason: 'the source no longer has it, and sync makes both alike' }];
  return draft({ decision: 'MIGRATE', statements: [dropping('target', pair.target)], issues, decisions });
}

function moved(input: ScriptInput, source: RecordedTable): TableDraft {
  // A managed shadow table would take the files of the source along when it is dropped.
  const shadow = rewriteTable(input, source, { role: 'shadow', upgrade: true, makeExternal: true, takeOwnership: false });
  const target = rewriteTable(input, source, targetRewrite(input, source));
  if (shadow.kind === 'refused') return refused([shadow.issue]);
  if (target.kind === 'refused') return refused([target.issue]);
  const unreachable = unreachablePartitions(`${input.database.name}.${input.pair.name}`, strayPartitions(source), shadow.place);
  if (unreachable.length > 0) return refused(unreachable);
  const over = overPartitionLimit(input, source);
  const filled = [
    ...creating(input, 'target', target.table),
    ...insertScripts(input, { side: 'target', original: source, from: nameOf(shadow.table), to: nameOf(target.table) }),
  ];
  return draft({
    decision: over.length === 0 ? 'MIGRATE' : 'BY_HAND',
    statements: [
      ...creatingWorking('target', shadow.table),
      ...findingPartitions(source, nameOf(shadow.table)),
      ...(input.pair.target === undefined ? filled : filled.map(onExisting)),
      cleanedUp('target', 'drop', dropTable(nameOf(shadow.table))),
    ],
    issues: [...target.issues, ...over],
    decisions: [
      { rule: 'linked-clusters', reason: 'the target reads the files of the source through a shadow table' },
      ...target.decisions,
    ],
  });
}

function targetRewrite({ settings }: ScriptInput, { table }: RecordedTable): Rewrite {
  const upgrade = isManaged(table) && movesToNewHive(settings);
  return {
    role: 'target',
    replaceLocation: true,
    upgrade,
    makeExternal: !upgrade,
    takeOwnership: isManaged(table) && !settings.readOnly && !settings.noPurge,
  };
}
