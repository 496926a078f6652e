import { z } from 'zod';
import { Instant } from '../text.ts';
import { SnapshotDatabase, SnapshotPartition, SnapshotTable } from './metastore-objects.ts';

/**
 * What two metastores hold, on paper: one JSON value a line, so that a reader needs no more memory than its widest table.
 *
 * The first line is the header. Then, database by database: its `database` lines (one a side), its `table` lines in the order of their names,
 * each followed by the `partitions` lines of that table. Unknown keys are refused: a reader of version 1 must not skip what it would have to obey.
 */

const Side = z.enum(['source', 'target']);

const SnapshotCluster = z.strictObject({
  name: z.string().min(1),
  hiveVersion: z.string().regex(/^[1-4]\.\d+/, 'expected a version of Hive 1 to 4, as in 3.1.3'),
  /** Default file system, for locations without a scheme. */
  namespace: z.string().min(1),
  /** What the server's configuration says where it decides a plan: `hive.metastore.warehouse.dir` and the like. Never secrets. */
  environment: z.record(z.string(), z.string()),
});

export type SnapshotCluster = z.infer<typeof SnapshotCluster>;

const SnapshotHeader = z.strictObject({
  type: z.literal('snapshot'),
  version: z.literal(1),
  takenAt: Instant,
  source: SnapshotCluster,
  target: SnapshotCluster.exactOptional(),
});

const DatabaseLine = z.strictObject({
  type: z.literal('database'),
  side: Side,
  database: SnapshotDatabase,
  /** Names of its permanent functions, sorted. */
  functions: z.array(z.string().min(1)).exactOptional(),
});

const TableLine = z.strictObject({
  type: z.literal('table'),
  side: Side,
  table: SnapshotTable,
  /** Counted in the file system when the snapshot was taken. */
  files: z.strictObject({ count: z.int().min(0), sizeBytes: z.int().min(0) }).exactOptional(),
});

/** Of the table line before it: at most 1,000 a line, in the order of their names. */
const PartitionsLine = z.strictObject({
  type: z.literal('partitions'),
  side: Side,
  partitions: z.array(SnapshotPartition).min(1).max(1000),
});

const SnapshotLine = z.discriminatedUnion('type', [SnapshotHeader, DatabaseLine, TableLine, PartitionsLine]);
export type SnapshotLine = z.infer<typeof SnapshotLine>;

export type ParsedSnapshotLine =
  { readonly kind: 'line'; readonly line: SnapshotLine } | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads one line; what cannot be read is a value with its reason, which the reader puts the file and the line before. */
export function parseSnapshotLine(text: string): ParsedSnapshotLine {
  const parsed = SnapshotLine.safeParse(jsonOf(text));
  return parsed.success ? { kind: 'line', line: parsed.data } : { kind: 'unreadable', reason: z.prettifyError(parsed.error) };
}

/** Undefined, which no schema takes, when it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
