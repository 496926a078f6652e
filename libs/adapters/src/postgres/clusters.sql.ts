import type { ClusterConnection } from '@hiveferry/ports';
import type { ClusterRow } from './entities.ts';
import type { Sql } from './sql.ts';

/**
 * What makes a registered cluster the one that a run was planned for: its facts (file system, warehouses, Hive), its metastore and the
 * endpoints of its buckets. How the rest of it is reached may change.
 */
export const clusterIdentity = `md5(coalesce(c.connection -> 'facts', '{}'::jsonb)::text || coalesce(c.connection -> 'metastore', '{}'::jsonb)::text
  || jsonb_path_query_array(c.connection, '$.objectStores[*].endpoint')::text)`;

/** The cluster stays as it is until the transaction ends. @returns what identifies it, undefined when there is none */
export async function lockCluster(sql: Sql, name: string): Promise<string | undefined> {
  const [row] = await sql.rows<{ identity: string }>(`select ${clusterIdentity} as identity from cluster c where c.name = $1 for update`, [
    name,
  ]);
  return row?.identity;
}

/** Nobody changes or removes the clusters of a migration until the transaction ends. */
export async function shareClustersOf(sql: Sql, migrationId: string): Promise<void> {
  await sql.rows(
    `select c.name from cluster c join migration m on c.name = m.source or c.name = any(m.targets)
     where m.id = $1 order by c.name for share of c`,
    [migrationId],
  );
}

export async function upsertCluster(
  sql: Sql,
  name: string,
  { connection, spec }: { readonly connection: ClusterConnection; readonly spec: unknown },
): Promise<ClusterRow | undefined> {
  const [row] = await sql.rows<ClusterRow>(
    `insert into cluster (name, connection, spec) values ($1, $2::jsonb, $3::jsonb)
     on conflict (name) do update set connection = excluded.connection, spec = excluded.spec, version = cluster.version + 1, updated_at = now()
     returning name, connection, spec, version, created_at as "createdAt", updated_at as "updatedAt"`,
    [name, JSON.stringify(connection), JSON.stringify(spec)],
  );
  return row;
}

/** @returns ids of runs that have not ended and use the cluster; PLANNED ones wait for an approval and count. Oldest first, a few at most */
export async function runsUsingCluster(sql: Sql, name: string): Promise<readonly string[]> {
  const rows = await sql.rows<{ id: string }>(
    `select r.id from run r join migration m on m.id = r.migration_id
     where r.ended_at is null and (m.source = $1 or $1 = any(m.targets)) order by r.id limit 20`,
    [name],
  );
  return rows.map(({ id }) => id);
}

export async function deleteCluster(sql: Sql, name: string): Promise<boolean> {
  const rows = await sql.rows(`delete from cluster where name = $1 returning name`, [name]);
  return rows.length > 0;
}

/** From now on these are the clusters that the run is planned for. */
export async function rememberClusters(sql: Sql, runId: string): Promise<void> {
  await sql.rows(
    `update run r set clusters = (
       select jsonb_object_agg(c.name, ${clusterIdentity}) from migration m join cluster c on c.name = m.source or c.name = any(m.targets)
       where m.id = r.migration_id)
     where r.id = $1`,
    [runId],
  );
}

/** Clusters of a run that are registered as others than those it was planned for. */
export async function repointedClusters(sql: Sql, runId: string): Promise<readonly string[]> {
  const rows = await sql.rows<{ name: string }>(
    `select c.name from run r join cluster c on r.clusters ->> c.name <> ${clusterIdentity} where r.id = $1 order by c.name`,
    [runId],
  );
  return rows.map(({ name }) => name);
}
