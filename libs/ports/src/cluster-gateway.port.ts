import type { ClusterFacts } from '@hiveferry/core';
import type { DistCp } from './distcp.port.ts';
import type { ChecksumReader, FileStore } from './file-store.port.ts';
import type { HiveSql } from './hive-sql.port.ts';
import type { MetastoreReader, MetastoreWriter } from './metastore.port.ts';

/** How to reach a cluster. Secrets are references, resolved by the adapter that uses them. */
export interface ClusterConnection {
  readonly facts: ClusterFacts;
  readonly metastore: { readonly host: string; readonly port: number };
  readonly hiveServer2: {
    readonly host: string;
    readonly port: number;
    readonly auth: 'nosasl' | 'plain';
    readonly user: string;
    /** Secret reference (`env:NAME` or `file:/path`); absent when none is needed. */
    readonly passwordRef?: string;
    readonly maxSessions: number;
  };
  readonly hdfs: { readonly webHdfsUri: string; readonly user: string };
  /** Hadoop's launcher and its configuration directory, as they are called at this cluster's edge. */
  readonly hadoop: { readonly command: string; readonly configurationDirectory?: string; readonly user?: string; readonly queue?: string };
}

/** All of one cluster, connected lazily and shared; `close` ends what was opened. */
export interface ClusterClient {
  readonly facts: ClusterFacts;
  readonly metastore: MetastoreReader;
  readonly metastoreWriter: MetastoreWriter;
  readonly hive: HiveSql;
  readonly files: FileStore;
  readonly checksums: ChecksumReader;
  readonly distcp: DistCp;
  /** First line of `hadoop version` at this cluster's edge: shows that the command can be run. */
  hadoopVersion(): Promise<string>;
  close(): Promise<void>;
}

/** Chosen in a module: adapters do not know each other, a gateway composes them. */
export interface ClusterGateway {
  connect(connection: ClusterConnection): ClusterClient;
}
