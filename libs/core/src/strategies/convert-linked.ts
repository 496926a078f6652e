import { setLocation, setTableProperties, unsetTableProperty } from '../hiveql/script-statements.ts';
import { isExternal, isPartitioned, isTransactional, ownsItsFiles, parameterOf } from '../inventory/table-kind.ts';
import { draft, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { dropping, executed, nameOf } from '../plan/script-statements.ts';
import { undoOfProperty, undoneBy, withUndo } from '../plan/undo.ts';
import { translatePlace } from '../translate/translate-place.ts';
import { schemaOnlyScript } from './schema-only.ts';
import { acceptsLinkedTables } from './shared-files.ts';
import type { DataStrategy } from './strategy.ts';

const PURGE = 'external.table.purge';

/** A linked table of the target is turned to its own files, which somebody has brought there already. */
export const convertLinked: DataStrategy = {
  name: 'CONVERT_LINKED',
  distcp: { role: 'ASSUMED', used: 'Pre-completed', artefacts: 'None' },
  service: {
    files: 'converted',
    needs: ['source.metastore', 'source.files', 'target.metastore', 'target.hive', 'target.files', 'target.distcp'],
    accepts: acceptsLinkedTables,
  },
  script: convertLinkedScript,
};

function convertLinkedScript(input: ScriptInput): TableDraft {
  const subject = `${input.database.name}.${input.pair.name}`;
  const { source, target } = input.pair;
  if (target === undefined) return refused([issue('NOT_LINKED_YET', subject)]);
  if (source !== undefined && isTransactional(source.table)) {
    return refused([
      issue('TRANSACTIONAL_TABLE_SHARED', subject, { kind: 'transactional', strategies: ['SQL', 'EXPORT_IMPORT', 'HYBRID'] }),
    ]);
  }
  if (source !== undefined && isPartitioned(source)) return recreated(input, target);
  return repointed(input, target);
}

/** Every partition has a location of its own: the table is created anew. The purge flag goes first, or DROP would remove files. */
function recreated(input: ScriptInput, target: RecordedTable): TableDraft {
  const { target: _there, ...absent } = input.pair;
  const created = schemaOnlyScript({ ...input, pair: absent });
  if (created.decision === 'REFUSED') return created;
  const name = nameOf(target.table);
  const unset = withUndo(executed('target', 'set-properties', unsetTableProperty(name, PURGE)), undoOfProperty(name, PURGE, 'true'));
  return {
    ...created,
    statements: [...(ownsItsFiles(target.table) ? [unset] : []), dropping('target', disowned(target)), ...created.statements],
    copies: [],
    decisions: [{ rule: 'partitioned', reason: 'each partition has its location: the table is created anew' }, ...created.decisions],
  };
}

/** As it stands when it is dropped. */
function disowned(recorded: RecordedTable): RecordedTable {
  const kept = Object.entries(recorded.table.parameters).filter(([key]) => key.toLowerCase() !== PURGE);
  return { ...recorded, table: { ...recorded.table, parameters: Object.fromEntries(kept) } };
}

function repointed(input: ScriptInput, { table }: RecordedTable): TableDraft {
  const from = table.storage.location ?? '';
  const translated = translatePlace(input, { from, kind: isExternal(table) ? 'external' : 'managed' });
  if (translated.kind === 'refused') return refused([translated.issue]);
  const { to, rule, reason } = translated;
  const owns = parameterOf(table, 'hms-mirror_LegacyManaged')?.toLowerCase() === 'true';
  const name = nameOf(table);
  const purge = setTableProperties(name, { [PURGE]: 'true' });
  return draft({
    decision: 'MIGRATE',
    statements: [
      withUndo(executed('target', 'set-location', setLocation(name, to)), undoneBy(setLocation(name, from))),
      ...(owns ? [withUndo(executed('target', 'set-properties', purge), undoOfProperty(name, PURGE, parameterOf(table, PURGE)))] : []),
    ],
    decisions: [{ rule, reason: `${from} goes to ${to}: ${reason}` }],
  });
}
