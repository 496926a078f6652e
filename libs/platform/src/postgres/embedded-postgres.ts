/**
 * The Postgres that comes with the install, in the service's data folder: initialised once, started on a free loopback port,
 * stopped with the service. It is a process group of its own, so that Ctrl-C reaches the service first and not the database under it.
 * (The library's own starter is not used: it stops Postgres by a signal handler of its own, before the service has ended.)
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { postgresBinaries } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { postgresFault } from './postgres-fault.ts';
import { accountFor, refuseClosedFolders } from './postgres-account.ts';
import type { Account } from './postgres-account.ts';
import { claimFolder, stopOrphan } from './postgres-orphan.ts';

export interface EmbeddedPostgres {
  /** Connection address with its password: never log it. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

interface Place {
  readonly home: string;
  readonly data: string;
  readonly log: string;
  readonly passwordFile: string;
  readonly account: Account | undefined;
  readonly binaries: PostgresBinaries;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const USER = 'hiveferry';

/**
 * @param dataDirectory the service's data folder; made when absent
 * Faults: DATA_FOLDER_IN_USE, EMBEDDED_POSTGRES_FAILED, EMBEDDED_POSTGRES_MISSING.
 */
export async function startEmbeddedPostgres(dataDirectory: string): Promise<EmbeddedPostgres> {
  const place = await prepare(resolve(dataDirectory, 'postgres'));
  const release = claimFolder(place.home);
  try {
    await stopOrphan(place.data);
    if (!existsSync(join(place.data, 'PG_VERSION'))) await initialise(place);
    return await start(place, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function prepare(home: string): Promise<Place> {
  const binaries = await postgresBinaries();
  const account = accountFor();
  mkdirSync(home, { recursive: true });
  if (account !== undefined) {
    chownSync(home, account.uid, account.gid);
    refuseClosedFolders([home, binaries.postgres], account);
  }
  return { home, data: join(home, 'data'), log: join(home, 'postgres.log'), passwordFile: join(home, 'password'), account, binaries };
}

/** Beside its final name, then renamed: an interrupted first start leaves nothing that looks finished. */
async function initialise(place: Place): Promise<void> {
  const unfinished = `${place.data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(place.passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (place.account !== undefined) chownSync(place.passwordFile, place.account.uid, place.account.gid);
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--username=${USER}`, `--pwfile=${place.passwordFile}`];
  const child = launch(place, place.binaries.initdb, [`--pgdata=${unfinished}`, ...options]);
  const code = await exitOf(child);
  if (code !== 0) throw postgresFault(`initdb ended with code ${String(code)}`, place.log);
  renameSync(unfinished, place.data);
}

async function start(place: Place, release: () => void): Promise<EmbeddedPostgres> {
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '100', lc_messages: 'C' };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = launch(place, place.binaries.postgres, ['-D', place.data, '-p', String(port), ...flags]);
  const ended = exitOf(child);
  await ready(place, child, ended);
  child.unref();
  const password = readFileSync(place.passwordFile, 'utf8').trim();
  const stop = async (): Promise<void> => {
    child.ref();
    child.kill('SIGINT');
    const inTime = await Promise.race([ended.then(() => true), wait(STOP_TIMEOUT_MS, false, { ref: false })]);
    if (!inTime) child.kill('SIGQUIT');
    release();
  };
  return { url: `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`, port, stop };
}

function launch(place: Place, program: string, args: readonly string[]): ChildProcess {
  const log = openSync(place.log, 'a');
  try {
    return spawn(program, args, {
      cwd: place.home,
      env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', log, log],
      detached: true,
      ...(place.account === undefined ? {} : { uid: place.account.uid, gid: place.account.gid }),
    });
  } finally {
    closeSync(log);
  }
}

/** The eighth line of `postmaster.pid` says when connections are accepted. */
async function ready(place: Place, child: ChildProcess, ended: Promise<number | undefined>): Promise<void> {
  const state = { ended: false };
  void ended.then(() => (state.ended = true));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!state.ended && Date.now() < deadline) {
    const [pid, , , , , , , status] = linesOf(join(place.data, 'postmaster.pid'));
    if (Number(pid) === child.pid && status?.trim() === 'ready') return;
    await wait(30);
  }
  child.kill('SIGQUIT');
  throw postgresFault(state.ended ? 'it ended while starting' : `it was not ready after ${START_TIMEOUT_MS / 1000} s`, place.log);
}

function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

async function exitOf(child: ChildProcess): Promise<number | undefined> {
  return await new Promise((resolveExit) => {
    child.once('error', () => resolveExit(undefined));
    child.once('exit', (code) => resolveExit(code ?? undefined));
  });
}

async function freePort(): Promise<number> {
  return await new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
