import { MigrationError, parseLocation } from '@hiveferry/core';
import type { Location, LocationRule, PlanSettings } from '@hiveferry/core';
import type { MigrationSpec } from '@hiveferry/ports';

/** The part of a request that decides what the plan says. Faults: LOCATION_MAP_INVALID, EXPORTS_AT_INVALID. */
export function planSettingsOf(spec: MigrationSpec): PlanSettings {
  const { strategy, proof, databasePrefix, distcp, allowedHazards } = spec;
  return {
    strategy,
    proof,
    databasePrefix,
    distcp,
    allowedHazards,
    locationMap: spec.locations.map.map(locationRule),
    ...(spec.copy !== undefined && { copiedBy: spec.copy.by }),
    ...(spec.onExisting !== undefined && { onExisting: spec.onExisting }),
    ...(spec.vanished !== undefined && { vanished: spec.vanished }),
    ...(spec.transactionalTables !== undefined && { transactionalTables: spec.transactionalTables }),
    ...(spec.partitionDiscovery !== undefined && { partitionDiscovery: spec.partitionDiscovery }),
    ...(spec.hybrid !== undefined && { hybrid: spec.hybrid }),
    ...(spec.exports !== undefined && { exportsAt: exportsAt(spec.exports) }),
    ...(spec.commonStorage === true && { commonStorage: true }),
  };
}

/** Which tables of a selected database are meant; expressions hold for the whole name. Faults: SELECTION_INVALID. */
export function tableSelector({ includeTables, excludeTables }: MigrationSpec['selection']): (table: string) => boolean {
  const included = includeTables?.map(anchored);
  const excluded = (excludeTables ?? []).map(anchored);
  return (table) => (included?.some((pattern) => pattern.test(table)) ?? true) && !excluded.some((pattern) => pattern.test(table));
}

function exportsAt({ at }: NonNullable<MigrationSpec['exports']>): Location {
  const location = parseLocation(at);
  if (location !== undefined) return location;
  throw requestFault('EXPORTS_AT_INVALID', `exports.at ${at}: it must be absolute, scheme://authority/path`, at);
}

function locationRule({ from, to }: { readonly from: string; readonly to: string }): LocationRule {
  const rule = { from: parseLocation(from), to: parseLocation(to) };
  if (rule.from !== undefined && rule.to !== undefined) return { from: rule.from, to: rule.to };
  throw requestFault('LOCATION_MAP_INVALID', `location map entry ${from} -> ${to}: both must be absolute, scheme://authority/path`, from);
}

function anchored(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`, 'iu');
  } catch {
    throw requestFault('SELECTION_INVALID', `table selection: ${expression} is no regular expression`, expression);
  }
}

function requestFault(code: string, message: string, subject: string): MigrationError {
  return new MigrationError(code, message, { category: 'request', retry: 'never', subject });
}
