/** Loads the data set into the source cluster, database by database; what is loaded already is left alone. */
import { createHash } from 'node:crypto';
import { openHive, type HiveSession } from '../hive-session.ts';
import { readLab, type Lab } from '../lab.ts';
import { withLabLock } from '../lock.ts';
import { WebHdfs } from '../web-hdfs.ts';
import { definitionsOf, type DataSize } from './catalog.ts';
import type { FileDefinition, TableDefinition } from './definition.ts';

/** Which databases are loaded, each with the hash of its definition. `reset` removes it with everything else. */
const MARKER = '/data/.lab-data-set.json';
const SESSIONS = 2;
const UPLOADS = 8;

const SETTINGS = [
  'set hive.exec.dynamic.partition.mode=nonstrict',
  'set hive.stats.autogather=false',
  'set hive.stats.column.autogather=false',
  'set hive.merge.mapfiles=false',
  'set hive.fetch.task.conversion=none',
];

export async function loadData(size: DataSize, options: { readonly directory?: string } = {}): Promise<void> {
  const lab = readLab(options.directory);
  await withLabLock(lab.dir, async () => await loadMissing(lab, size));
}

async function loadMissing(lab: Lab, size: DataSize): Promise<void> {
  const started = Date.now();
  const hdfs = new WebHdfs(lab.clusters.source.hdfs.webHdfsUri, 'hive');
  const wanted = Map.groupBy(definitionsOf(size), (table) => table.db);
  const hashes = Object.fromEntries([...wanted].map(([db, tables]) => [db, hashOf(tables)]));
  const loaded = await readMarker(hdfs);
  const missing = [...wanted].filter(([db]) => loaded[db] !== hashes[db]);
  if (missing.length === 0) {
    console.error(`lab: data set is loaded already: ${[...wanted.keys()].join(', ')}`);
    return;
  }
  const databases = missing.map(([db]) => db);
  await writeMarker(hdfs, Object.fromEntries(Object.entries(loaded).filter(([db]) => !databases.includes(db))));
  await loadTables(lab, hdfs, new Map(missing));
  await writeMarker(hdfs, { ...loaded, ...hashes });
  const count = missing.reduce((sum, [, tables]) => sum + tables.length, 0);
  console.error(`lab: loaded ${count} tables of ${databases.join(', ')} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function loadTables(lab: Lab, hdfs: WebHdfs, databases: ReadonlyMap<string, readonly TableDefinition[]>): Promise<void> {
  const sessions = await openSessions(lab);
  try {
    await inParallel([...databases.keys()], sessions, async (db, session) => await makeDatabase(db, session, hdfs));
    const tables = [...databases.values()].flat();
    // Files first: the metastore's event listener wants checksums of what is there, which an open file has not.
    await upload(
      hdfs,
      tables.flatMap((table) => table.files ?? []),
    );
    await inParallel(tables, sessions, async (table, session) => await runAll(session, table.create));
    const jobs = tables.filter((table) => table.insert !== undefined);
    await inParallel(jobs, sessions, async (table, session) => await runAll(session, table.insert ?? []));
    const [first] = sessions;
    if (first !== undefined)
      await runAll(
        first,
        tables.flatMap((table) => table.after ?? []),
      );
    await upload(
      hdfs,
      tables.flatMap((table) => table.lateFiles ?? []),
    );
    await removeGonePartition(hdfs, databases);
  } finally {
    await Promise.all(sessions.map(async (session) => await session.close()));
  }
}

/** A load may have been interrupted, so what is there of the database goes first, with its files. */
async function makeDatabase(db: string, session: HiveSession, hdfs: WebHdfs): Promise<void> {
  await session.execute(`drop database if exists \`${db}\` cascade`);
  for (const path of [`/data/${db}`, `/warehouse/external/${db}.db`, `/warehouse/managed/${db}.db`]) await hdfs.remove(path);
  await session.execute(`create database \`${db}\` comment 'Lab data: ${db}'`);
}

/** A partition that the metastore knows and HDFS does not: somebody deleted its folder. */
async function removeGonePartition(hdfs: WebHdfs, databases: ReadonlyMap<string, unknown>): Promise<void> {
  if (databases.has('web_logs')) await hdfs.remove('/data/web_logs/visits/kind=gone');
}

async function openSessions(lab: Lab): Promise<readonly HiveSession[]> {
  return await Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      const session = await openHive(lab.clusters.source.hiveServer2);
      await runAll(session, SETTINGS);
      return session;
    }),
  );
}

async function runAll(session: HiveSession, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.execute(statement);
}

/** Each session takes the next item as soon as it is free. */
async function inParallel<T>(
  items: readonly T[],
  sessions: readonly HiveSession[],
  work: (item: T, session: HiveSession) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    sessions.map(async (session) => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, session);
    }),
  );
}

async function upload(hdfs: WebHdfs, files: readonly FileDefinition[]): Promise<void> {
  const queue = [...files];
  await Promise.all(
    Array.from({ length: UPLOADS }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await hdfs.write(next.path, next.content);
    }),
  );
}

async function readMarker(hdfs: WebHdfs): Promise<Readonly<Record<string, string>>> {
  const text = await hdfs.read(MARKER);
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

async function writeMarker(hdfs: WebHdfs, loaded: Readonly<Record<string, string>>): Promise<void> {
  await hdfs.write(MARKER, JSON.stringify(loaded));
}

function hashOf(tables: readonly TableDefinition[]): string {
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16);
}
