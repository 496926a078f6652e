import { MigrationError } from '@hiveferry/core';
import type { ClusterConnection, ClusterRecord } from '@hiveferry/ports';
import { clusterRecord } from './aggregate-reads.ts';
import { deleteCluster, lockCluster, runsUsingCluster, upsertCluster } from './clusters.sql.ts';
import type { Database } from './sql.ts';

/**
 * Writes a cluster down. While a run uses it, it may be reached in another way (HiveServer2, WebHDFS, Hadoop command, sessions, secrets), but
 * it stays the same cluster: plans name its file system and its metastore. Fault CLUSTER_IN_USE names the runs.
 */
export async function registerCluster(
  database: Database,
  name: string,
  registration: { readonly connection: ClusterConnection; readonly spec: unknown },
): Promise<ClusterRecord> {
  return database.transaction(async (sql) => {
    const before = await lockCluster(sql, name);
    const row = await upsertCluster(sql, name, registration);
    if (row === undefined) throw inUse(name, [], 'was not written');
    const users = before === undefined || before === (await lockCluster(sql, name)) ? [] : await runsUsingCluster(sql, name);
    if (users.length === 0) return clusterRecord(row);
    throw inUse(name, users, 'cannot be pointed to another file system, warehouse, bucket endpoint, metastore or Hive version');
  });
}

/** Fault CLUSTER_IN_USE when a run that has not ended uses it. @returns false when there was none */
export async function unregisterCluster(database: Database, name: string): Promise<boolean> {
  return database.transaction(async (sql) => {
    await lockCluster(sql, name);
    const users = await runsUsingCluster(sql, name);
    if (users.length === 0) return deleteCluster(sql, name);
    throw inUse(name, users, 'cannot be removed');
  });
}

function inUse(name: string, runIds: readonly string[], what: string): MigrationError {
  const message = `cluster ${name} ${what} while runs use it that have not ended: ${runIds.join(', ')}. Wait for their end or cancel them.`;
  return new MigrationError('CLUSTER_IN_USE', message, {
    category: 'conflict',
    retry: 'never',
    subject: name,
    detail: { runIds, advice: `Cancel them first: ${runIds.map((id) => `POST /v1/runs/${id}:cancel`).join(', ')}` },
  });
}
