import type { RecordedTable } from '../model/data-set.ts';
import type { Parameters } from '../model/table.ts';
import type { CopySize } from '../model/transfer.ts';

/** A file counts as this much where only bytes are known. */
const BYTES_A_FILE = 128 * 1024 ** 2;

/**
 * What a table's directory holds, as recorded: from its statistics, else from its parameters, which for a partitioned table are not
 * those of its directory. Absent when neither says.
 */
export function recordedSize({ table, statistics }: RecordedTable): CopySize | undefined {
  if (statistics?.sizeBytes !== undefined) return sized(statistics.sizeBytes, statistics.files);
  return table.partitionKeys.length > 0 ? undefined : sizeInParameters(table.parameters);
}

/** `totalSize` and `numFiles` as Hive keeps them for a table without partitions, or for a partition. */
export function sizeInParameters({ totalSize, numFiles }: Parameters): CopySize | undefined {
  const bytes = counted(totalSize);
  return bytes === undefined ? undefined : sized(bytes, counted(numFiles));
}

function sized(bytes: number, files: number | undefined): CopySize {
  return { bytes, files: files ?? Math.ceil(bytes / BYTES_A_FILE) };
}

/** Hive writes -1 for what it does not know. */
function counted(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
