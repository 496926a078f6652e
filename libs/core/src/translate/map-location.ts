import type { ClusterPair } from '../inventory/table-input.ts';
import { isWithin, parseLocation } from '../model/location.ts';
import type { Location } from '../model/location.ts';
import { compareText } from '../model/order.ts';
import type { LocationRule, PlanSettings } from '../model/plan-settings.ts';
import type { LocationMap } from '../model/script-settings.ts';
import { byLocationMap, bySamePath, byWarehouse, mapPlace, staying } from './place-rules.ts';
import type { PlaceRule, WarehouseMove } from './place-rules.ts';

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
 * Maps a location of the source by the rules of the service: the user's map, managed warehouse to external warehouse, same path on the
 * target's file system.
 *
 * @returns undefined when no rule covers it: nothing is guessed
 */
export function mapLocation(from: Location, context: MappingContext): MappedLocation | undefined {
  return mappedBy(serviceRules(context), from);
}

/** Where the target's table points at the source's files. */
export function keepLocation(from: Location): MappedLocation | undefined {
  return mappedBy([staying], from);
}

/**
 * Where a location of a table goes that stays in its metastore: the user's map alone says it. Of all its entries the one with the longest
 * `from` or `to` around the location counts; what lies below such a `to` has moved already, and stays.
 */
export function relocate(from: Location, { clusters, settings }: MappingContext): MappedLocation | undefined {
  const depth = (outer: Location): number => (isWithin(from, outer) ? outer.length : -1);
  const toBeMoved = Math.max(-1, ...settings.locationMap.map((rule) => depth(rule.from)));
  const moved = Math.max(-1, ...settings.locationMap.map((rule) => depth(rule.to)));
  if (moved > toBeMoved) return { to: from, rule: 'lies-there-already', reason: 'it lies where the location map leads' };
  return mappedBy([byLocationMap({ map: mapOf(settings.locationMap), keys: 'locations', namespace: clusters.target.namespace })], from);
}

/** What the service makes is an external table: its location counts as that of one. */
function mappedBy(rules: readonly PlaceRule[], from: Location): MappedLocation | undefined {
  const found = mapPlace(rules, { from, kind: 'external' });
  const to = found?.kind === 'placed' ? parseLocation(found.to) : undefined;
  return found?.kind !== 'placed' || to === undefined ? undefined : { to, rule: found.rule, reason: found.reason };
}

function serviceRules({ clusters, settings }: MappingContext): readonly PlaceRule[] {
  const { source, target } = clusters;
  return [
    byLocationMap({ map: mapOf(settings.locationMap), keys: 'locations', namespace: target.namespace }),
    byWarehouse(warehouseMove(clusters, settings.databasePrefix)),
    bySamePath({ rule: 'same-path', from: source.namespace, to: target.namespace }),
  ];
}

/** Entries with their namespaces; of two for one place the first by text counts. */
function mapOf(rules: readonly LocationRule[]): LocationMap {
  const inOrder = [...rules].sort((a, b) => compareText(b.to, a.to));
  return new Map(inOrder.map(({ from, to }) => [from, { from, external: to, managed: to }]));
}

function warehouseMove({ source, target }: ClusterPair, databasePrefix: string): WarehouseMove {
  const { managedWarehouse: from, externalWarehouse: except } = source;
  const isNested = isWithin(except, from) && except !== from;
  return { from, to: target.externalWarehouse, databasePrefix, ...(isNested ? { except } : {}) };
}
