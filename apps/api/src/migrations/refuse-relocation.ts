import type { MigrationError } from '@hiveferry/core';
import type { MigrationSpec } from '@hiveferry/ports';
import { refused } from '../http/refusals.ts';

/** Tables change their place within one metastore. Fault: TARGET_IS_OTHER_CLUSTER. */
export function refuseOtherClusters({ source, targets }: MigrationSpec): void {
  if (targets.every((target) => target === source)) return;
  const message = `Strategy STORAGE_MIGRATION moves tables within cluster ${source}; the target is ${targets.join(', ')}.`;
  throw refused('TARGET_IS_OTHER_CLUSTER', message, {
    subject: '/targets',
    advice: `Name ${source} as the only target, or use SCHEMA_ONLY or SQL to bring tables to another cluster.`,
  });
}

/** Without an entry nothing goes anywhere, and under another name it would be another table. Faults: LOCATIONS_MISSING, SETTING_NOT_USED. */
export function refuseUnmoved({ strategy, locations, databasePrefix, copy, onExisting, partitionDiscovery }: MigrationSpec): void {
  if (strategy !== 'STORAGE_MIGRATION') return;
  if (locations.map.length === 0) {
    throw refused('LOCATIONS_MISSING', 'Strategy STORAGE_MIGRATION moves what the location map names, and it names nothing.', {
      subject: '/locations/map',
      advice: 'Say which directories go where: {"map": [{"from": "hdfs://..", "to": "s3a://.."}]}.',
    });
  }
  if (databasePrefix !== '') throw unused('/databasePrefix', 'tables keep their names');
  if (copy !== undefined) throw unused('/copy/by', 'it copies the files itself, and compares them before a table goes there');
  if (onExisting !== undefined) throw unused('/onExisting', 'source and target are one table');
  if (partitionDiscovery !== undefined) throw unused('/partitionDiscovery', 'tables keep their properties and partitions');
}

function unused(subject: string, why: string): MigrationError {
  return refused('SETTING_NOT_USED', `Strategy STORAGE_MIGRATION has no use for ${subject}: ${why}.`, { subject, advice: 'Leave it out.' });
}
