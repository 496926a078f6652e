import type { ClusterPair } from '../inventory/table-input.ts';
import { below, isWithin, locate, namespaceOf, partsOf, relativeTo } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { compareText } from '../model/order.ts';
import type { LocationRule, PlanSettings } from '../model/plan.ts';

/** Says where a location goes; undefined when it goes nowhere. */
export type LocationMapper = (from: Location, context: MappingContext) => MappedLocation | undefined;

/** What decides where a location goes. */
export interface MappingContext {
  readonly clusters: ClusterPair;
  readonly settings: Pick<PlanSettings, 'locationMap' | 'databasePrefix'>;
}

/** Where a location goes and why. */
export interface MappedLocation {
  readonly to: Location;
  readonly rule: string;
  readonly reason: string;
}

/**
 * Maps a location of the source. The first rule that covers it decides: the user's map, managed warehouse to external warehouse,
 * same path on the target's file system.
 *
 * @returns undefined when no rule covers it: nothing is guessed
 */
export function mapLocation(from: Location, context: MappingContext): MappedLocation | undefined {
  return byLocationMap(from, context) ?? byWarehouse(from, context) ?? bySamePath(from, context);
}

/** The longest entry wins, counted in whole segments. */
function byLocationMap(from: Location, { settings }: MappingContext): MappedLocation | undefined {
  const [entry] = settings.locationMap.filter((rule) => isWithin(from, rule.from)).sort(mostSpecificFirst);
  const rest = entry === undefined ? undefined : relativeTo(from, entry.from);
  if (entry === undefined || rest === undefined) return undefined;
  return { to: below(entry.to, rest), rule: 'location-map', reason: `the location map sends ${entry.from} to ${entry.to}` };
}

/**
 * A copy is an external table, and Hive 4 refuses external tables inside its managed warehouse; CREATE DATABASE fails there when
 * the directory exists already.
 */
function byWarehouse(from: Location, { clusters: { source, target }, settings }: MappingContext): MappedLocation | undefined {
  const isNestedExternal =
    isWithin(source.externalWarehouse, source.managedWarehouse) && source.externalWarehouse !== source.managedWarehouse;
  if (isNestedExternal && isWithin(from, source.externalWarehouse)) return undefined;
  const rest = relativeTo(from, source.managedWarehouse);
  if (rest === undefined) return undefined;
  return {
    to: below(target.externalWarehouse, prefixDatabase(rest, settings.databasePrefix)),
    rule: 'managed-to-external-warehouse',
    reason: `the managed warehouse ${source.managedWarehouse} goes to the target's external warehouse ${target.externalWarehouse}`,
  };
}

function bySamePath(from: Location, { clusters: { source, target } }: MappingContext): MappedLocation | undefined {
  if (namespaceOf(from) !== source.namespace) return undefined;
  const to = locate(target.namespace, partsOf(from).segments);
  return { to, rule: 'same-path', reason: `same path on ${target.namespace} as on ${source.namespace}` };
}

/** Where the target's table points at the source's files. */
export function keepLocation(from: Location): MappedLocation {
  return { to: from, rule: 'location-kept', reason: 'the files stay where they are, and the target reads them there' };
}

function mostSpecificFirst(a: LocationRule, b: LocationRule): number {
  return partsOf(b.from).segments.length - partsOf(a.from).segments.length || compareText(a.to, b.to);
}

/** With a prefix the database's directory is another too, or the copy would share it with an unprefixed one. */
function prefixDatabase(segments: readonly string[], prefix: string): readonly string[] {
  const [first, ...rest] = segments;
  return first?.endsWith('.db') === true ? [`${prefix}${first}`, ...rest] : segments;
}
