import { isInsertOnly, isPartitioned, isTransactional } from '../inventory/table-kind.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { DataStrategyName } from '../model/plan-settings.ts';
import { isLegacy, targetProfile } from '../translate/script-rules.ts';
import { acidInPlaceScript, exportInPlaceScript } from './acid-in-place.ts';
import { exportImportScript } from './export-import.ts';
import { chooseForTable } from './hybrid-choice.ts';
import { intermediateScript } from './intermediate.ts';
import { sqlScript } from './sql.ts';
import type { DataStrategy } from './strategy.ts';

/** EXPORT_IMPORT or SQL, chosen for each table. */
export const hybrid: DataStrategy = {
  name: 'HYBRID',
  distcp: { role: 'CONDITIONAL', used: 'Varies', artefacts: 'Depends on sub-strategy' },
  service: {
    files: 'exported',
    needs: ['source.metastore', 'source.hive', 'source.files', 'target.metastore', 'target.hive', 'target.files'],
    accepts: () => [],
    choose: chooseForTable,
  },
  script: hybridScript,
};

const DELTAS = 'an export of an insert-only table keeps directories of deltas, in which an external table has no rows';

interface Choice {
  readonly strategy: DataStrategyName;
  readonly reason: string;
  readonly script: (input: ScriptInput) => TableDraft;
}

function hybridScript(input: ScriptInput): TableDraft {
  const { strategy, reason, script } = choose(input);
  const chosen = script(input);
  const over = strategy === 'SQL' && chosen.decision === 'MIGRATE' ? overSizeLimit(input) : [];
  const judged = over.length === 0 ? chosen : { ...chosen, decision: 'BY_HAND' as const, issues: [...chosen.issues, ...over] };
  return { ...judged, strategy, decisions: [{ rule: 'hybrid-choice', reason: `${strategy}: ${reason}` }, ...chosen.decisions] };
}

/** A table with too many partitions for an export, and too much data for one INSERT. */
function overSizeLimit({ settings, database, pair }: ScriptInput): readonly Issue[] {
  const limit = settings.hybrid.sqlSizeLimitBytes ?? 0;
  const bytes = pair.source?.statistics?.sizeBytes ?? 0;
  return limit <= 0 || bytes <= limit ? [] : [issue('SIZE_LIMIT', `${database.name}.${pair.name}`, { bytes, limit })];
}

function choose(input: ScriptInput): Choice {
  const { source } = input.pair;
  const { settings } = input;
  if (source === undefined) return { strategy: 'EXPORT_IMPORT', reason: 'the source does not have it', script: exportImportScript };
  const isAcid = isTransactional(source.table);
  if (isAcid && settings.acid.inPlace) return chooseInPlace(input, source);
  if (isAcid && isLegacy(settings.clusters.source) !== isLegacy(targetProfile(settings))) {
    return { strategy: 'SQL', reason: 'an export of a transactional table is not read by another Hive', script: intermediateScript };
  }
  if (losesRows(input, source)) return { strategy: 'SQL', reason: DELTAS, script: intermediateScript };
  const { exportPartitionLimit: limit } = settings.hybrid;
  const count = source.partitions.length;
  if (isPartitioned(source) && limit > 0 && count > limit) {
    return { strategy: 'SQL', reason: `${count} partitions are more than ${limit}, the bound for exports`, script: sqlScript };
  }
  return { strategy: 'EXPORT_IMPORT', reason: `${count} partitions`, script: exportImportScript };
}

function chooseInPlace(input: ScriptInput, source: RecordedTable): Choice {
  const { settings } = input;
  const inPlace = (): TableDraft => acidInPlaceScript(input, source);
  if (losesRows(input, source)) return { strategy: 'SQL', reason: `in place, by INSERT: ${DELTAS}`, script: inPlace };
  const { exportPartitionLimit: limit } = settings.hybrid;
  const isSmall = !isPartitioned(source) || limit <= 0 || source.partitions.length < limit;
  if (isLegacy(settings.clusters.source) || !isSmall) {
    return { strategy: 'SQL', reason: 'in place, by INSERT', script: inPlace };
  }
  return { strategy: 'EXPORT_IMPORT', reason: 'in place, by EXPORT and IMPORT', script: () => exportInPlaceScript(input, source) };
}

/** An insert-only table that is to be external: Hive does not read deltas in a table without transactions. */
function losesRows({ settings }: ScriptInput, { table }: RecordedTable): boolean {
  return settings.acid.downgrade && isInsertOnly(table);
}
