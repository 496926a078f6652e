import type { ScriptInput } from '../inventory/script-input.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedTable } from '../model/data-set.ts';
import { namespaceIn, place } from '../translate/place.ts';

/** Where a table is exported to: a storage that both clusters reach, else a directory of the source. */
export function exportPlace({ settings, database, pair }: ScriptInput, { table }: RecordedTable): string {
  const { intermediateStorage, targetNamespace } = settings.locations;
  const { workingDirectory, runMarker, exportDirectoryPrefix } = settings.working;
  const shared = intermediateStorage ?? targetNamespace;
  if (shared !== undefined) return place(shared, workingDirectory, runMarker, database.name, pair.name);
  return place(namespaceIn(table.storage.location ?? ''), `${exportDirectoryPrefix}${database.name}`, pair.name);
}

/** A transactional table that becomes external: its IMPORT says no LOCATION, as that of hms-mirror (measured, 3.1.3 and 4.0.1). */
export function importedInPlace(input: ScriptInput, source: RecordedTable): readonly Issue[] {
  const { settings, database } = input;
  if (!settings.acid.downgrade || !isTransactional(source.table)) return [];
  return [issue('IMPORTED_WHERE_EXPORTED', `${database.name}.${source.table.name}`, { location: exportPlace(input, source) })];
}

/** More partitions than EXPORT moves unattended. */
export function overExportLimit({ settings, database }: ScriptInput, { table, partitions }: RecordedTable): readonly Issue[] {
  const limit = settings.hybrid.exportPartitionLimit;
  if (limit <= 0 || partitions.length <= limit) return [];
  const detail = { count: partitions.length, limit, setting: 'hybrid.exportImportPartitionLimit' };
  return [issue('PARTITION_LIMIT', `${database.name}.${table.name}`, detail)];
}
