import type { RecordedDatabase, RecordedTable } from '../model/data-set.ts';
import type { DatabaseScript, ScriptStatement } from '../model/script-plan.ts';
import { rollBackOf } from '../plan/roll-back.ts';
import { canonicalPlace, place } from '../translate/place.ts';
import { copy } from './model-files.ts';
import type { ModelMetastore, Side, TwoClusters } from './model-files.ts';
import { execute } from './model-statements.ts';

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

/** Takes a plan back: what stands in the roll-back files, the target's first, tables before their database. */
export function rollBack(clusters: TwoClusters, script: DatabaseScript): void {
  for (const side of ['target', 'source'] as const) {
    const statements = [...script.tables.map((table) => table.statements), script.statements];
    for (const step of statements.flatMap((some) => rollBackOf(some, side))) {
      if (step.kind === 'statement') execute(clusters, side, step.sql);
    }
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
