import { isTransactional } from '../inventory/table-kind.ts';
import type { ScriptInput } from '../inventory/script-input.ts';
import type { RecordedTable } from '../model/data-set.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import type { MovedPartition } from '../translate/move-partitions.ts';
import { canonicalPlace, lastNameIn, place, restBelow } from '../translate/place.ts';

/** A table's files in their old and new places. */
export interface MovedFiles {
  readonly source: RecordedTable;
  readonly place: string | undefined;
  readonly partitions: readonly MovedPartition[];
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

/**
 * The copies of one table: its directory, and each partition that the directory does not bring to its new place. Files of
 * transactional tables are never copied; a directory that stays where it is is not copied onto itself.
 */
export function copiesOf(input: ScriptInput, { source, place: to, partitions }: MovedFiles): readonly ScriptCopy[] {
  const { movement, strategy, locations } = input.settings;
  const from = source.table.storage.location;
  if (movement.by !== 'DISTCP' || from === undefined || to === undefined || isTransactionalKept(input, source)) return [];
  const pairs = moving([{ from: canonicalPlace(from), to }, ...displaced(partitions, { from, to })]);
  if (locations.intermediateStorage !== undefined) return pairs.flatMap((pair) => overIntermediate(input, pair));
  const side = strategy === 'STORAGE_MIGRATION' || movement.flow !== 'PULL' ? 'source' : 'target';
  return pairs.map((pair) => ({ side, source: pair.from, target: pair.to }));
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
function overIntermediate({ settings, database, pair }: ScriptInput, { from, to }: Pair): readonly ScriptCopy[] {
  const { workingDirectory, runMarker } = settings.working;
  const base = place(settings.locations.intermediateStorage, workingDirectory, runMarker, `${database.name}.db`, pair.name);
  const own = pair.source?.table.storage.location ?? '';
  const between = canonicalPlace(own) === from ? base : place(base, lastNameIn(from));
  return [
    { side: 'source', source: from, target: between },
    { side: 'target', source: between, target: to },
  ];
}
