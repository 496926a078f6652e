import { setLocation, setTableProperties, unsetTableProperty } from '../hiveql/script-statements.ts';
import { isExternal, isPartitioned, isTransactional, ownsItsFiles, parameterOf } from '../inventory/table-kind.ts';
import { draft, refused } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { dropping, executed, nameOf } from '../plan/script-statements.ts';
import { translatePlace } from '../translate/translate-place.ts';
import { schemaOnlyScript } from './schema-only.ts';
import type { DataStrategy } from './strategy.ts';

/** A linked table of the target is turned to its own files, which somebody has brought there already. */
export const convertLinked: DataStrategy = {
  name: 'CONVERT_LINKED',
  distcp: { role: 'ASSUMED', used: 'Pre-completed', artefacts: 'None' },
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
  const unset = executed('target', 'set-properties', unsetTableProperty(nameOf(target.table), 'external.table.purge'));
  return {
    ...created,
    statements: [...(ownsItsFiles(target.table) ? [unset] : []), dropping('target', target.table), ...created.statements],
    copies: [],
    decisions: [{ rule: 'partitioned', reason: 'each partition has its location: the table is created anew' }, ...created.decisions],
  };
}

function repointed(input: ScriptInput, { table }: RecordedTable): TableDraft {
  const from = table.storage.location ?? '';
  const translated = translatePlace(input, { from, kind: isExternal(table) ? 'external' : 'managed' });
  if (translated.kind === 'refused') return refused([translated.issue]);
  const { to, rule, reason } = translated;
  const owns = parameterOf(table, 'hms-mirror_LegacyManaged')?.toLowerCase() === 'true';
  const purge = setTableProperties(nameOf(table), { 'external.table.purge': 'true' });
  return draft({
    decision: 'MIGRATE',
    statements: [
      executed('target', 'set-location', setLocation(nameOf(table), to)),
      ...(owns ? [executed('target', 'set-properties', purge)] : []),
    ],
    decisions: [{ rule, reason: `${from} goes to ${to}: ${reason}` }],
  });
}
