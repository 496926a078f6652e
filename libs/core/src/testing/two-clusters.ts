import type { RecordedDatabase, RecordedTable } from '../model/data-set.ts';
import type { DatabaseScript, ScriptStatement } from '../model/script-plan.ts';
import type { Table } from '../model/table.ts';
import { isTransactional } from '../inventory/table-kind.ts';
import { canonicalPlace, liesWithin, place, restBelow } from '../translate/place.ts';
import { execute } from './model-statements.ts';

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

/** The clusters as a data set records them: each table and each partition holds one row, named after it. */
export function clustersOf(database: RecordedDatabase): TwoClusters {
  const clusters: TwoClusters = { files: new Map(), source: emptyMetastore(), target: emptyMetastore(), exports: new Map() };
  clusters.source.databases.set(database.name, { location: 'hdfs://SRC/default', managedLocation: 'hdfs://SRC/default-managed' });
  for (const { source, target } of database.tables) {
    if (source !== undefined) record(clusters, 'source', source);
    if (target !== undefined) record(clusters, 'target', target);
  }
  return clusters;
}

/** Applies a plan: copies first, then the source's statements, the target's, and the clean-up. */
export function apply(clusters: TwoClusters, script: DatabaseScript, phase: ScriptStatement['phase']): void {
  const statements = [...script.statements, ...script.tables.flatMap((table) => table.statements)].filter((one) => one.phase === phase);
  if (phase === 'execute') for (const { source, target } of inOrder(script.copies)) copy(clusters, source, target);
  for (const { side, sql } of inOrder(statements)) execute(clusters, side, sql);
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

export function filesBelow({ files }: TwoClusters, directory: string): readonly ModelFile[] {
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

function inOrder<T extends { readonly side: Side }>(items: readonly T[]): readonly T[] {
  return [...items.filter(({ side }) => side === 'source'), ...items.filter(({ side }) => side === 'target')];
}

function record(clusters: TwoClusters, side: Side, { table, partitions }: RecordedTable): void {
  const location = canonicalPlace(table.storage.location ?? '');
  const places = partitions.map((partition) => [partition.name, canonicalPlace(partition.location ?? '')] as const);
  clusters[side].tables.set(`${table.database}.${table.name}`, { table, location, partitions: new Map(places) });
  for (const [name, at] of table.partitionKeys.length === 0 ? [['', location] as const] : places) {
    clusters.files.set(place(at, 'data'), { row: `${table.name} ${name}`, writtenBy: side });
  }
}

function emptyMetastore(): ModelMetastore {
  return { tables: new Map(), databases: new Map() };
}
