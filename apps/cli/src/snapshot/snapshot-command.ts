import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import type { SnapshotCluster, SnapshotLine } from '@hiveferry/contracts';
import { canonicalJson, displayName, slicesOf } from '@hiveferry/core';
import type { MetastoreReader } from '@hiveferry/ports';
import { EXIT_CODES } from '../../../../libs/contracts/src/exit-codes.ts';
import type { ExitCode } from '../../../../libs/contracts/src/exit-codes.ts';
import { parseCommand } from '../command-options.ts';
import { openLive } from '../live.module.ts';
import type { Terminal } from '../terminal.ts';
import { livePieces } from './entries.ts';
import type { Piece } from './entries.ts';
import { liveClusterOf, refused } from './place.ts';
import type { LiveCluster } from './place.ts';

const HELP = `ferry snapshot: writes what a live metastore holds to a file, for plans and comparisons offline.

  ferry snapshot --cluster FILE | --thrift HOST:PORT | --jdbc URL  --out FILE

  --cluster FILE        a cluster as POST /v1/clusters takes it, in YAML or JSON; it is read by its metastore.reader
  --thrift HOST:PORT    the metastore's Thrift interface
  --jdbc URL            jdbc:hive2://HOST:PORT/;auth=noSasl;user=hive;sessions=4 (HiveServer2 alone), or
                        jdbc:postgresql://HOST:PORT/DATABASE?user=NAME, or jdbc:mysql (the metastore's database, read only)
                        What a jdbc:hive2 URI may say (HTTP, TLS, ZooKeeper): docs/how-to/hiveserver2-addresses.md
  --password-ref REF    where the password of that user is: env:NAME or file:/path
  --database NAME       only this one; may be said several times; without it all
  --hive-version V      such as 3.1.3: needed without --cluster
  --namespace URI       default file system, such as hdfs://ns1: without --cluster, that of the database default
  --name NAME           of the cluster in the file: without --cluster, "source"
  --out FILE            one JSON value a line (snapshot version 1); written beside and renamed when it is whole

Exit codes: 0 written, 2 refused, 3 written, but tables that cannot be read are missing, 4 the metastore cannot be reached.`;

