import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { ClusterSpec, clusterConnectionOf, parseHiveUri, schemaProblemsText } from '@hiveferry/contracts';
import type { SnapshotCluster } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import type { HivePlace } from '@hiveferry/ports';
import { readDatabaseAddress } from '../database-address.ts';
import type { DatabaseAddressReading } from '../database-address.ts';
import { shownAddress } from '../shown-address.ts';

/** Where a live metastore is, and how it is read. */
export type LivePlace =
  | { readonly kind: 'thrift'; readonly host: string; readonly port: number }
  | (HivePlace & {
      readonly kind: 'hiveserver2';
      readonly user: string;
      /** As the URI says it; a reference comes first. */
      readonly password?: string;
      readonly passwordRef?: string;
      readonly sessions: number;
    })
  | {
      readonly kind: 'database';
      readonly product: 'postgres' | 'mysql';
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user: string;
      readonly passwordRef?: string;
      /** The reference of the certificates of the authorities to trust. */
      readonly tls?: { readonly verify: boolean; readonly caRef?: string };
    };

/** A live metastore with what an address does not say of its cluster; absent when only an address is given. */
export interface LiveCluster {
  readonly place: LivePlace;
  readonly facts?: SnapshotCluster;
}

const ADDRESSES =
  'thrift://host:port, jdbc:hive2://host:port/;auth=noSasl;user=hive, jdbc:postgresql://host:port/database?user=reader, jdbc:mysql://host:port/database?user=reader, or a cluster file';

/** True for what leads to a metastore, not to a snapshot. */
export const isLive = (text: string): boolean => /^(?:thrift|jdbc:\w+):/.test(text) || /\.ya?ml$/.test(text);

/** @param passwordRef `env:NAME` or `file:/path`, for addresses with a user */
export function liveClusterOf(text: string, passwordRef?: string): LiveCluster {
  const secret = passwordRef === undefined ? {} : { passwordRef };
  const thrift = /^thrift:\/\/([^/:]+):(\d+)$/.exec(text);
  if (thrift !== null) return { place: { kind: 'thrift', host: thrift[1] ?? '', port: Number(thrift[2]) } };
  if (text.startsWith('jdbc:hive2:')) return { place: { ...hiveOf(text), ...secret } };
  const database = readDatabaseAddress(text);
  if (database !== undefined) return { place: { ...databaseOf(database, text), ...secret } };
  if (/\.(?:ya?ml|json)$/.test(text)) return clusterFile(text);
  const shown = shownAddress(text);
  throw refused(shown, `${shown}: expected ${ADDRESSES}`);
}

/** Beside the options of Hive's driver: how many sessions read at a time. */
const SESSIONS = /;sessions=(\d{1,2})(?=[;?#]|$)/;

function hiveOf(text: string): Extract<LivePlace, { kind: 'hiveserver2' }> {
  const reading = parseHiveUri(text.replace(SESSIONS, ''));
  if (reading.kind === 'wrong') throw refused('jdbc:hive2', `jdbc:hive2 address: ${reading.problem}`);
  const { place, user = 'hive', password } = reading;
  const sessions = Math.max(Number(SESSIONS.exec(text)?.[1] ?? 4), 1);
  return { ...place, kind: 'hiveserver2', user, ...(password === undefined ? {} : { password }), sessions };
}

function databaseOf({ address, others }: DatabaseAddressReading, text: string): Extract<LivePlace, { kind: 'database' }> {
  const { user, tls, ...place } = address;
  const shown = shownAddress(text);
  if (user === undefined) throw refused(shown, `${shown}: expected ?user=NAME, one who may read the metastore`);
  if (others.length > 0)
    throw refused(shown, `${shown}: ${others.join(', ')} is not known here; expected user, sslmode, sslrootcert (serverSslCert) or useSSL`);
  if (tls === undefined) return { ...place, kind: 'database', user };
  const { verify, caFile } = tls;
  return { ...place, kind: 'database', user, tls: { verify, ...(caFile === undefined ? {} : { caRef: `file:${resolve(caFile)}` }) } };
}

/** A cluster as it is registered: YAML or JSON. */
function clusterFile(file: string): LiveCluster {
  const parsed = ClusterSpec.safeParse(contentOf(file));
  if (!parsed.success) throw refused(file, `${file} is no cluster as POST /v1/clusters takes it:\n${schemaProblemsText(parsed.error)}`);
  const { name, hive, hdfs } = parsed.data;
  const connection = clusterConnectionOf(parsed.data);
  const environment = {
    'hive.metastore.warehouse.dir': hive.managedWarehouse,
    'hive.metastore.warehouse.external.dir': hive.externalWarehouse,
    ...(hdfs.blockSizeBytes === undefined ? {} : { 'dfs.blocksize': String(hdfs.blockSizeBytes) }),
  };
  return { place: placeOf(connection), facts: { name, hiveVersion: hive.version, namespace: hdfs.namespace, environment } };
}

function placeOf({ reader, metastore, hiveServer2, facts }: ReturnType<typeof clusterConnectionOf>): LivePlace {
  if (reader?.kind === 'hiveserver2') return { ...hiveServer2, kind: 'hiveserver2', sessions: hiveServer2.maxSessions };
  if (reader?.kind === 'database') {
    const { name: database, ...place } = reader;
    return { ...place, database };
  }
  if (metastore === undefined) throw refused(facts.name, `cluster ${facts.name}: expected metastore.uri`);
  return { kind: 'thrift', ...metastore };
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused(file, `${file}: expected a cluster in YAML or JSON, found: ${firstLineOf(cause)}`);
  }
}

/** What is wrong with a file: YAML's own text goes on with a picture of the place. */
export function firstLineOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return (text.split('\n')[0] ?? text).replace(/:$/, '');
}

export function refused(subject: string, message: string): MigrationError {
  return new MigrationError('REQUEST_REFUSED', message, { category: 'request', retry: 'never', subject });
}
