import { createMetastoreReader, createMetastoreWriter } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreReader, createHiveMetastoreWriter } from '@hiveferry/adapters/hive-server2';
import { createDatabaseMetastoreReader } from '@hiveferry/adapters/metastore-database';
import { MigrationError } from '@hiveferry/core';
import type { ClusterConnection, HiveSql, MetastoreReader, MetastoreReading, MetastoreWriter, Secrets } from '@hiveferry/ports';

type DatabaseReading = Extract<MetastoreReading, { kind: 'database' }>;

/** Chooses how a cluster's metadata is read and written. Part of the gateway's module. */
export function metastoreReaderOf(connection: ClusterConnection, secrets: Secrets, openHive: () => HiveSql): MetastoreReader {
  const { reader, metastore } = connection;
  switch (reader?.kind) {
    case 'hiveserver2':
      // Sessions of its own: it keeps them, and those for statements are counted apart.
      return createHiveMetastoreReader(openHive(), { sessions: connection.hiveServer2.maxSessions });
    case 'database': {
      const { kind: _, name, passwordRef, tls, ...place } = reader;
      const password = passwordRef === undefined ? {} : { password: () => secrets.resolve(passwordRef) };
      return createDatabaseMetastoreReader({ ...place, database: name, ...password, ...databaseTls(tls, secrets) });
    }
    case undefined:
      if (metastore === undefined) throw noThrift(connection, 'is read by Thrift');
      return createMetastoreReader(metastore);
  }
}

/** Without Thrift by HiveQL, which refuses by name what it cannot say. */
export function metastoreWriterOf({ metastore }: ClusterConnection, openHive: () => HiveSql): MetastoreWriter {
  return metastore === undefined ? createHiveMetastoreWriter(openHive()) : createMetastoreWriter(metastore);
}

function databaseTls(tls: DatabaseReading['tls'], secrets: Secrets) {
  if (tls === undefined) return {};
  const { verify, caRef } = tls;
  return { tls: { verify, ...(caRef === undefined ? {} : { ca: () => secrets.resolve(caRef) }) } };
}

function noThrift({ facts: { name } }: ClusterConnection, what: string): MigrationError {
  const message = `Cluster ${name} ${what}, and was registered without metastore.uri: register it with one.`;
  return new MigrationError('METASTORE_URI_MISSING', message, { category: 'request', retry: 'operator', subject: name });
}