const OPTIONS = {
  cluster: { type: 'string' },
  thrift: { type: 'string' },
  jdbc: { type: 'string' },
  'password-ref': { type: 'string' },
  database: { type: 'string', multiple: true },
  'hive-version': { type: 'string' },
  namespace: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Options = ReturnType<typeof optionsOf>;

/** `ferry snapshot`. */
export async function snapshotCommand(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = optionsOf(argv);
  if (options.help === true) {
    terminal.out(HELP);
    return EXIT_CODES.done;
  }
  const { out } = options;
  if (out === undefined) throw refused('--out', 'ferry snapshot: expected --out FILE');
  const live = liveOf(options);
  const reader = openLive(live.place);
  try {
    return await writeSnapshot(reader, { ...options, out, facts: await factsOf(live, options, reader) }, terminal);
  } finally {
    await reader.close();
  }
}

const optionsOf = (argv: readonly string[]) => parseCommand('ferry snapshot', { args: [...argv], options: OPTIONS }).values;

function liveOf({ cluster, thrift, jdbc, 'password-ref': passwordRef }: Options): LiveCluster {
  const given = [cluster, thrift === undefined ? undefined : `thrift://${thrift.replace(/^thrift:\/\//, '')}`, jdbc].filter(
    (each) => each !== undefined,
  );
  const [only] = given;
  if (only === undefined || given.length > 1)
    throw refused('ferry snapshot', 'ferry snapshot: expected one of --cluster FILE, --thrift HOST:PORT, --jdbc URL');
  return liveClusterOf(only, passwordRef);
}

async function factsOf({ facts }: LiveCluster, options: Options, reader: MetastoreReader): Promise<SnapshotCluster> {
  if (facts !== undefined) return facts;
  const { 'hive-version': hiveVersion, name = 'source' } = options;
  if (hiveVersion === undefined || !/^[1-4]\.\d+/.test(hiveVersion)) {
    throw refused(
      '--hive-version',
      `ferry snapshot: expected --hive-version, such as 3.1.3, or --cluster FILE; found ${hiveVersion ?? 'neither'}`,
    );
  }
  const namespace = options.namespace ?? /^[\w+.-]+:\/\/[^/]*/.exec((await reader.database('default'))?.locationUri ?? '')?.[0];
  if (namespace === undefined) throw refused('--namespace', 'ferry snapshot: expected --namespace, such as hdfs://ns1');
  return { name, hiveVersion, namespace, environment: {} };
}

interface Writing {
  readonly out: string;
  readonly facts: SnapshotCluster;
  readonly database?: string[] | undefined;
}

async function writeSnapshot(reader: MetastoreReader, { out, facts, database }: Writing, terminal: Terminal): Promise<ExitCode> {
  const known = await reader.databaseNames();
  const missing = database?.filter((name) => !known.includes(name.toLowerCase())) ?? [];
  if (missing.length > 0)
    throw refused(missing.join(', '), `ferry snapshot: there is no database ${missing.join(', ')}; there are ${someOf(known)}`);
  let unreadable = 0;
  const pieces = livePieces(reader, {
    databases: database?.map((name) => name.toLowerCase()) ?? known,
    onUnreadable: (name, { message }) => {
      unreadable += 1;
      terminal.err(`${displayName(name)} is left out. ${message}`);
    },
  });
  const counts = await writeLines(out, facts, pieces);
  const { database: databases, table: tables, partitions: parts } = counts;
  terminal.out(`${out}: ${many(databases, 'database')}, ${many(tables, 'table')}, ${many(parts, 'partition')}`);
  return unreadable === 0 ? EXIT_CODES.done : EXIT_CODES.plannedWithRefusals;
}

const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const someOf = (names: readonly string[]): string => names.slice(0, 20).join(', ') + (names.length > 20 ? ', ...' : '');

type Counts = Record<Piece['kind'], number>;

/** Whole or not at all: an interrupted snapshot must not pass for a small metastore. */
async function writeLines(out: string, source: SnapshotCluster, pieces: AsyncIterable<Piece>): Promise<Counts> {
  const beside = `${out}.part`;
  const counts: Counts = { database: 0, table: 0, partitions: 0 };
  const file = createWriteStream(beside);
  const write = async (line: SnapshotLine): Promise<void> => {
    if (!file.write(`${canonicalJson(line)}\n`)) await once(file, 'drain');
  };
  try {
    await once(file, 'open');
    await write({ type: 'snapshot', version: 1, takenAt: new Date().toISOString(), source });
    for await (const piece of pieces) {
      counts[piece.kind] += piece.kind === 'partitions' ? piece.partitions.length : 1;
      for (const line of linesOf(piece)) await write(line);
    }
    file.end();
    await once(file, 'close');
    await rename(beside, out);
  } catch (error) {
    file.destroy();
    await rm(beside, { force: true });
    throw isFileError(error) ? refused(out, `ferry snapshot: ${error.message}`) : error;
  }
  return counts;
}

const isFileError = (error: unknown): error is Error => error instanceof Error && 'syscall' in error && 'path' in error;

function linesOf(piece: Piece): readonly SnapshotLine[] {
  switch (piece.kind) {
    case 'database':
      return [
        {
          type: 'database',
          side: 'source',
          database: piece.database,
          ...(piece.functions.length === 0 ? {} : { functions: [...piece.functions] }),
        },
      ];
    case 'table':
      return [{ type: 'table', side: 'source', table: piece.table as Extract<SnapshotLine, { type: 'table' }>['table'] }];
    case 'partitions':
      return slicesOf(piece.partitions, 1000).map((partitions) => ({ type: 'partitions', side: 'source', partitions }) as SnapshotLine);
  }
}
