/** Makes the lab empty again within seconds, without restarting a JVM. */
import { makeBucket, makeSharedFolders, withKafkaAdmin } from './health.ts';
import { readLab, SIDES, type Lab, type Side } from './lab.ts';
import { withLabLock } from './lock.ts';
import { METASTORE_DATABASE, withPostgres } from './postgres.ts';
import { runningPid } from './processes.ts';
import { WebHdfs } from './web-hdfs.ts';

export interface ResetOptions {
  /** Only the target cluster; Kafka and S3 stay too. */
  readonly target?: boolean;
  readonly directory?: string;
}

/**
 * Rows that a freshly made metastore has or counts on: versions, roles, the catalog, sequences and the transaction counters.
 * DBS keeps `default` alone. Everything else describes tables.
 */
const KEPT_TABLES =
  /^(dbs|ctlgs|version|sequence_table|roles|global_privs|txns|next_txn_id|next_lock_id|next_compaction_queue_id|notification_sequence|metastore_db_properties|wm_.*|aux_table)$/i;

export async function labReset(options: ResetOptions = {}): Promise<void> {
  const lab = readLab(options.directory);
  await withLabLock(lab.dir, async () => await emptyAll(lab, options.target === true ? ['target'] : SIDES));
}

async function emptyAll(lab: Lab, sides: readonly Side[]): Promise<void> {
  const isWhole = sides.includes('source');
  const isUp = (service: string): boolean => runningPid(lab.dir, service) !== undefined;
  const work = sides.flatMap((side) => [
    ...(isUp('postgres') ? [emptyMetastore(lab, side)] : []),
    ...(isUp(`${side}-namenode`) ? [emptyHdfs(lab, side)] : []),
  ]);
  if (isWhole && isUp('kafka')) work.push(emptyKafka(lab));
  if (isWhole && isUp('s3')) work.push(emptyS3(lab));
  await Promise.all(work);
}

/**
 * By SQL: `drop database .. cascade` takes seconds for each thousand partitions, and fails on what a test broke on purpose.
 * Neither Hive here keeps metastore objects in memory.
 */
async function emptyMetastore(lab: Lab, side: Side): Promise<void> {
  await withPostgres(lab.postgres.port, METASTORE_DATABASE[side], async (client) => {
    const found = await client.query<{ tablename: string }>(`select tablename from pg_tables where schemaname = 'public' order by 1`);
    const emptied = found.rows.map((row) => row.tablename).filter((name) => !KEPT_TABLES.test(name));
    await client.query(`set lock_timeout = '10s'`);
    await client.query('begin');
    await client.query(`truncate ${emptied.map((name) => `"${name}"`).join(', ')}`);
    await client.query(`delete from "DBS" where "NAME" <> 'default'`);
    await client.query('commit');
  });
}

/** Open sessions keep their scratch folders below /tmp, so these stay. */
async function emptyHdfs(lab: Lab, side: Side): Promise<void> {
  const { webHdfsUri } = lab.clusters[side].hdfs;
  const hdfs = new WebHdfs(webHdfsUri, 'hdfs');
  const top = (await hdfs.list('/')).filter((name) => name !== 'tmp' && name !== 'user').map((name) => `/${name}`);
  const temporary = (await hdfs.list('/tmp')).filter((name) => !/^(hive|tez)/.test(name)).map((name) => `/tmp/${name}`);
  await Promise.all([...top, ...temporary].map(async (path) => await hdfs.remove(path)));
  const port = Number(new URL(webHdfsUri).port);
  await makeSharedFolders(() => port, side);
}

async function emptyKafka(lab: Lab): Promise<void> {
  await withKafkaAdmin(lab.kafka.bootstrap, async (admin) => {
    const topics = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

async function emptyS3(lab: Lab): Promise<void> {
  const answer = await fetch(`${lab.s3.endpoint}/moto-api/reset`, { method: 'POST' });
  await answer.text();
  await makeBucket(lab.s3.endpoint);
}
