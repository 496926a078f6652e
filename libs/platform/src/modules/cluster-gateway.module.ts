import { join, resolve } from 'node:path';
import { createChecksumReader, createDistCp, createHadoopCommand, createWebHdfsFileStore, seeByHadoop } from '@hiveferry/adapters/hadoop';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import { createS3Store } from '@hiveferry/adapters/s3';
import type { S3Keys, S3Store } from '@hiveferry/adapters/s3';
import type { Configuration } from '@hiveferry/contracts';
import type { ClusterClient, ClusterConnection, ClusterGateway, HiveSql, ObjectStoreConnection, Secrets } from '@hiveferry/ports';
import { Global, Module } from '@nestjs/common';
import { routedChecksums, routedFiles } from '../routed-stores.ts';
import type { RoutedStore } from '../routed-stores.ts';
import { CLUSTER_GATEWAY, CONFIGURATION, SECRETS } from '../tokens.ts';
import { metastoreReaderOf, metastoreWriterOf } from './cluster-metastore.module.ts';

/** Composes one client a cluster of the adapters, which do not know each other. */
@Global()
@Module({
  providers: [
    {
      provide: CLUSTER_GATEWAY,
      inject: [CONFIGURATION, SECRETS],
      useFactory: (configuration: Configuration, secrets: Secrets): ClusterGateway => ({
        connect: (connection) => clientOf(connection, secrets, resolve(configuration.dataDirectory)),
      }),
    },
  ],
  exports: [CLUSTER_GATEWAY],
})
export class ClusterGatewayModule {}

function clientOf(connection: ClusterConnection, secrets: Secrets, dataDirectory: string): ClusterClient {
  const { facts, hadoop: launcher } = connection;
  const hadoop = createHadoopCommand({ ...launcher, environment: childEnvironment() });
  const buckets = (connection.objectStores ?? []).map((store) => ({ namespace: store.namespace, ...bucketOf(store, secrets) }));
  const hdfs = {
    namespace: facts.namespace,
    files: createWebHdfsFileStore({ ...connection.hdfs, namespace: facts.namespace }),
    checksums: createChecksumReader({ hadoop }),
  };
  const stores: readonly RoutedStore[] = [hdfs, ...buckets];
  const files = routedFiles(facts.name, stores);
  const metastore = metastoreReaderOf(connection, secrets, () => hiveSqlOf(connection, secrets));
  const metastoreWriter = metastoreWriterOf(connection, () => hiveSqlOf(connection, secrets));
  const hive = hiveSqlOf(connection, secrets);
  const workDirectory = join(dataDirectory, 'steps', facts.name);
  return {
    facts,
    metastore,
    metastoreWriter,
    hive,
    files,
    checksums: routedChecksums(facts.name, stores),
    objectStores: buckets.map(({ namespace }) => namespace),
    distcp: createDistCp({ hadoop, files, workDirectory, ...(launcher.queue === undefined ? {} : { queue: launcher.queue }) }),
    hadoopVersion: () => hadoop.version(),
    hadoopSees: (location) => seeByHadoop(hadoop, location),
    close: async () => {
      for (const bucket of buckets) bucket.close();
      await Promise.allSettled([metastore.close(), metastoreWriter.close(), hive.close()]);
    },
  };
}

/** The keys, too, are asked for when the first request is signed. */
function bucketOf({ accessKeyRef, secretKeyRef, kind: _kind, ...place }: ObjectStoreConnection, secrets: Secrets): S3Store {
  if (accessKeyRef === undefined || secretKeyRef === undefined) return createS3Store(place);
  const keys = async (): Promise<S3Keys> => ({
    accessKeyId: await secrets.resolve(accessKeyRef),
    secretAccessKey: await secrets.resolve(secretKeyRef),
  });
  return createS3Store({ ...place, keys });
}

/** The password is asked for when the first session opens: a cluster can be registered where its secret is not. */
function hiveSqlOf({ hiveServer2: { passwordRef, ...options } }: ClusterConnection, secrets: Secrets): HiveSql {
  let opened: Promise<HiveSql> | undefined;
  const open = async (): Promise<HiveSql> =>
    createHiveSql(passwordRef === undefined ? options : { ...options, password: await secrets.resolve(passwordRef) });
  return {
    openSession: async (sessionOptions) => {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return await (await opened).openSession(sessionOptions);
    },
    close: async () => {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

/** What children see of our environment: not our own keys, which hold the database's password. */
function childEnvironment(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('FERRY_')));
}
