/** What changed and nothing else: `ferry plan` cuts the copies down by what the metastore says, and by snapshots of HDFS; the scripts are run. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import { createMetastoreReader, createMetastoreWriter } from '@hiveferry/adapters/hive-metastore';
import { namespaceOf, parseLocation } from '@hiveferry/core';
import type { FileStore } from '@hiveferry/ports';
import { runCommand } from '../../apps/cli/src/commands.ts';
import { readLab } from '../../lab/src/index.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { Hdfs } from '../support/hdfs.ts';
import { namesBelow, runScript, type EndedScript } from '../support/shell-script.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';

const DATABASE = 'copy_changes';
const ROOT = `/data/${DATABASE}/days`;
/** Long before any snapshot: what is written just then is copied again, to be sure. */
const LONG_AGO = '1700000000';

const lab = readLab();
const hdfs = { source: new Hdfs(lab.clusters.source.hdfs), target: new Hdfs(lab.clusters.target.hdfs) };
const folder = mkdtempSync(join(tmpdir(), 'hiveferry-changes-'));
const file = (name: string): string => join(folder, name);
let sql: Awaited<ReturnType<typeof sqlOf>>;

beforeAll(async () => {
  sql = await sqlOf(lab, 'source');
  await clean();
  for (const cluster of labClusters(lab)) writeFileSync(file(`${cluster.name}.yaml`), JSON.stringify(cluster));
  const request = { source: 'source', targets: ['target'], selection: { databases: [DATABASE] }, allowedHazards: ['TARGET_FILES_REMOVED'] };
  writeFileSync(file('request.yaml'), JSON.stringify(request));
  await makeTable();
}, 300_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await clean();
  await sql.close();
});

it('copies partitions that Hive wrote to since a snapshot, by tracking or by time, and nothing when nothing changed', async () => {
  await ferry('snapshot', '--cluster', file('source.yaml'), '--database', DATABASE, '--out', file('monday.jsonl'));
  const everything = await planned('all', 'monday.jsonl');
  expect(everything.sources).toEqual([ROOT]);
  expect(await everything.run()).toEqual({ code: 0, said: expect.stringContaining('copy: 3 files copied') });
  expect((await planned('nothing', 'monday.jsonl', '--since', file('monday.jsonl'))).sources).toEqual([]);

  await sql.execute(`insert into ${DATABASE}.days partition (d=2) values ('more')`);
  await hdfs.source.write(`${ROOT}/d=4/f`, 'four\n');
  await sql.execute(`alter table ${DATABASE}.days add partition (d=4)`);
  await ferry('snapshot', '--cluster', file('source.yaml'), '--database', DATABASE, '--out', file('tuesday.jsonl'));

  const changed = await planned('changed', 'tuesday.jsonl', '--since', file('monday.jsonl'));
  expect(changed.sources).toEqual([`${ROOT}/d=2`, `${ROOT}/d=4`]);
  const byTime = await planned('by-time', 'tuesday.jsonl', '--modified-after', '2024-01-01T00:00:00Z');
  expect(byTime.sources).toEqual(changed.sources);
  expect(await changed.run()).toEqual({ code: 0, said: expect.stringContaining('copy: 2 files copied, 1 were there already') });
  expect(await namesAt('target')).toEqual(await namesAt('source'));
});

