import { isTransactional } from '../inventory/table-kind.ts';
import type { Table } from '../model/table.ts';
import { liesWithin, place, restBelow } from '../translate/place.ts';

/** One file: a row, and whose metastore knows its write id (which only readers of transactional tables ask). */
export interface ModelFile {
  readonly row: string;
  readonly writtenBy: Side;
}

export type Side = 'source' | 'target';

export interface ModelTable {
  readonly table: Table;
  readonly location: string;
  /** Partition name to location. */
  readonly partitions: Map<string, string>;
}

export interface ModelMetastore {
  readonly tables: Map<string, ModelTable>;
  readonly databases: Map<string, { location: string; managedLocation: string }>;
}

/** Two metastores and all file systems, in memory: what scripts are applied to. */
export interface TwoClusters {
  /** By full path. */
  readonly files: Map<string, ModelFile>;
  readonly source: ModelMetastore;
  readonly target: ModelMetastore;
  readonly exports: Map<string, readonly { readonly partition: string; readonly row: string }[]>;
}

/** Rows of a table as its metastore reads them, each with its partition. */
export function rowsOf(clusters: TwoClusters, side: Side, name: string): readonly string[] {
  const found = clusters[side].tables.get(name);
  if (found === undefined) return ['no such table'];
  const places = found.table.partitionKeys.length === 0 ? [['', found.location] as const] : [...found.partitions];
  const isKnown = (file: ModelFile): boolean => !isTransactional(found.table) || file.writtenBy === side;
  return places
    .flatMap(([partition, location]) =>
      filesBelow(clusters, location)
        .filter(isKnown)
        .map(({ row }) => `${partition}|${row}`),
    )
    .sort();
}

function filesBelow({ files }: TwoClusters, directory: string): readonly ModelFile[] {
  return [...files].filter(([path]) => liesWithin(path, directory)).map(([, file]) => file);
}

export function removeBelow({ files }: TwoClusters, directory: string): void {
  for (const path of [...files.keys()]) if (liesWithin(path, directory)) files.delete(path);
}

/** DistCp: content to content. */
export function copy({ files }: TwoClusters, from: string, to: string): void {
  for (const [path, file] of [...files]) {
    const rest = restBelow(path, from);
    if (rest !== undefined) files.set(place(to, rest), file);
  }
}
