import type { ScriptInput } from '../inventory/script-input.ts';
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