it('replays what changed between two snapshots of HDFS, deletions too, once', async () => {
  for (const side of ['source', 'target'] as const) {
    await hdfs[side].allowSnapshots(ROOT);
    await hdfs[side].snapshot(ROOT, 's1');
  }
  await hdfs.source.remove(`${ROOT}/d=1/f`);
  await hdfs.source.rename(`${ROOT}/d=3/f`, `${ROOT}/d=3/g`);
  await hdfs.source.write(`${ROOT}/d=3/new`, 'new\n');
  await hdfs.source.snapshot(ROOT, 's2');
  const at = (side: 'source' | 'target'): string => `${lab.clusters[side].hdfs.namespace}${ROOT}`;
  writeFileSync(file('hdfs.yaml'), JSON.stringify({ source: { [at('source')]: ['s1', 's2'] }, target: { [at('target')]: ['s1'] } }));

  const { run, sources } = await planned('difference', 'tuesday.jsonl', '--hdfs-snapshots', file('hdfs.yaml'));
  expect(sources).toEqual([ROOT]);
  expect(await run()).toEqual({ code: 0, said: expect.stringContaining('copy: 1 files copied') });
  expect(await namesAt('target')).toEqual(await namesAt('source'));
  expect(await hdfs.target.names(`${ROOT}/.snapshot`)).toEqual(['s1', 's2']);
  expect(await run()).toEqual({ code: 0, said: expect.stringContaining('copy: 0 files copied') });
});

interface PlannedCopies {
  /** Paths of the directories that the script copies. */
  readonly sources: readonly string[];
  readonly run: () => Promise<EndedScript>;
}

async function planned(name: string, data: string, ...choice: readonly string[]): Promise<PlannedCopies> {
  const out = file(name);
  const sides = ['--source', file(data), '--source-cluster', file('source.yaml'), '--target-cluster', file('target.yaml')];
  await ferry('plan', '-f', file('request.yaml'), ...sides, '--out', out, ...choice);
  const listed = readFileSync(join(out, `${DATABASE}_distcp_source.txt`), 'utf8').split('\n');
  const environment = { PATH: process.env['PATH'], HADOOP: lab.clusters.target.hadoop.command, HCFS_BASE_DIR: `/data/${DATABASE}/lists` };
  return {
    sources: listed.filter((line) => line !== '').map((line) => line.replace(lab.clusters.source.hdfs.namespace, '')),
    run: async () => await runScript([join(out, `${DATABASE}_distcp_script.sh`)], environment),
  };
}

async function ferry(...argv: readonly string[]): Promise<void> {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const code = await runCommand(argv, { out: say, err: say, home: folder });
  if (code !== 0) throw new Error(`ferry ${argv.join(' ')} ended with ${String(code)}: ${said.join('\n')}`);
}

async function namesAt(side: 'source' | 'target'): Promise<readonly string[]> {
  const { namespace, webHdfsUri } = lab.clusters[side].hdfs;
  const root = parseLocation(`${namespace}${ROOT}`);
  if (root === undefined) throw new Error(`not a namespace: ${namespace}`);
  const files: FileStore = createWebHdfsFileStore({ namespace: namespaceOf(root), webHdfsUri, user: 'hdfs' });
  return await namesBelow(files, root);
}

async function makeTable(): Promise<void> {
  for (const d of ['1', '2', '3']) await hdfs.source.write(`${ROOT}/d=${d}/f`, `content of ${d}\n`);
  await sql.execute(`create database ${DATABASE}`);
  const at = `${lab.clusters.source.hdfs.namespace}${ROOT}`;
  await sql.execute(`create external table ${DATABASE}.days (name string) partitioned by (d int) location '${at}'`);
  const { hostname, port } = new URL(lab.clusters.source.metastoreUri);
  const address = { host: hostname, port: Number(port) };
  const [reader, writer] = [createMetastoreReader(address), createMetastoreWriter(address)];
  const [table] = await reader.tables(DATABASE, ['days']);
  if (table === undefined) throw new Error('the table is not there');
  const partitions = ['1', '2', '3'].map((d) => ({
    values: [d],
    parameters: { transient_lastDdlTime: LONG_AGO, totalSize: '13', numFiles: '1' },
    storage: { ...table.storage, location: `${at}/d=${d}` },
  }));
  await writer.addPartitions({ database: DATABASE, table: 'days', partitions });
  await reader.close();
  await writer.close();
}

async function clean(): Promise<void> {
  for (const side of ['source', 'target'] as const) await hdfs[side].forgetSnapshots(ROOT);
  await dropDatabase(lab, [sql], DATABASE);
}
