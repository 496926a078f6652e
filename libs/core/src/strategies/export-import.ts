import { exportTable, importTable } from '../hiveql/script-statements.ts';
import { setOwner } from '../hiveql/statements.ts';
import { hasOwnFiles, isInsertOnly, isManaged, isTransactional } from '../inventory/table-kind.ts';
import { draft, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptStatement, Undo } from '../model/script-plan.ts';
import type { TableName } from '../model/table.ts';
import { exportPlace, importedInPlace, overExportLimit } from '../plan/export-place.ts';
import { executed } from '../plan/script-statements.ts';
import { undoOfCreate, withUndo } from '../plan/undo.ts';
import { isLegacy, targetProfile } from '../translate/script-rules.ts';
import { translatePlace } from '../translate/translate-place.ts';
import { exportInPlaceScript } from './acid-in-place.ts';
import { acceptsExportedTable } from './exported-rows.ts';
import type { DataStrategy } from './strategy.ts';

/** Hive exports the table with its data, the other side imports it. */
export const exportImport: DataStrategy = {
  name: 'EXPORT_IMPORT',
  distcp: { role: 'OPTIONAL', used: 'Staging', artefacts: 'Limited scripts' },
  service: {
    files: 'exported',
    needs: ['source.metastore', 'source.hive', 'source.files', 'target.metastore', 'target.hive', 'target.files'],
    accepts: acceptsExportedTable,
  },
  script: exportImportScript,
};

export function exportImportScript(input: ScriptInput): TableDraft {
  const { pair, settings } = input;
  const { source } = pair;
  const refusals = refusalsOf(input);
  if (refusals.length > 0 || source === undefined) return refused(refusals);
  if (isTransactional(source.table) && settings.acid.inPlace) return exportInPlaceScript(input, source);
  const imported = importOf(input, source);
  if ('issue' in imported) return refused([imported.issue]);
  const over = overExportLimit(input, source);
  const inPlace = importedInPlace(input, source);
  const name = { database: input.target.name, table: pair.name };
  return draft({
    decision: over.length === 0 ? 'MIGRATE' : 'BY_HAND',
    statements: [
      executed('source', 'export', exportTable({ database: input.database.name, table: pair.name }, imported.from)),
      withUndo(executed('target', 'import', importTable(name, imported)), undoOfImport(name, source, imported.external)),
      ...owning(input, source),
    ],
    issues: [...over, ...inPlace],
    decisions: [
      { rule: 'export-import', reason: `Hive exports to ${imported.from}; ${inPlace.length > 0 ? STAYS : REMOVED}` },
      ...imported.decisions,
    ],
  });
}

const REMOVED = 'what it leaves there is removed by hand';
const STAYS = 'the imported table reads it there, so it must stay';

/** Hive takes the properties along with the data: a table that owns its files disowns them first, unless it is managed. */
function undoOfImport(name: TableName, { table }: RecordedTable, external: boolean): Undo {
  const { tableType, ...rest } = table;
  return undoOfCreate({ ...rest, database: name.database, name: name.table, tableType: external ? 'EXTERNAL_TABLE' : tableType });
}

function refusalsOf(input: ScriptInput): readonly Issue[] {
  const { pair, settings } = input;
  const subject = `${input.database.name}.${pair.name}`;
  const { source, target } = pair;
  if (source === undefined) return [issue('ONLY_ON_TARGET', subject)];
  if (target !== undefined) return [issue(settings.sync ? 'SYNC_WOULD_REPLACE_DATA' : 'ON_TARGET_ALREADY', subject)];
  if (!hasOwnFiles(source.table)) return [issue('NO_FILES_OF_ITS_OWN', subject)];
  if (settings.acid.downgrade && isInsertOnly(source.table)) return [issue('EXPORT_OF_INSERT_ONLY', subject)];
  const isOtherHive = isLegacy(settings.clusters.source) !== isLegacy(targetProfile(settings));
  return isTransactional(source.table) && isOtherHive ? [issue('EXPORT_ACROSS_HIVE_VERSIONS', subject)] : [];
}

/** The import says EXTERNAL and a location, but for transactional tables, which Hive places. */
function importOf(input: ScriptInput, source: RecordedTable) {
  const from = exportPlace(input, source);
  const at = source.table.storage.location ?? '';
  if (isTransactional(source.table)) return { from, external: input.settings.acid.downgrade, decisions: [] };
  const alignedKind = isManaged(source.table) ? 'managed' : 'external';
  const translated = translatePlace(input, { from: at, kind: 'managed', alignedKind });
  if (translated.kind === 'refused') return { issue: translated.issue };
  const { to, rule, reason } = translated;
  return { from, external: true, location: to, decisions: [{ rule, reason: `${at} goes to ${to}: ${reason}` }] };
}

function owning({ settings, target, pair }: ScriptInput, { table }: RecordedTable): readonly ScriptStatement[] {
  if (!settings.ownership.table || table.owner === undefined || isLegacy(targetProfile(settings))) return [];
  return [executed('target', 'set-owner', setOwner({ database: target.name, table: pair.name }, table.owner))];
}
