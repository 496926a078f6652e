import type { ScriptInput } from '../inventory/script-input.ts';
import { partitionDirectory } from '../inventory/recorded-partition.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { lookUp } from './location-map.ts';
import { canonicalPlace, liesWithin, namespaceIn, pathIn, place, renameDatabaseIn } from './place.ts';
import { targetNamespaceOf } from './script-rules.ts';

/** A table's or a partition's location that is to be translated. */
export interface PlaceOf {
  readonly from: string;
  /** Which directories of the database and of the map count. */
  readonly kind: 'external' | 'managed';
  /** The kind for directories of the database, where it differs from the map's. */
  readonly alignedKind?: 'external' | 'managed';
  /** Hive's name of the partition; absent for the table. */
  readonly partition?: string;
}

export type TranslatedPlace =
  | { readonly kind: 'placed'; readonly to: string; readonly isMapped: boolean; readonly rule: string; readonly reason: string }
  | { readonly kind: 'refused'; readonly issue: Issue };

/**
 * Says where a location goes: by the location map, else (ALIGNED) into the database's directory under the table's own name and
 * the partition's, else (RELATIVE) to the same path below the target's namespace.
 */
export function translatePlace(input: ScriptInput, of: PlaceOf): TranslatedPlace {
  const namespace = targetNamespaceOf(input.settings);
  if (namespace === undefined) return { kind: 'refused', issue: issue('TARGET_NAMESPACE_MISSING', subjectOf(input)) };
  const mapped = lookUp(input.map, pathIn(of.from), of.kind);
  if (mapped !== undefined) {
    const { from, [of.kind]: to = '' } = mapped.entry;
    const reason = `the location map sends ${from} to ${to} for ${of.kind} tables`;
    return { kind: 'placed', to: place(namespace, mapped.path), isMapped: true, rule: 'location-map', reason };
  }
  const refusal = unmappable(input, of);
  if (refusal !== undefined) return { kind: 'refused', issue: refusal };
  return input.settings.locations.translation === 'ALIGNED' ? aligned(input, of, namespace) : relative(input, of, namespace);
}

/** Cases in which a location without an entry of the map goes nowhere: nothing is guessed. */
function unmappable(input: ScriptInput, { from }: PlaceOf): Issue | undefined {
  const { settings, pair } = input;
  const table = pair.source?.table.storage.location;
  if (settings.movement.by === 'DISTCP' && table !== undefined && !liesWithin(from, table)) {
    return issue('LOCATION_UNMAPPED_FOR_COPY', subjectOf(input), { location: from, table });
  }
  if (settings.strategy === 'STORAGE_MIGRATION' && namespaceIn(from) === settings.locations.targetNamespace) {
    return issue('LOCATION_ON_TARGET_NAMESPACE', subjectOf(input), { location: from });
  }
  return undefined;
}

function aligned(input: ScriptInput, of: PlaceOf, namespace: string): TranslatedPlace {
  const kind = of.alignedKind ?? of.kind;
  const base = databaseDirectory(input, kind, namespace);
  if (base === undefined) return { kind: 'refused', issue: issue('WAREHOUSE_DIRECTORIES_MISSING', input.database.name) };
  const below = of.partition === undefined ? [] : [partitionDirectory(of.partition)];
  const reason = `${kind} tables of ${input.target.name} are aligned with ${base}`;
  return { kind: 'placed', to: place(base, input.pair.name, ...below), isMapped: false, rule: 'aligned', reason };
}

/** The directory of the target's database for one kind of table. */
export function databaseDirectory(input: ScriptInput, kind: 'external' | 'managed', namespace: string): string | undefined {
  const { location, managedLocation, name } = input.target;
  const known = kind === 'managed' ? managedLocation : location;
  if (known !== undefined) return canonicalPlace(known);
  const base = input.warehouse?.[kind];
  return base === undefined ? undefined : place(namespace, base, `${name}.db`);
}

function relative({ database, target }: ScriptInput, { from }: PlaceOf, namespace: string): TranslatedPlace {
  const to = place(namespace, renameDatabaseIn(pathIn(from), database.name, target.name));
  return { kind: 'placed', to, isMapped: false, rule: 'relative', reason: `same path on ${namespace}` };
}

function subjectOf({ database, pair }: ScriptInput): string {
  return `${database.name}.${pair.name}`;
}
