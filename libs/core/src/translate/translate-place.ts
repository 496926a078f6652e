import type { ScriptInput } from '../inventory/script-input.ts';
import { partitionDirectory } from '../inventory/recorded-partition.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import { canonicalPlace, liesWithin, namespaceIn, place, renameDatabaseIn } from './place.ts';
import { byLocationMap, bySamePath, mapPlace, placed } from './place-rules.ts';
import type { PlaceOf, PlaceRule, TranslatedPlace } from './place-rules.ts';
import { targetNamespaceOf } from './script-rules.ts';

/** Says where locations of one table go. */
export type PlaceTranslator = (of: PlaceOf) => TranslatedPlace;

/** One location by the rules of scripts; see `translatorOf`. */
export function translatePlace(input: ScriptInput, of: PlaceOf): TranslatedPlace {
  return translatorOf(input)(of);
}

/**
 * Maps locations by the rules of scripts: the location map, else (ALIGNED) into the database's directory under the table's own name and
 * the partition's, else (RELATIVE) the same path below the target's namespace.
 */
export function translatorOf(input: ScriptInput): PlaceTranslator {
  const rules = scriptRules(input);
  return (of) =>
    mapPlace(rules, of) ?? { kind: 'refused', issue: issue('TABLE_LOCATION_UNMAPPED', subjectOf(input), { location: of.from }) };
}

function scriptRules(input: ScriptInput): readonly PlaceRule[] {
  const { settings, map, database, target } = input;
  const namespace = targetNamespaceOf(settings);
  if (namespace === undefined) return [() => ({ kind: 'refused', issue: issue('TARGET_NAMESPACE_MISSING', subjectOf(input)) })];
  const renamed = (path: string): string => renameDatabaseIn(path, database.name, target.name);
  return [
    byLocationMap({ map, keys: 'paths', namespace }),
    (of) => refusedBecause(unmappable(input, of)),
    settings.locations.translation === 'ALIGNED'
      ? (of) => aligned(input, of, namespace)
      : bySamePath({ rule: 'relative', to: namespace, renamed }),
  ];
}

function refusedBecause(found: Issue | undefined): TranslatedPlace | undefined {
  return found === undefined ? undefined : { kind: 'refused', issue: found };
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
  return placed(place(base, input.pair.name, ...below), { rule: 'aligned', reason });
}

/** The directory of the target's database for one kind of table. */
export function databaseDirectory(input: ScriptInput, kind: 'external' | 'managed', namespace: string): string | undefined {
  const { location, managedLocation, name } = input.target;
  const known = kind === 'managed' ? managedLocation : location;
  if (known !== undefined) return canonicalPlace(known);
  const base = input.warehouse?.[kind];
  return base === undefined ? undefined : place(namespace, base, `${name}.db`);
}

function subjectOf({ database, pair }: ScriptInput): string {
  return `${database.name}.${pair.name}`;
}
