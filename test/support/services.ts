/** Services mode for end-to-end suites: api, planner and executors as processes of their own, on the lab's Kafka and a Postgres of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import { Client } from 'pg';
import { readLab } from '../../lab/src/index.ts';
import type { Lab } from '../../lab/src/index.ts';
import { ApiClient } from '../../scripts/support/api-client.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { buildService } from '../../scripts/support/service.ts';
import type { RunningService } from '../../scripts/support/service.ts';
import { FIVE_PROCESSES, deleteTopics, startProcess, startProcesses } from '../../scripts/support/services.ts';
import type { ProcessSpec } from '../../scripts/support/services.ts';
import { createTestDatabase, startTestPostgres } from './postgres.ts';

export { FIVE_PROCESSES };
export type { ProcessSpec };

export interface Services {
  readonly lab: Lab;
  readonly api: ApiClient;
  readonly kafka: KafkaView;
  /** All that run, in the order of their start. */
  readonly processes: readonly RunningService[];
  start(spec: ProcessSpec): Promise<RunningService>;
  rows<R extends object>(statement: string): Promise<readonly R[]>;
  close(): Promise<void>;
}

/** @param specs the first is an api */
export async function startServices(specs: readonly ProcessSpec[] = FIVE_PROCESSES): Promise<Services> {
  const lab = readLab();
  for (const name of new Set(specs.map((spec) => spec.name))) buildService(name);
  const postgres = await startTestPostgres();
  const database = await createTestDatabase(postgres.url);
  const folder = mkdtempSync(join(tmpdir(), 'hiveferry-services-'));
  const prefix = `svc-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const installation = { folder, brokers: lab.kafka.bootstrap, prefix, databaseUrl: database.url };
  const kafka = await openKafka(lab, prefix);
  const processes = [...(await startProcesses(installation, specs))];
  const start = async (spec: ProcessSpec): Promise<RunningService> => {
    const service = await startProcess(installation, spec, processes.length);
    processes.push(service);
    return service;
  };
  const api = new ApiClient(processes[0]?.url ?? '');
  for (const cluster of labClusters(lab)) await api.registerCluster(cluster);
  return {
    lab,
    api,
    kafka,
    processes,
    start,
    rows: <R extends object>(statement: string) => rowsOf<R>(database.url, statement),
    close: async () => {
      await Promise.all(processes.map((service) => service.stop()));
      await kafka.close();
      await deleteTopics(installation).catch(() => undefined);
      await database.drop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Topics and groups of one installation, as its operator sees them. */
export interface KafkaView {
  readonly prefix: string;
  topics(): Promise<readonly string[]>;
  /** Raises the size of messages that a topic takes. */
  allowLarge(topic: string, bytes: number): Promise<void>;
  send(topic: string, values: readonly (string | null)[]): Promise<void>;
  /** Messages that were ever sent to it. */
  sent(topic: string): Promise<number>;
  /** Messages that the group has not committed yet, over the topics that it has read. */
  lag(groupId: string, topics: readonly string[]): Promise<number>;
  close(): Promise<void>;
}

async function openKafka(lab: Lab, prefix: string): Promise<KafkaView> {
  const client = new Kafka({ clientId: 'hiveferry-test', brokers: [lab.kafka.bootstrap], logLevel: logLevel.NOTHING });
  const [admin, producer] = [client.admin(), client.producer({ createPartitioner: Partitioners.DefaultPartitioner })];
  await Promise.all([admin.connect(), producer.connect()]);
  const topics = async (): Promise<readonly string[]> => (await admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}.`));
  return {
    prefix,
    topics,
    allowLarge: async (topic, bytes) => {
      const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
      // 2 is a topic.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- kafkajs exports the enum as a type only.
      await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries }] });
    },
    send: async (topic, values) => {
      for (const value of values) await producer.send({ topic, messages: [{ key: 'poison', value }] });
    },
    sent: async (topic) => (await endsOf(admin, topic)).reduce((sum, { end }) => sum + end, 0),
    lag: async (groupId, of) => {
      const lags = await Promise.all(of.map((topic) => lagOf(admin, groupId, topic)));
      return lags.reduce((sum, lag) => sum + lag, 0);
    },
    close: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}

async function lagOf(admin: Admin, groupId: string, topic: string): Promise<number> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const ends = await endsOf(admin, topic);
  return ends.reduce((sum, { partition, end }) => {
    const own = committed?.partitions.find((each) => each.partition === partition);
    // -1: nothing of this partition was ever committed.
    return sum + end - Math.max(0, Number(own?.offset ?? 0));
  }, 0);
}

async function endsOf(admin: Admin, topic: string): Promise<readonly { readonly partition: number; readonly end: number }[]> {
  return (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, end: Number(high) }));
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
