import type { ClusterProfile, ScriptSettings } from '../model/script-settings.ts';

/** Hive 1 and 2: managed tables without transactions, other SET statements. */
export function isLegacy({ hiveMajor }: ClusterProfile): boolean {
  return hiveMajor < 3;
}

/** The cluster that the scripts create tables on; strategies of one cluster have only the source. */
export function targetProfile({ clusters }: ScriptSettings): ClusterProfile {
  return clusters.target ?? clusters.source;
}

/** From Hive 1 or 2 to 3 or 4, where managed tables are transactional ones: plain managed tables become external. */
export function movesToNewHive({ clusters: { source, target } }: ScriptSettings): boolean {
  return isLegacy(source) && target !== undefined && !isLegacy(target);
}

/** Whether the location of each partition is looked at; else partitions are found by MSCK. */
export function readsPartitions({ strategy, locations, movement }: ScriptSettings): boolean {
  if (strategy === 'LINKED' || strategy === 'COMMON') return false;
  if (strategy === 'DUMP' || (locations.translation === 'ALIGNED' && movement.by === 'DISTCP')) return true;
  return (strategy === 'SQL' || strategy === 'STORAGE_MIGRATION') && movement.by === 'SQL';
}

/** Where tables go: as asked for, else the target cluster's own namespace. */
export function targetNamespaceOf({ locations, clusters }: ScriptSettings): string | undefined {
  return locations.targetNamespace ?? clusters.target?.namespace;
}

/** Name of a source database on the target. */
export function scriptTargetDatabase(database: string, { names }: ScriptSettings): string {
  return names.databaseRename ?? `${names.databasePrefix}${database}`;
}
