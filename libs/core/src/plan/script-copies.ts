import { recordedSize } from '../inventory/recorded-size.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import type { MovedPartition } from '../translate/move-partitions.ts';
import { canonicalPlace, lastNameIn, place, restBelow } from '../translate/place.ts';

/** Smaller directories are never split, see `TransferSettings.jobBytes`. */
const SPLIT_FROM_BYTES = 16 * 1024 ** 3;

/** A table's files in their old and new places. */
export interface MovedFiles {
  readonly source: RecordedTable;
  readonly place: string | undefined;
  readonly partitions: readonly MovedPartition[];
}

/** What is known of a directory's content. */
type Holdings = Pick<ScriptCopy, 'size' | 'parts'>;

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly holds?: Holdings;
}

/**
 * The copies of one table: its directory, and each partition that the directory does not bring to its new place. Files of
 * transactional tables are never copied; a directory that stays where it is is not copied onto itself.
 */
export function copiesOf(input: ScriptInput, { source, place: to, partitions }: MovedFiles): readonly ScriptCopy[] {
  const { movement, strategy, locations } = input.settings;
  const from = source.table.storage.location;
  if (movement.by !== 'DISTCP' || from === undefined || to === undefined || isTransactionalKept(input, source)) return [];
  const outside = displaced(partitions, { from, to });
  const pairs = moving([{ from: canonicalPlace(from), to, holds: holdingsOf(source, partitions, outside) }, ...outside]);
  if (locations.intermediateStorage !== undefined) return pairs.flatMap((pair) => overIntermediate(input, pair));
  const side = strategy === 'STORAGE_MIGRATION' || movement.flow !== 'PULL' ? 'source' : 'target';
  return pairs.map((pair) => ({ side, source: pair.from, target: pair.to, ...pair.holds }));
}

/** What the table's directory holds. Its partitions are only told where there may be use for them: there may be millions. */
function holdingsOf(source: RecordedTable, partitions: readonly MovedPartition[], outside: readonly Pair[]): Holdings {
  const size = recordedSize(source);
  if (size === undefined) return {};
  const from = source.table.storage.location ?? '';
  if (size.bytes < SPLIT_FROM_BYTES) return { size };
  const elsewhere = new Set(outside.map((pair) => pair.from));
  const inside = partitions.map((partition) => canonicalPlace(partition.from)).filter((place) => !elsewhere.has(place));
  return { size, parts: [...new Set(inside)].filter((place) => (restBelow(place, from) ?? '') !== '').map((place) => ({ source: place })) };
}

/** STORAGE_MIGRATION stays in one metastore, which knows the write ids of the moved files. */
function isTransactionalKept({ settings }: ScriptInput, { table }: RecordedTable): boolean {
  return isTransactional(table) && settings.strategy !== 'STORAGE_MIGRATION';
}

/** Partitions whose new place is not the one that the table's own copy gives them. */
function displaced(partitions: readonly MovedPartition[], table: Pair): readonly Pair[] {
  return partitions.flatMap(({ from, to }) => {
    const rest = restBelow(from, table.from);
    return rest !== undefined && place(table.to, rest) === to ? [] : [{ from: canonicalPlace(from), to }];
  });
}

function moving(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.filter(({ from, to }) => from !== to);
}

/** The source's cluster writes to the intermediate storage, the target's reads from there. */
function overIntermediate({ settings, database, pair }: ScriptInput, { from, to, holds = {} }: Pair): readonly ScriptCopy[] {
  const { workingDirectory, runMarker } = settings.working;
  const base = place(settings.locations.intermediateStorage, workingDirectory, runMarker, `${database.name}.db`, pair.name);
  const own = pair.source?.table.storage.location ?? '';
  const between = canonicalPlace(own) === from ? base : place(base, lastNameIn(from));
  return [
    { side: 'source', source: from, target: between, ...holds },
    { side: 'target', source: between, target: to, ...partsBelow(holds, from, between) },
  ];
}

/** The same on the intermediate storage. */
function partsBelow(holds: Holdings, from: string, between: string): Holdings {
  if (holds.parts === undefined) return holds;
  return { ...holds, parts: holds.parts.map((part) => ({ ...part, source: place(between, restBelow(part.source, from) ?? '') })) };
}
