import type { TableInput } from '../inventory/table-input.ts';
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

/** An object of the same kind at the same place may be refreshed where the request allows it; anything else refuses the table. */
export function targetState(input: TableInput, location: Location | undefined): TargetState {
  const existing = existingObject(input, location);
  return { issues: [...existing.issues, ...managedWarehouse(input, location)], hazards: existing.hazards };
}

function existingObject({ source, target, settings, clusters }: TableInput, location: Location | undefined): TargetState {
  if (target === undefined) return { issues: [], hazards: [] };
  const subject = displayName({ database: source.table.database, table: source.table.name });
  const name = displayName({ database: target.database, table: target.name });
  if (target.tableType !== wantedKind(source.table)) {
    return { issues: [issue('TARGET_IS_OTHER_KIND', subject, { target: name, kind: target.tableType })], hazards: [] };
  }
  const found = parseLocation(target.storage.location ?? '', clusters.target.namespace);
  const exists = issue('TARGET_EXISTS', subject, { target: name, location: found ?? 'no location' });
  if (found !== location) return { issues: [exists], hazards: [] };
  const allowed = settings.allowedHazards.includes('IN_PLACE_REFRESH');
  const hazard = { code: 'IN_PLACE_REFRESH', subject, allowed, detail: { target: name, location: found ?? 'no location' } };
  return { issues: allowed ? [] : [exists], hazards: [hazard] };
}

function managedWarehouse({ source, clusters: { target } }: TableInput, location: Location | undefined): readonly Issue[] {
  if (location === undefined || target.hiveMajor < 4 || !isWithin(location, target.managedWarehouse)) return [];
  if (isWithin(location, target.externalWarehouse)) return [];
  return [issue('TARGET_IN_MANAGED_WAREHOUSE', displayName({ database: source.table.database, table: source.table.name }), { location })];
}

/** A copy is external: a managed or transactional table under its name is another thing. */
function wantedKind(source: Table): TableType {
  return source.tableType === 'VIRTUAL_VIEW' ? 'VIRTUAL_VIEW' : 'EXTERNAL_TABLE';
}
