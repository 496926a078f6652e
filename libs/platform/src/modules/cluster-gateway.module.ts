import { join, resolve } from 'node:path';
import { createChecksumReader, createDistCp, createHadoopCommand, createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import { createMetastoreReader, createMetastoreWriter } from '@hiveferry/adapters/hive-metastore';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import type { Configuration } from '@hiveferry/contracts';
import type { ClusterClient, ClusterConnection, ClusterGateway, HiveSql, Secrets } from '@hiveferry/ports';
import { Global, Module } from '@nestjs/common';
import { CLUSTER_GATEWAY, CONFIGURATION, SECRETS } from '../tokens.ts';

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
  const files = createWebHdfsFileStore({ ...connection.hdfs, namespace: facts.namespace });
  const metastore = createMetastoreReader(connection.metastore);
  const metastoreWriter = createMetastoreWriter(connection.metastore);
  const hive = hiveSqlOf(connection, secrets);
  const workDirectory = join(dataDirectory, 'steps', facts.name);
  return {
    facts,
    metastore,
    metastoreWriter,
    hive,
    files,
    checksums: createChecksumReader({ hadoop }),
    distcp: createDistCp({ hadoop, files, workDirectory, ...(launcher.queue === undefined ? {} : { queue: launcher.queue }) }),
    hadoopVersion: () => hadoop.version(),
    close: async () => {
      await Promise.allSettled([metastore.close(), metastoreWriter.close(), hive.close()]);
    },
  };
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
