import { partitionName } from '../inventory/partition-name.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Finding } from '../model/evidence.ts';
import { parseLocation } from '../model/location.ts';
import type { Location, Namespace } from '../model/location.ts';
import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { Column, Partition, Table } from '../model/table.ts';
import { finding } from '../compare/findings.ts';

/** The source as its metastore has it when the target is verified. */
export interface SourceNow {
  /** Absent when it was dropped meanwhile. */
  readonly table?: Table;
  readonly partitions: readonly Partition[];
  /** Default file system of the source, for locations without a scheme. */
  readonly namespace: Namespace;
}

/**
 * What changed in the source's metadata since the plan: a copy that agrees with an old plan is no copy of the source. Columns, partition
 * keys, the set of partitions with their places, and a view's text are compared; properties are not, since jobs write them all the time.
 */
export function compareSource(plan: TablePlan, now: SourceNow): readonly Finding[] {
  const { table } = now;
  const { expected } = plan;
  const subject = displayName(plan.source);
  if (plan.vanished !== undefined) return table === undefined ? [] : [changed(subject, 'no such table', 'there again')];
  if (table === undefined) return [changed(subject, 'the table', 'dropped at the source')];
  if (expected === undefined) return [];
  return [
    ...columnChanges(subject, 'columns', [expected.storage.columns, table.storage.columns]),
    ...columnChanges(subject, 'partition keys', [expected.partitionKeys, table.partitionKeys]),
    ...(plan.object === 'view' && withoutQuotes(expected.viewExpandedText) !== withoutQuotes(table.viewExpandedText)
      ? [changed(subject, expected.viewExpandedText ?? 'no text', table.viewExpandedText ?? 'no text')]
      : []),
    ...partitionChanges(plan, now),
  ];
}

function columnChanges(subject: string, what: string, [planned, now]: readonly [readonly Column[], readonly Column[]]): readonly Finding[] {
  if (canonicalJson(planned) === canonicalJson(now)) return [];
  return [changed(subject, `${what} ${canonicalJson(planned)}`, `${what} ${canonicalJson(now)}`)];
}

function partitionChanges(plan: TablePlan, { table, partitions, namespace }: SourceNow): readonly Finding[] {
  const keys = table?.partitionKeys ?? [];
  const planned = new Map(plan.partitions.map(({ name, source }) => [name, source]));
  const found = new Map(
    partitions.map((each) => [partitionName(keys, each.values), parseLocation(each.storage.location ?? '', namespace)]),
  );
  const names = [...new Set([...planned.keys(), ...found.keys()])].sort();
  return names.flatMap((name) => {
    const [before, after] = [planned.get(name), found.get(name)];
    return before === after ? [] : [changed(`${displayName(plan.source)}/${name}`, placeOf(before), placeOf(after))];
  });
}

const placeOf = (location: Location | undefined): string => location ?? 'no such partition';
const withoutQuotes = (text: string | undefined): string | undefined => text?.replaceAll('`', '');

function changed(subject: string, expected: string, found: string): Finding {
  return finding('SOURCE_METADATA_CHANGED', subject, { expected, found });
}
