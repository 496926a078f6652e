import type { ScriptInput } from '../inventory/script-input.ts';
import { issue } from '../issues.ts';
import type { Issue } from '../model/issue.ts';
import type { RecordedPartition } from '../model/data-set.ts';
import { sortedBy } from '../model/order.ts';
import { translatorOf } from './translate-place.ts';

/** A partition with its old and new place. */
export interface MovedPartition {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

type Moved =
  { readonly kind: 'moved'; readonly partitions: readonly MovedPartition[] } | { readonly kind: 'refused'; readonly issue: Issue };

/** Translates each partition's location; one that goes nowhere, or whose location is not known, refuses the table. */
export function movedPartitions(input: ScriptInput, partitions: readonly RecordedPartition[], kind: 'external' | 'managed'): Moved {
  const translate = translatorOf(input);
  const moved: MovedPartition[] = [];
  for (const { name, location: from } of sortedBy(partitions, (partition) => partition.name)) {
    if (from === undefined) {
      return { kind: 'refused', issue: issue('PARTITION_LOCATION_UNKNOWN', `${input.database.name}.${input.pair.name}/${name}`) };
    }
    const translated = translate({ from, kind, partition: name });
    if (translated.kind === 'refused') return translated;
    moved.push({ name, from, to: translated.to });
  }
  return { kind: 'moved', partitions: moved };
}
