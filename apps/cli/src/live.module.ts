import { readFileSync } from 'node:fs';
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreReader, createHiveSql } from '@hiveferry/adapters/hive-server2';
import { createDatabaseMetastoreReader } from '@hiveferry/adapters/metastore-database';
import { readSnapshot } from '@hiveferry/adapters/data-set';
import type { HiveSql, MetastoreReader } from '@hiveferry/ports';
import type { MirrorSide } from './hms-mirror/live/mirror-sides.ts';
import { refused } from './snapshot/place.ts';
import type { LivePlace } from './snapshot/place.ts';

export { readSnapshot };

/** The reader of a live metastore, by the way that its address names. Secrets are read from where the address says. */
export function openLive(place: LivePlace): MetastoreReader {
  switch (place.kind) {
    case 'thrift':
      return createMetastoreReader(place);
    case 'hiveserver2': {
      const { sessions, passwordRef, kind: _, ...hive } = place;
      const password = passwordRef === undefined ? {} : { password: secretOf(passwordRef) };
      return createHiveMetastoreReader(createHiveSql({ ...hive, ...password, maxSessions: sessions }), { sessions });
    }
    case 'database': {
      const { passwordRef, tls, kind: _, ...database } = place;
      const password = passwordRef === undefined ? {} : { password: async () => secretOf(passwordRef) };
      return createDatabaseMetastoreReader({ ...database, ...password, ...(tls === undefined ? {} : { tls: tlsOf(tls) }) });
    }
  }
}

/** What one side of hms-mirror's configuration is read by. */
export interface MirrorClients {
  readonly hive: HiveSql;
  readonly reader: MetastoreReader;
  /** Reads locations of partitions. */
  readonly partitions: MetastoreReader;
  close(): Promise<void>;
}

/** @param sessions open at a time, for definitions and as many again for what is described */
export function openMirrorClients({ hive: address, metastore }: MirrorSide, sessions: number): MirrorClients {
  const place = { user: 'hive', ...address };
  const hive = createHiveSql({ ...place, maxSessions: sessions });
  const reader = createHiveMetastoreReader(createHiveSql({ ...place, maxSessions: sessions }), { sessions });
  const partitions = metastore === undefined ? reader : openMetastoreDatabase(metastore);
  return {
    hive,
    reader,
    partitions,
    close: async () => {
      await Promise.all([hive.close(), reader.close(), ...(partitions === reader ? [] : [partitions.close()])]);
    },
  };
}

function openMetastoreDatabase({ password, tls, ...place }: NonNullable<MirrorSide['metastore']>): MetastoreReader {
  const secret = password === undefined ? {} : { password: async () => password };
  return createDatabaseMetastoreReader({ ...place, ...secret, ...(tls === undefined ? {} : { tls: tlsOf(tls) }) });
}

function tlsOf({ verify, caRef }: { readonly verify: boolean; readonly caRef?: string }) {
  return { verify, ...(caRef === undefined ? {} : { ca: async () => secretOf(caRef) }) };
}

/** `env:NAME` or `file:/path`. A reference of another form is not shown: it may be the secret itself. */
function secretOf(reference: string): string {
  const [, kind, place = ''] = /^(env|file):(.+)$/s.exec(reference) ?? [];
  if (kind === undefined) throw refused('password', 'expected where the password is, env:NAME or file:/path; found a text of another form');
  if (kind === 'file') return contentOf(place);
  const secret = process.env[place];
  if (secret === undefined) throw refused(reference, `${reference}: there is no ${place} in the environment: export it, or say file:/path`);
  return secret;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw refused(file, `file:${file}: expected a file that can be read, found: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
