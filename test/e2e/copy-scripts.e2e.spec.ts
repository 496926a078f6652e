/** Scripts of copies, run by `sh` as an operator would: on an empty target, again, and after damage; pulled and pushed, to HDFS and to a bucket. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { below, namespaceOf, parseLocation, pathOf } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import { createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import type { FileStore } from '@hiveferry/ports';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeCluster, lakeKeys, locationIn } from '../support/lake.ts';
import { namesBelow, runScript, type EndedScript } from '../support/shell-script.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'copy_scripts';
const FOLDER = 'copy_scripts_target';
/** Below the database's directory; two tables lie in directories of the same name. */
const FILES: Readonly<Record<string, string>> = {
  'one/days/d=1/a.txt': 'one\n',
  "one/days/d=1/it's [b] {c} $(id).txt": 'two\n',
  'one/days/d=2/größe 表.txt': 'three\n',
  'two/days/a.txt': 'four\n',
};
const HIDDEN = { 'one/days/_SUCCESS': '', 'two/days/.hive-staging/x': 'no' };

interface Destination {
  readonly root: Location;
  readonly files: FileStore;
  readonly flip: (file: Location) => Promise<void>;
}

const bucket = new LabBucket();
const folder = mkdtempSync(join(tmpdir(), 'hiveferry-scripts-'));
let stage: Stage;

beforeAll(async () => {
  stage = await openStage('copy-scripts', { environment: lakeKeys(bucket) });
  await clean();
  await makeTables();
  await stage.api.registerCluster(lakeCluster(stage.lab, bucket, locationIn(bucket, FOLDER)));
}, 600_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await clean();
  await stage.close();
});

describe.concurrent('the script of a database', () => {
  it.for(['PULL', 'PUSH'] as const)('copies between HDFSs (%s), copies nothing when run again, and mends a damaged file', async (flow) => {
    const to = hdfsOf(flow);
    const run = await scriptFor({ cluster: 'target', flow, to });

    expect(await run()).toEqual({ code: 0, said: expect.stringContaining('copy: 4 files copied, 0 were there already') });
    expect(await namesBelow(to.files, to.root)).toEqual(Object.keys(FILES).sort());
    expect(await run()).toEqual({ code: 0, said: expect.stringContaining('copy: 0 files copied, 4 were there already') });

    await to.flip(below(to.root, ['two', 'days', 'a.txt']));
    expect(await run('validate')).toEqual({ code: 1, said: expect.stringMatching(/CHECKSUM\t.*two\/days\/a\.txt/) });
    const { code, said } = await run();
    expect([code, said]).toEqual([0, expect.stringContaining('copy: 1 files copied, 0 were there already')]);
    expect(said).toMatch(/job \d \S+\/one\/days: VALID: 3 files, 14 bytes, contents equal/);
  });

  it.for(['PULL', 'PUSH'] as const)(
    'copies to a bucket (%s), says what it did not compare, and mends a damaged file that was read back',
    async (flow) => {
      const to = bucketOf(flow);
      const run = await scriptFor({ cluster: 'lake', flow, to });

      const first = await run();
      expect(first).toEqual({ code: 0, said: expect.stringContaining('copy: 4 files copied, 0 were there already') });
      expect(first.said).toMatch(/VALID: 3 files, 14 bytes, sizes equal; contents not compared/);
      expect(await namesBelow(to.files, to.root)).toEqual(Object.keys(FILES).sort());

      await to.flip(below(to.root, ['one', 'days', 'd=2', 'größe 表.txt']));
      expect(await run('--read-back')).toEqual({ code: 1, said: expect.stringMatching(/CONTENT\t.*größe 表\.txt/) });
      expect(await run('--read-back')).toEqual({ code: 0, said: expect.stringContaining('1 files copied, ') });
      expect(await run('--read-back')).toEqual({ code: 0, said: expect.stringContaining('copy: 0 files copied, 4 were there already') });
    },
  );
});

function hdfsOf(flow: string): Destination {
  const { namespace, webHdfsUri } = stage.lab.clusters.target.hdfs;
  const root = parseLocation(`${namespace}/data/${FOLDER}/${flow}`);
  if (root === undefined) throw new Error(`not a namespace: ${namespace}`);
  const hdfs = new Hdfs({ webHdfsUri });
  const files = createWebHdfsFileStore({ namespace: namespaceOf(root), webHdfsUri, user: 'hdfs' });
  return { root, files, flip: async (file) => await hdfs.flipByte(pathOf(file)) };
}

function bucketOf(flow: string): Destination {
  return { root: locationIn(bucket, `${FOLDER}/${flow}`), files: bucket.store().files, flip: async (file) => await bucket.flipByte(file) };
}

/** Plans, takes the archive as a person would, and gives what runs its script. */
async function scriptFor(of: {
  readonly cluster: string;
  readonly flow: string;
  readonly to: Destination;
}): Promise<(...options: string[]) => Promise<EndedScript>> {
  const { cluster, flow, to } = of;
  const planned = await stage.plan(
    { databases: [DATABASE] },
    {
      targets: [cluster],
      databasePrefix: `${flow.toLowerCase()}_`,
      locations: { map: [{ from: `${stage.lab.clusters.source.hdfs.namespace}/data/${DATABASE}`, to: to.root }] },
      distcp: { flow },
    },
  );
  const unpacked = mkdtempSync(join(folder, `${cluster}-${flow}-`));
  const answer = await fetch(`${stage.api.url}/v1/runs/${planned.id}/artefacts.tar.gz`);
  writeFileSync(join(unpacked, 'archive.tar.gz'), new Uint8Array(await answer.arrayBuffer()));
  await promisify(execFile)('tar', ['-xzf', 'archive.tar.gz', '--strip-components=1'], { cwd: unpacked });
  expect(readFileSync(join(unpacked, `${DATABASE}_distcp_source.txt`), 'utf8').match(/\/days$/gm)).toHaveLength(2);
  const side = flow === 'PUSH' ? 'source' : 'target';
  const environment = {
    PATH: process.env['PATH'],
    HADOOP: stage.lab.clusters[side].hadoop.command,
    DISTCP_OPTS: '-Dmapreduce.client.progressmonitor.pollinterval=20',
  };
  return async (...options) => await runScript([join(unpacked, `${DATABASE}_distcp_script.sh`), ...options], environment);
}

async function clean(): Promise<void> {
  await stage.dropDatabases([DATABASE]);
  await new Hdfs(stage.lab.clusters.target.hdfs).remove(`/data/${FOLDER}`);
  await bucket.store().files.remove(locationIn(bucket, FOLDER));
}

async function makeTables(): Promise<void> {
  const { source, lab } = stage;
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  for (const [path, content] of Object.entries({ ...FILES, ...HIDDEN })) await hdfs.write(`/data/${DATABASE}/${path}`, content);
  const at = (path: string): string => `location '${lab.clusters.source.hdfs.namespace}/data/${DATABASE}/${path}'`;
  await source.execute(`create database ${DATABASE}`);
  await source.execute(`create external table ${DATABASE}.days (name string) partitioned by (d int) ${at('one/days')}`);
  await source.execute(`alter table ${DATABASE}.days add partition (d=1) partition (d=2)`);
  await source.execute(`create external table ${DATABASE}.other (name string) ${at('two/days')}`);
}
