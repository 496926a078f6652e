import { isExternal, parameterOf } from '../inventory/table-kind.ts';
import { leftAlone } from '../inventory/script-input.ts';
import type { ScriptInput, TableDraft } from '../inventory/script-input.ts';
import type { TableInput } from '../inventory/table-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { Table } from '../model/table.ts';
import { liesWithin, place } from '../translate/place.ts';
import { targetNamespaceOf } from '../translate/script-rules.ts';
import { refuseOtherKinds, subjectOf, transactionalKind, warnOfFormats } from './native-table.ts';
import { archivedByDistCp, archivedBySql } from './storage-archive.ts';
import { repointed } from './storage-in-place.ts';
import type { DataStrategy } from './strategy.ts';

/**
 * Tables of one metastore move to another storage: their locations are changed after a copy, or the old table is kept as an
 * archive beside a new one, which is filled by DistCp or by SQL.
 */
export const storageMigration: DataStrategy = {
  name: 'STORAGE_MIGRATION',
  distcp: { role: 'PRIMARY', used: 'Always', artefacts: 'Full suite' },
  service: {
    files: 'relocated',
    needs: ['source.metastore', 'source.files', 'target.metastore', 'target.hive', 'target.files', 'target.distcp'],
    accepts: (input) => [...refuseTransactional(input), ...refuseOtherKinds(input), ...warnOfFormats(input)],
  },
  script: storageScript,
};

function refuseTransactional({ source: { table } }: TableInput): readonly Issue[] {
  const kind = transactionalKind(table);
  return kind === undefined ? [] : [issue('TRANSACTIONAL_TABLE_MOVED', subjectOf(table), { kind })];
}

function storageScript(input: ScriptInput): TableDraft {
  const { source } = input.pair;
  const { movement } = input.settings;
  if (source === undefined) return leftAlone('source-absent', 'the source does not have it');
  if (movement.by === 'DISTCP' && !movement.createArchive) return repointed(input, source);
  if (isThereAlready(input, source.table)) {
    const subject = `${input.database.name}.${input.pair.name}`;
    return leftAlone('migrated-already', 'it lies in the planned directory', [issue('MIGRATED_ALREADY', subject)]);
  }
  return movement.by === 'DISTCP' ? archivedByDistCp(input, source) : archivedBySql(input, source);
}

function isThereAlready(input: ScriptInput, table: Table): boolean {
  if (parameterOf(table, 'hms-mirror-STORAGE_MIGRATED') !== undefined) return true;
  const directory = input.warehouse?.[isExternal(table) ? 'external' : 'managed'];
  const namespace = targetNamespaceOf(input.settings);
  if (directory === undefined || namespace === undefined) return false;
  return liesWithin(table.storage.location ?? '', place(namespace, directory));
}
