/** The two shapes in which the demo runs the product: one process, or services on Kafka. */
import { chmodSync, mkdirSync } from 'node:fs';
import { startEmbeddedPostgres } from '../../libs/platform/src/postgres/embedded-postgres.ts';
import type { Lab } from '../../lab/src/index.ts';
import { buildService, freePort, startService } from '../support/service.ts';
import type { RunningService } from '../support/service.ts';
import { FIVE_PROCESSES, deleteTopics, startProcesses } from '../support/services.ts';
import type { Installation } from '../support/services.ts';

export interface Shape {
  /** Where the HTTP API is. */
  readonly url: string;
  /** What runs where, a line each. */
  readonly lines: readonly string[];
  /** Resolves when the process that serves HTTP has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const PREFERRED_PORT = 8080;

/** One process: embedded Postgres, in-process bus. */
export async function standaloneShape(folder: string): Promise<Shape> {
  buildService();
  const service = await startService({ dataDirectory: folder, port: await freePort(PREFERRED_PORT) });
  return { url: service.url, lines: [lineOf(service, 'all in one')], ended: endOf(service), stop: once(() => service.stop()) };
}

/** Api, planner, an executor at the source's edge and two at the target's, on the lab's Kafka and a Postgres of their own. */
export async function servicesShape(folder: string, lab: Lab): Promise<Shape> {
  for (const name of ['api', 'planner', 'executor'] as const) buildService(name);
  mkdirSync(folder, { recursive: true });
  // Postgres does not run as root, and its own user must be able to enter.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const prefix = `demo-${Date.now().toString(36)}`;
  const installation: Installation = { folder, brokers: lab.kafka.bootstrap, prefix, databaseUrl: postgres.url };
  const clear = async (): Promise<void> => {
    await postgres.stop();
    await deleteTopics(installation).catch(() => undefined);
  };
  try {
    const processes = await startProcesses(installation, await withApiPort());
    const [api] = processes;
    if (api === undefined) throw new Error('no api was started');
    const stop = async (): Promise<void> => {
      await Promise.all(processes.map((service) => service.stop()));
      await clear();
    };
    const lines = processes.map((service, index) => lineOf(service, FIVE_PROCESSES[index]?.environment?.['FERRY_CLUSTER']));
    return { url: api.url, lines: [...lines, ...serverLines(installation, postgres.port)], ended: endOf(api), stop: once(stop) };
  } catch (error) {
    await clear();
    throw error;
  }
}

async function withApiPort(): Promise<typeof FIVE_PROCESSES> {
  const port = await freePort(PREFERRED_PORT);
  return FIVE_PROCESSES.map((spec) => (spec.name === 'api' ? { ...spec, port } : spec));
}

function serverLines({ brokers, prefix }: Installation, postgresPort: number): readonly string[] {
  return [
    `${'kafka'.padEnd(10)} ${brokers}, topics ${prefix}.runs and ${prefix}.tasks.<cluster>.<translation|distcp>`,
    `${'postgres'.padEnd(10)} 127.0.0.1:${postgresPort}`,
  ];
}

function lineOf({ name, process, url, logFile }: RunningService, where = ''): string {
  return `${name.padEnd(10)} ${where.padEnd(10)} process ${String(process.pid).padEnd(8)} ${url}  log ${logFile}`;
}

const endOf = ({ process }: RunningService): Promise<void> => new Promise((resolve) => process.once('exit', () => resolve()));

/** A visitor's Ctrl-C and the demo's own end may both ask for it. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => (stopping ??= stop());
}
