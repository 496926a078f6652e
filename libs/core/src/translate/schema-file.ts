import { isHidden } from '../inventory/hidden.ts';
import { parseLocation, relativeTo } from '../model/location.ts';
import type { Location, Namespace } from '../model/location.ts';
import type { Table } from '../model/table.ts';

/** `avro.schema.url` of a table, wherever it was put. */
export function schemaUrlOf(table: Table): string | undefined {
  return table.parameters['avro.schema.url'] ?? table.storage.serde.parameters['avro.schema.url'];
}

/** Segments of a path below a table's directory; undefined when it is not copied with it: elsewhere, or hidden. */
export function copiedPath(text: string, directory: Location, defaultNamespace: Namespace): readonly string[] | undefined {
  const parsed = parseLocation(text, defaultNamespace);
  const rest = parsed === undefined ? undefined : relativeTo(parsed, directory);
  return rest === undefined || isHidden(rest.join('/'), new Set()) ? undefined : rest;
}
