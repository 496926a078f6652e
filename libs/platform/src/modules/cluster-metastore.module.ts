import { createMetastoreReader, createMetastoreWriter } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreReader } from '@hiveferry/adapters/hive-server2';
import { createPostgresMetastoreReader } from '@hiveferry/adapters/metastore-database';
import { MigrationError } from '@hiveferry/core';
import type { ClusterConnection, HiveSql, MetastoreReader, MetastoreWriter, Secrets } from '@hiveferry/ports';

/** Chooses how a cluster's metadata is read and written. Part of the gateway's module. */
export function metastoreReaderOf(connection: ClusterConnection, secrets: Secrets, openHive: () => HiveSql): MetastoreReader {
  const { reader, metastore } = connection;
  switch (reader?.kind) {
    case 'hiveserver2':
      // Sessions of its own: it keeps them, and those for statements are counted apart.
      return createHiveMetastoreReader(openHive(), { sessions: connection.hiveServer2.maxSessions });
    case 'database': {
      const { host, port, name, user, passwordRef } = reader;
      const password = passwordRef === undefined ? {} : { password: () => secrets.resolve(passwordRef) };
      return createPostgresMetastoreReader({ host, port, database: name, user, ...password });
    }
    case undefined:
      if (metastore === undefined) throw noThrift(connection, 'is read by Thrift');
      return createMetastoreReader(metastore);
  }
}

export function metastoreWriterOf(connection: ClusterConnection): MetastoreWriter {
  if (connection.metastore !== undefined) return createMetastoreWriter(connection.metastore);
  return {
    addPartitions: async ({ database, table }) => {
      throw noThrift(connection, `gets partitions (${database}.${table}) over Thrift`);
    },
    dropPartitions: async ({ database, table }) => {
      throw noThrift(connection, `loses partitions (${database}.${table}) over Thrift`);
    },
    close: async () => undefined,
  };
}

function noThrift({ facts: { name } }: ClusterConnection, what: string): MigrationError {
  const message = `Cluster ${name} ${what}, and was registered without metastore.uri: register it with one.`;
  return new MigrationError('METASTORE_URI_MISSING', message, { category: 'request', retry: 'operator', subject: name });
}
