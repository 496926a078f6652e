import { hasOwnFiles, isPartitioned, isTransactional } from '../inventory/table-kind.ts';
import { draft, leftAlone } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { Issue } from '../model/issue.ts';
import type { ScriptStatement } from '../model/script-plan.ts';
import type { Table } from '../model/table.ts';
import { attaching, creating } from '../plan/script-statements.ts';
import { NOT_NEEDED, withUndo } from '../plan/undo.ts';
import { isLegacy, readsPartitions } from '../translate/script-rules.ts';
import { refuseOtherKinds, refuseViews, warnOfFormats } from './native-table.ts';
import type { DataStrategy } from './strategy.ts';

/** The definitions of the source, written down: nothing is moved and nothing is executed. */
export const dump: DataStrategy = {
  name: 'DUMP',
  distcp: { role: 'INFORMATIONAL', used: 'Reference', artefacts: 'Scripts only' },
  service: {
    files: 'described',
    needs: ['source.metastore'],
    accepts: (input) => [...refuseOtherKinds(input), ...refuseViewsWithoutText(input), ...warnOfFormats(input)],
  },
  script: dumpScript,
};

/** Its text is all that a view is. */
function refuseViewsWithoutText(input: TableInput): readonly Issue[] {
  return refuseViews(input).filter(({ code }) => code === 'VIEW_TEXT_MISSING');
}

function dumpScript(input: ScriptInput): TableDraft {
  const { source } = input.pair;
  if (source === undefined) return leftAlone('source-absent', 'the source does not have it');
  const table = dumped(input, source.table);
  return draft({
    decision: 'MIGRATE',
    // They are a description: what they describe is never to be taken back.
    statements: [...creating(input, 'source', table), ...partitions(input, source, table)].map((each) => withUndo(each, NOT_NEEDED)),
    decisions: [{ rule: 'definition-of-source', reason: 'the definition is written down as it stands on the source' }],
  });
}

/** CREATE of a transactional table takes no LOCATION in Hive 3 and 4. */
function dumped({ settings, target }: ScriptInput, table: Table): Table {
  const { location: _at, ...rest } = table.storage;
  const isPlacedByHive = isTransactional(table) && !isLegacy(settings.clusters.source);
  return { ...table, database: target.name, storage: isPlacedByHive ? rest : table.storage };
}

function partitions(input: ScriptInput, source: RecordedTable, table: Table): readonly ScriptStatement[] {
  if (!isPartitioned(source) || isTransactional(source.table) || !hasOwnFiles(source.table)) return [];
  const places = source.partitions.flatMap(({ name, location }) =>
    location === undefined ? [] : [{ name, from: location, to: location }],
  );
  const repairs = !readsPartitions(input.settings) && input.settings.clusters.source.repairPartitions;
  const described = { kind: 'rewritten', table, partitions: places, issues: [], decisions: [] } as const;
  return attaching({ side: 'source', isCopied: false, repairs }, described);
}
