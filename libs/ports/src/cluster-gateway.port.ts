import type { ClusterFacts, Location, Namespace } from '@hiveferry/core';
import type { DistCp } from './distcp.port.ts';
import type { ChecksumReader, FileStore } from './file-store.port.ts';
import type { HivePlace } from './hive-place.ts';
import type { HiveSql } from './hive-sql.port.ts';
import type { MetastoreReader, MetastoreWriter } from './metastore.port.ts';

/** A bucket of S3, or of a store that speaks its protocol. */
export interface ObjectStoreConnection {
  readonly kind: 's3';
  /** `s3a://bucket`. */
  readonly namespace: Namespace;
  readonly region: string;
  /** Absent: that of AWS for the region. */
  readonly endpoint?: string;
  readonly pathStyle: boolean;
  /** Secret references, both or neither. */
  readonly accessKeyRef?: string;
  readonly secretKeyRef?: string;
}

/** How a cluster's metadata is read where that is not Thrift. */
export type MetastoreReading =
  | { readonly kind: 'hiveserver2' }
  | {
      readonly kind: 'database';
      readonly product: 'postgres' | 'mysql';
      readonly host: string;
      readonly port: number;
      readonly name: string;
      readonly user: string;
      /** Secret reference; absent when none is needed. */
      readonly passwordRef?: string;
      /** Absent: not encrypted. */
      readonly tls?: { readonly verify: boolean; readonly caRef?: string };
    };

/** How to reach a cluster. Secrets are references, resolved by the adapter that uses them. */
export interface ClusterConnection {
  readonly facts: ClusterFacts;
  /** Its Thrift interface; absent where it cannot be reached. */
  readonly metastore?: { readonly host: string; readonly port: number };
  /** @default Thrift */
  readonly reader?: MetastoreReading;
  readonly hiveServer2: HivePlace & {
    readonly user: string;
    /** Secret reference (`env:NAME` or `file:/path`); absent when none is needed. */
    readonly passwordRef?: string;
    readonly maxSessions: number;
  };
  readonly hdfs: { readonly webHdfsUri: string; readonly user: string };
  /** Beside HDFS. @default none */
  readonly objectStores?: readonly ObjectStoreConnection[];
  /** Hadoop's launcher and its configuration directory, as they are called at this cluster's edge. */
  readonly hadoop: { readonly command: string; readonly configurationDirectory?: string; readonly user?: string; readonly queue?: string };
}

/** All of one cluster, connected lazily and shared; `close` ends what was opened. */
export interface ClusterClient {
  readonly facts: ClusterFacts;
  readonly metastore: MetastoreReader;
  readonly metastoreWriter: MetastoreWriter;
  readonly hive: HiveSql;
  /** All file systems of the cluster: HDFS and object stores, each served by its namespace. */
  readonly files: FileStore;
  readonly checksums: ChecksumReader;
  readonly objectStores: readonly Namespace[];
  readonly distcp: DistCp;
  /** First line of `hadoop version` at this cluster's edge: shows that the command can be run. */
  hadoopVersion(): Promise<string>;
  /** Ends well when the Hadoop command finds a file or directory. Fault HADOOP_CANNOT_REACH_STORE with cause and advice. */
  hadoopSees(location: Location): Promise<void>;
  close(): Promise<void>;
}

/** Chosen in a module: adapters do not know each other, a gateway composes them. */
export interface ClusterGateway {
  connect(connection: ClusterConnection): ClusterClient;
}
