import type { TableInput } from '../inventory/table-input.ts';
import { ownsItsFiles, parameterOf } from '../inventory/table-kind.ts';
import { issue } from '../issues.ts';
import type { Hazard, Issue } from '../model/issue.ts';
import { isWithin, parseLocation } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { displayName } from '../model/table.ts';
import type { Table, TableType } from '../model/table.ts';

/** What stands in the way on the target, and what hurts there. */
export interface TargetState {
  readonly issues: readonly Issue[];
  readonly hazards: readonly Hazard[];
}

/** Whether files of the table are written there by us: not when others bring them, nor when the table points at files elsewhere. */
export type FilesThere = 'written' | 'left';

/** An object of the same kind at the same place may be refreshed or synchronised where the request asks for it; anything else refuses the table. */
export function targetState(input: TableInput, location: Location | undefined, files: FilesThere = 'written'): TargetState {
  const existing = existingObject(input, { location, files });
  return { issues: [...existing.issues, ...managedWarehouse(input, location)], hazards: existing.hazards };
}

interface Place {
  readonly location: Location | undefined;
  readonly files: FilesThere;
}

function existingObject({ source, target, settings, clusters }: TableInput, { location, files }: Place): TargetState {
  if (target === undefined) return { issues: [], hazards: [] };
  const subject = displayName({ database: source.table.database, table: source.table.name });
  const name = displayName({ database: target.database, table: target.name });
  const kind = kindOf(target);
  if (kind !== wantedKind(source.table)) return { issues: [issue('TARGET_IS_OTHER_KIND', subject, { target: name, kind })], hazards: [] };
  const found = parseLocation(target.storage.location ?? '', clusters.target.namespace);
  const exists = issue('TARGET_EXISTS', subject, { target: name, location: found ?? 'no location' });
  if (found !== location) return { issues: [exists], hazards: [] };
  const isSynced = settings.onExisting === 'sync';
  if (isSynced && ownsItsFiles(target)) return { issues: [issue('TARGET_HAS_PURGE', subject, { target: name })], hazards: [] };
  if (isSynced && files === 'left') return { issues: [], hazards: [] };
  const allowed = settings.allowedHazards.includes('IN_PLACE_REFRESH');
  const hazard = { code: 'IN_PLACE_REFRESH', subject, allowed, detail: { target: name, location: found ?? 'no location' } };
  return { issues: allowed ? [] : [exists], hazards: [hazard] };
}

/** No copy of ours lies among managed tables. */
export function managedWarehouse({ source, clusters: { target } }: TableInput, location: Location | undefined): readonly Issue[] {
  if (location === undefined || target.hiveMajor < 4 || !isWithin(location, target.managedWarehouse)) return [];
  if (isWithin(location, target.externalWarehouse)) return [];
  return [issue('TARGET_IN_MANAGED_WAREHOUSE', displayName({ database: source.table.database, table: source.table.name }), { location })];
}

/** A table that a storage handler keeps is none of Hive's own, whatever its type says. */
export function kindOf(table: Table): string {
  const handler = parameterOf(table, 'storage_handler');
  return handler === undefined ? table.tableType : `table of ${handler}`;
}

/** A copy is external: a managed or transactional table under its name is another thing. */
function wantedKind(source: Table): TableType {
  return source.tableType === 'VIRTUAL_VIEW' ? 'VIRTUAL_VIEW' : 'EXTERNAL_TABLE';
}
