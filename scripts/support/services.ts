/** Services mode on one machine: api, planner and executors as processes of their own, on a Kafka and a Postgres that are there. */
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort, startService } from './service.ts';
import type { RunningService, ServiceName } from './service.ts';

export interface ProcessSpec {
  readonly name: Exclude<ServiceName, 'standalone'>;
  readonly environment?: Readonly<Record<string, string>>;
  /** A free one is taken when absent. */
  readonly port?: number;
}

export interface Installation {
  /** Data and log of each process get a folder of their own below it. */
  readonly folder: string;
  readonly brokers: string;
  /** Of its topics and consumer groups. */
  readonly prefix: string;
  readonly databaseUrl: string;
}

/** The five processes of the smallest real installation: two executors stand at the target. */
export const FIVE_PROCESSES: readonly ProcessSpec[] = [
  { name: 'api' },
  { name: 'planner' },
  ...['source', 'target', 'target'].map((cluster): ProcessSpec => ({ name: 'executor', environment: { FERRY_CLUSTER: cluster } })),
];

/** @param index makes the name of its folder unique */
export async function startProcess(at: Installation, spec: ProcessSpec, index: number): Promise<RunningService> {
  return await startService({
    name: spec.name,
    dataDirectory: join(at.folder, `${spec.name}-${index}`),
    port: spec.port ?? (await freePort()),
    environment: { ...environmentOf(at), ...spec.environment },
  });
}

/** All at once: whoever comes first brings the database's schema up to date, the others wait. */
export async function startProcesses(at: Installation, specs: readonly ProcessSpec[]): Promise<readonly RunningService[]> {
  const started = await Promise.allSettled(specs.map((spec, index) => startProcess(at, spec, index)));
  const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = started.find((each) => each.status === 'rejected');
  if (failed === undefined) return running;
  await Promise.all(running.map((service) => service.stop()));
  throw failed.reason;
}

/** Removes the topics of an installation that has ended. */
export async function deleteTopics({ brokers, prefix }: Pick<Installation, 'brokers' | 'prefix'>): Promise<void> {
  const admin = new Kafka({ clientId: 'hiveferry-scripts', brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: (await admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}.`)) });
  } finally {
    await admin.disconnect();
  }
}

function environmentOf({ brokers, prefix, databaseUrl }: Installation): Readonly<Record<string, string>> {
  return {
    FERRY_DATABASE_URL: databaseUrl,
    FERRY_KAFKA_BROKERS: brokers,
    FERRY_KAFKA_TOPIC_PREFIX: prefix,
    FERRY_KAFKA_PLANNER_GROUP: `${prefix}-planner`,
    FERRY_KAFKA_EXECUTOR_GROUP: `${prefix}-executor`,
    FERRY_KAFKA_PARTITIONS: '2',
    FERRY_LEASE_SECONDS: '10',
  };
}
