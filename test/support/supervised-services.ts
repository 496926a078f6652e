/** Services mode for suites that hurt it: processes that can be killed, stopped and started again in their place, as a supervisor does it. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { readLab } from '../../lab/src/index.ts';
import type { Lab } from '../../lab/src/index.ts';
import { ApiClient } from '../../scripts/support/api-client.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { buildService, freePort } from '../../scripts/support/service.ts';
import type { RunningService } from '../../scripts/support/service.ts';
import { deleteTopics, startProcess } from '../../scripts/support/services.ts';
import type { Installation, ProcessSpec } from '../../scripts/support/services.ts';
import { createTestDatabase, startTestPostgres } from './postgres.ts';

export interface SupervisedProcess {
  readonly name: ProcessSpec['name'];
  /** Data and log; the same after each start. */
  readonly folder: string;
  readonly logFile: string;
  /** Of the one that runs, or ran last. */
  readonly pid: number;
  readonly hasEnded: boolean;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL, as the kernel or a machine that goes down does it. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface SupervisedServices {
  readonly lab: Lab;
  readonly api: ApiClient;
  readonly processes: readonly SupervisedProcess[];
  /** One more, beside the others. */
  add(spec: ProcessSpec): Promise<SupervisedProcess>;
  rows<R extends object>(statement: string): Promise<readonly R[]>;
  close(): Promise<void>;
}

interface SupervisedOptions {
  /** The first is an api. */
  readonly specs: readonly ProcessSpec[];
  /** For all of them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default the lab's */
  readonly brokers?: string;
  /** @default a database of its own on the Postgres of the tests */
  readonly databaseUrl?: string;
  /** What is registered, of what describes the lab. */
  readonly cluster?: (cluster: RegisteredCluster, lab: Lab) => RegisteredCluster;
}

interface RegisteredCluster {
  readonly name: string;
  readonly metastore: { readonly uri: string };
  readonly hiveServer2: { readonly host: string; readonly port: number };
  readonly hdfs: { readonly webHdfsUri: string };
  readonly hadoop: { readonly command: string };
}

/** Short, so that a take-over comes soon; many tries, because each kill counts as one. */
const ENVIRONMENT = { FERRY_LEASE_SECONDS: '5', FERRY_SWEEP_SECONDS: '1', FERRY_ATTEMPTS: '20' };

export async function startSupervised(options: SupervisedOptions): Promise<SupervisedServices> {
  const lab = readLab();
  for (const name of new Set(options.specs.map((spec) => spec.name))) buildService(name);
  const database = await databaseOf(options);
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-chaos-'));
  const prefix = `chaos-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const installation = { folder, brokers: options.brokers ?? lab.kafka.bootstrap, prefix, databaseUrl: database.url };
  const environment = { ...ENVIRONMENT, ...options.environment };
  const start = async (spec: ProcessSpec, index: number): Promise<SupervisedProcess & { readonly port: number }> => {
    const own = { ...spec, port: spec.port ?? (await freePort()), environment: { ...environment, ...spec.environment } };
    return await supervise(installation, own, index);
  };
  const started = await Promise.allSettled(options.specs.map(start));
  const processes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = started.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(processes.map((each) => each.stop()));
    await database.drop();
    throw failed.reason;
  }
  const api = new ApiClient(`http://127.0.0.1:${String(processes[0]?.port)}`);
  for (const cluster of labClusters(lab)) {
    // As `labClusters` makes them.
    const described = cluster as RegisteredCluster;
    await api.registerCluster(options.cluster === undefined ? described : options.cluster(described, lab));
  }
  return {
    lab,
    api,
    processes,
    add: async (spec) => {
      const added = await start(spec, processes.length);
      processes.push(added);
      return added;
    },
    rows: async (statement) => await rowsOf(database.url, statement),
    close: async () => {
      await Promise.all(processes.map((each) => each.stop()));
      await deleteTopics(installation).catch(() => undefined);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function databaseOf({ databaseUrl }: SupervisedOptions): Promise<{ readonly url: string; drop(): Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, drop: () => Promise.resolve() };
  const postgres = await startTestPostgres();
  const database = await createTestDatabase(postgres.url);
  return {
    url: database.url,
    drop: async () => {
      await database.drop();
      await postgres.stop();
    },
  };
}

async function supervise(
  installation: Installation,
  spec: ProcessSpec & { readonly port: number },
  index: number,
): Promise<SupervisedProcess & { readonly port: number }> {
  const current: { service: RunningService } = { service: await startProcess(installation, spec, index) };
  const folder = join(installation.folder, `${spec.name}-${index}`);
  return {
    name: spec.name,
    port: spec.port,
    folder,
    logFile: current.service.logFile,
    get pid() {
      return current.service.process.pid ?? 0;
    },
    get hasEnded() {
      const { exitCode, signalCode } = current.service.process;
      return exitCode !== null || signalCode !== null;
    },
    signal: (signal) => void current.service.process.kill(signal),
    kill: async () => {
      const { process: child } = current.service;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      // One that was left stopped does not hear SIGTERM.
      current.service.process.kill('SIGCONT');
      await current.service.stop();
    },
    start: async () => {
      current.service = await startProcess(installation, spec, index);
    },
  };
}

async function rowsOf<R extends object>(url: string, statement: string): Promise<readonly R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(statement)).rows;
  } finally {
    await client.end();
  }
}
