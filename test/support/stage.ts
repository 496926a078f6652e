/** A stage for end-to-end suites: the lab's two clusters, a service of its own, HiveQL on both sides. */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import { readLab, type Lab } from '../../lab/src/index.ts';
import { ApiClient, type Run } from '../../scripts/support/api-client.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { buildService, startService, type RunningService } from '../../scripts/support/service.ts';
import { Hdfs } from './hdfs.ts';

export interface Sql {
  execute(statement: string): Promise<void>;
  query(statement: string): Promise<readonly (readonly (string | null)[])[]>;
}

export interface Stage {
  readonly lab: Lab;
  readonly api: ApiClient;
  readonly source: Sql;
  readonly target: Sql;
  /** What the service writes. */
  readonly logFile: string;
  /** Plans and executes in one go; waits for the end. */
  migrate(selection: { readonly databases: readonly string[] }, more?: Readonly<Record<string, unknown>>): Promise<Run>;
  /** Plans only; waits for the plan. */
  plan(selection: { readonly databases: readonly string[] }, more?: Readonly<Record<string, unknown>>): Promise<Run>;
  /** Stops the service and starts it again on the same data. */
  restart(): Promise<void>;
  /** SIGKILL, as a machine that goes down or an OOM killer does it. */
  kill(): Promise<void>;
  /** Starts the service again on the same data. */
  start(): Promise<void>;
  /** Removes databases on both sides with their files below /data. */
  dropDatabases(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  /** More `FERRY_*` keys. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hadoop command of the target, instead of the lab's. */
  readonly targetHadoop?: (lab: Lab) => string;
}

export async function openStage(name: string, options: StageOptions = {}): Promise<Stage> {
  const lab = readLab();
  const dataDirectory = mkdtempSync(join(tmpdir(), `hiveferry-${name}-`));
  // As root the embedded Postgres runs as another user, who must be able to pass through.
  chmodSync(dataDirectory, 0o755);
  const service: { current: RunningService } = { current: await startOn(dataDirectory, options) };
  const client = { current: new ApiClient(service.current.url) };
  const start = async (): Promise<void> => {
    service.current = await startOn(dataDirectory, options);
    client.current = new ApiClient(service.current.url);
  };
  for (const cluster of labClusters(lab)) await client.current.registerCluster(withHadoop(cluster, lab, options));
  const [source, target] = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];

  const plan: Stage['plan'] = async (selection, more = {}) => await request(client.current, { selection, ...more });
  return {
    lab,
    get api() {
      return client.current;
    },
    source,
    target,
    get logFile() {
      return service.current.logFile;
    },
    plan,
    migrate: async (selection, more = {}) => await request(client.current, { selection, execute: true, ...more }),
    restart: async () => {
      await service.current.stop();
      await start();
    },
    kill: async () => {
      const { process: child } = service.current;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    start,
    dropDatabases: async (names) => {
      for (const each of names) await dropDatabase(lab, [source, target], each);
    },
    close: async () => {
      await Promise.all([source.close(), target.close(), service.current.stop()]);
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function startOn(dataDirectory: string, { environment = {} }: StageOptions): Promise<RunningService> {
  buildService();
  return await startService({ dataDirectory, environment });
}

function withHadoop(cluster: { readonly name: string }, lab: Lab, { targetHadoop }: StageOptions): { readonly name: string } {
  if (targetHadoop === undefined || cluster.name !== 'target') return cluster;
  return Object.assign({}, cluster, { hadoop: { command: targetHadoop(lab) } });
}

async function request(api: ApiClient, body: Readonly<Record<string, unknown>>): Promise<Run> {
  const operation = await api.createMigration({ source: 'source', targets: ['target'], strategy: 'SCHEMA_ONLY', proof: 'rows', ...body });
  const done = await api.waitFor(operation);
  if (done.error) throw new Error(`the operation failed: ${done.error.code} ${done.error.message}`);
  return await api.run(operation.runId);
}

export async function sqlOf(lab: Lab, side: 'source' | 'target'): Promise<Sql & { close(): Promise<void> }> {
  const { host, port, auth, user } = lab.clusters[side].hiveServer2;
  const hive = createHiveSql({ host, port, auth, user, maxSessions: 1 });
  const session = await hive.openSession();
  return {
    execute: async (statement) => await session.execute(statement),
    query: async (statement) => await session.query(statement),
    close: async () => {
      await session.close();
      await hive.close();
    },
  };
}

export async function dropDatabase(lab: Lab, sides: readonly Sql[], name: string): Promise<void> {
  for (const side of sides) await side.execute(`drop database if exists \`${name}\` cascade`);
  for (const side of ['source', 'target'] as const) await new Hdfs(lab.clusters[side].hdfs).remove(`/data/${name}`);
}
