/** One honest attempt each to use a service; a failed attempt throws. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { BLOCK_SIZE_BYTES, S3_KEYS } from './configuration.ts';
import { openHive } from './hive-session.ts';
import type { LabCluster, Side } from './lab.ts';
import type { Ports } from './ports.ts';
import { withPostgres } from './postgres.ts';
import { WebHdfs } from './web-hdfs.ts';

const ATTEMPT_MS = 3000;
const STATE_PATH = '/jmx?qry=Hadoop:service=NameNode,name=FSNamesystem';

export async function postgresAnswers(ports: Ports): Promise<void> {
  await withPostgres(ports('postgres'), 'postgres', async (client) => await client.query('select 1'));
}

/** The NameNode answers and has the folders everybody may write to. */
export async function nameNodeAnswers(ports: Ports, side: Side): Promise<void> {
  await fetchText(`http://127.0.0.1:${ports(`${side}NameNodeHttp`)}${STATE_PATH}`);
  await makeSharedFolders(ports, side);
}

/** Asks both sides: the NameNode counts a dead DataNode as live for minutes. */
export async function dataNodeIsLive(ports: Ports, side: Side): Promise<void> {
  const answer = await fetchText(`http://127.0.0.1:${ports(`${side}NameNodeHttp`)}${STATE_PATH}State`);
  if (!/"NumLiveDataNodes"\s*:\s*1\b/.test(answer)) throw new Error('the NameNode has no live DataNode yet');
  const own = await fetchText(`http://127.0.0.1:${ports(`${side}DataNodeHttp`)}/jmx?qry=Hadoop:service=DataNode,name=DataNodeInfo`);
  if (!/ActorState\W+RUNNING/.test(own)) throw new Error('the DataNode has not registered yet');
}

export async function portIsOpen(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(ATTEMPT_MS, () => socket.destroy(new Error(`port ${port} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.end();
      resolve();
    });
  });
}

/** Waits for it; throws when `isOver` says that nobody will open it, or after the time. */
export async function portOpens(port: number, until: { readonly isOver: () => boolean; readonly withinMs: number }): Promise<void> {
  const deadline = Date.now() + until.withinMs;
  for (;;) {
    try {
      await portIsOpen(port);
      return;
    } catch (error) {
      if (until.isOver() || Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
}

export async function hiveServer2Answers(server: LabCluster['hiveServer2']): Promise<void> {
  await portIsOpen(server.port);
  const session = await openHive(server);
  const databases = await session.query('show databases');
  await session.close();
  if (!databases.flat().includes('default')) throw new Error('show databases does not name default');
}

export async function kafkaAnswers(ports: Ports): Promise<void> {
  await portIsOpen(ports('kafka'));
  await withKafkaAdmin(`127.0.0.1:${ports('kafka')}`, async (admin) => await admin.listTopics());
}

export async function withKafkaAdmin<T>(bootstrap: string, work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const kafka = new Kafka({ clientId: 'lab', brokers: [bootstrap], logLevel: logLevel.NOTHING, connectionTimeout: ATTEMPT_MS });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function s3Answers(ports: Ports): Promise<void> {
  await makeBucket(`http://127.0.0.1:${ports('s3')}`);
}

/** moto takes unsigned requests. Making one's own bucket again is fine in us-east-1. */
export async function makeBucket(endpoint: string): Promise<void> {
  const answer = await fetch(`${endpoint}/${S3_KEYS.bucket}`, { method: 'PUT', signal: AbortSignal.timeout(ATTEMPT_MS) });
  await answer.text();
  if (!answer.ok) throw new Error(`making the bucket: HTTP ${answer.status}`);
}

export async function makeSharedFolders(ports: Ports, side: Side): Promise<void> {
  const web = `http://127.0.0.1:${ports(`${side}NameNodeHttp`)}`;
  const hdfs = new WebHdfs(web, 'hdfs');
  const existing = new Set(await hdfs.list('/'));
  for (const name of ['warehouse', 'data', 'tmp', 'user']) {
    if (!existing.has(name)) await hdfs.makeDirectory(`/${name}`, '1777');
  }
  const warehouses = new Set(await hdfs.list('/warehouse'));
  for (const name of ['managed', 'external']) {
    if (warehouses.has(name)) continue;
    await hdfs.makeDirectory(`/warehouse/${name}`, '1777');
    await hdfs.setOwner(`/warehouse/${name}`, 'hive');
  }
}

export function clusterOf(side: Side, ports: Ports, directory: string): LabCluster {
  const namespace = `hdfs://127.0.0.1:${ports(`${side}NameNode`)}`;
  return {
    hiveVersion: side === 'source' ? '3.1.3' : '4.0.1',
    metastoreUri: `thrift://127.0.0.1:${ports(`${side}Metastore`)}`,
    hiveServer2: { host: '127.0.0.1', port: ports(`${side}HiveServer2`), auth: side === 'source' ? 'nosasl' : 'plain', user: 'hive' },
    hdfs: {
      namespace,
      webHdfsUri: `http://127.0.0.1:${ports(`${side}NameNodeHttp`)}`,
      user: 'hive',
      blockSizeBytes: BLOCK_SIZE_BYTES[side],
    },
    hadoop: { command: `${directory}/bin/${side}/hadoop` },
    warehouse: { managed: `${namespace}/warehouse/managed`, external: `${namespace}/warehouse/external` },
  };
}

async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ATTEMPT_MS) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return text;
}
