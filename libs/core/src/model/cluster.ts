import type { Location, Namespace } from './location.ts';

/** What planning must know of a cluster; connection details stay with the adapters. */
export interface ClusterFacts {
  readonly name: string;
  /** Major version of Hive: decides DDL rules and what the server rewrites by itself. */
  readonly hiveMajor: 1 | 2 | 3 | 4;
  /** Default file system, for locations without a scheme. */
  readonly namespace: Namespace;
  readonly managedWarehouse: Location;
  readonly externalWarehouse: Location;
  /** `dfs.blocksize` of the cluster's HDFS, said on each copy to it (DistCp takes it from its client otherwise). */
  readonly blockSizeBytes?: number;
}
