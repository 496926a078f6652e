/** Starts what does not run, side by side as far as one service does not need another, and proves that each works. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareCache } from './cache.ts';
import { makeClientArchive } from './client-archive.ts';
import { lastLines } from './commands.ts';
import { POSTGRES_PASSWORD, S3_KEYS, writeConfiguration } from './configuration.ts';
import { labDirectory } from './directories.ts';
import { clusterOf } from './health.ts';
import { labFile, readLab, type Lab } from './lab.ts';
import { withLabLock } from './lock.ts';
import { pickPorts, writeAtomically, type Ports } from './ports.ts';
import { logFile, runningPid, startProcess, stopProcess } from './processes.ts';
import { SERVICES, type Context, type Part, type Service } from './services.ts';

const HEALTHY_WITHIN_MS = 120_000;

export interface UpOptions {
  readonly without?: readonly Part[];
  readonly directory?: string;
  /** Set when this process runs inside the lab's network namespace. */
  readonly netnsPid?: number;
  readonly say?: (text: string) => void;
}

/** Brings the lab up, or what is missing of it. Throws after stopping what it started when one service does not get healthy. */
export async function labUp(options: UpOptions = {}): Promise<Lab> {
  const directory = options.directory ?? labDirectory();
  return await withLabLock(directory, async () => await startMissing(directory, options));
}

async function startMissing(directory: string, options: UpOptions): Promise<Lab> {
  const started = Date.now();
  const say = options.say ?? ((text: string) => console.error(`lab: ${text}`));
  const wanted = SERVICES.filter((service) => !(options.without ?? []).includes(service.part));
  const missing = wanted.filter((service) => runningPid(directory, service.name) === undefined);
  if (missing.length === 0 && existsSync(labFile(directory))) {
    say('everything is up already');
    return readLab(directory);
  }
  const cache = await prepareCache(say);
  const running = new Set(SERVICES.filter((service) => !missing.includes(service)).flatMap((service) => service.ports));
  const context = { directory, cache, ports: await pickPorts(directory, (name) => running.has(name)) };
  writeConfiguration(directory, context.ports, cache);
  // Only of a lab at rest: a running DistCp has its scratch folder there.
  if (running.size === 0) rmSync(join(directory, 'tmp'), { recursive: true, force: true });
  await startAll(context, missing, say);
  const lab = describe(directory, context.ports, options.netnsPid ?? null);
  await makeClientArchive(lab, cache, say);
  writeAtomically(labFile(directory), JSON.stringify(lab, null, 2));
  say(`up in ${seconds(started)}: ${labFile(directory)}`);
  return lab;
}

async function startAll(context: Context, services: readonly Service[], say: (text: string) => void): Promise<void> {
  const stop = new AbortController();
  const done = new Map<string, Promise<void>>();
  for (const service of services) {
    const needs = service.after.flatMap((name) => done.get(name) ?? []);
    const work = Promise.all(needs).then(async () => await startOne(context, service, { stop: stop.signal, say }));
    work.catch(() => stop.abort());
    done.set(service.name, work);
  }
  const ends = await Promise.allSettled(done.values());
  const failures = ends.flatMap((end) => (end.status === 'rejected' && !(end.reason instanceof Stopped) ? [end.reason as Error] : []));
  if (failures.length === 0) return;
  rmSync(labFile(context.directory), { force: true });
  await Promise.all(services.map(async (service) => await stopProcess(context.directory, service.name)));
  throw new Error([...new Set(failures.map((failure) => failure.message))].join('\n'));
}

class Stopped extends Error {}

interface Starting {
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
}

async function startOne(context: Context, service: Service, { stop, say }: Starting): Promise<void> {
  const started = Date.now();
  if (stop.aborted) throw new Stopped();
  const command = await service.command(context);
  startProcess(context.directory, service.name, command);
  await untilHealthy(context, service, stop);
  await service.finish?.(context);
  say(`${service.name} works after ${seconds(started)}`);
}

async function untilHealthy(context: Context, service: Service, stop: AbortSignal): Promise<void> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  for (;;) {
    if (stop.aborted) throw new Stopped();
    const reason = await service.check(context).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : 'no answer'),
    );
    if (reason === undefined) return;
    if (runningPid(context.directory, service.name) === undefined) throw new Error(whatHappened(context, service, 'died'));
    if (Date.now() > deadline)
      throw new Error(whatHappened(context, service, `does not work after ${HEALTHY_WITHIN_MS / 1000} s (${reason})`));
    await sleep(100);
  }
}

function whatHappened({ directory }: Context, service: Service, what: string): string {
  const log = logFile(directory, service.name);
  const text = existsSync(log) ? lastLines(readFileSync(log, 'utf8'), 20) : '(no log)';
  return `${service.name} ${what}; the end of ${log}:\n${text}`;
}

function describe(directory: string, ports: Ports, netnsPid: number | null): Lab {
  const { accessKey, secretKey, bucket } = S3_KEYS;
  return {
    version: 1,
    dir: directory,
    netnsPid,
    clusters: { source: clusterOf('source', ports, directory), target: clusterOf('target', ports, directory) },
    kafka: { bootstrap: `127.0.0.1:${ports('kafka')}` },
    postgres: { host: '127.0.0.1', port: ports('postgres'), user: 'postgres', password: POSTGRES_PASSWORD },
    s3: { endpoint: `http://127.0.0.1:${ports('s3')}`, accessKey, secretKey, bucket },
  };
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;
