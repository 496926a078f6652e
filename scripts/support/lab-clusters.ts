import type { Lab } from '../../lab/src/index.ts';

/** Bodies for `POST /v1/clusters` that describe the two clusters of the lab. */
export function labClusters(lab: Lab): readonly { readonly name: string }[] {
  return (['source', 'target'] as const).map((side) => {
    const cluster = lab.clusters[side];
    return {
      name: side,
      hive: {
        version: cluster.hiveVersion,
        managedWarehouse: cluster.warehouse.managed,
        externalWarehouse: cluster.warehouse.external,
      },
      metastore: { uri: cluster.metastoreUri },
      hiveServer2: { ...cluster.hiveServer2, maxSessions: 4 },
      hdfs: {
        namespace: cluster.hdfs.namespace,
        webHdfsUri: cluster.hdfs.webHdfsUri,
        user: cluster.hdfs.user,
        blockSizeBytes: cluster.hdfs.blockSizeBytes,
      },
      hadoop: { command: cluster.hadoop.command },
    };
  });
}
