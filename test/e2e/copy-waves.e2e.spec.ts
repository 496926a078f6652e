/** Scripts of several jobs, run by `sh` on the lab: lists, a split table, a sequence, waves and lanes, and what comes after a failure. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import { namespaceOf, parseLocation } from '@hiveferry/core';
import { readLab } from '../../lab/src/index.ts';
import { hmsMirrorCommand } from '../../apps/cli/src/hms-mirror/run-hms-mirror.ts';
import { Hdfs } from '../support/hdfs.ts';
import { namesBelow, runScript, type EndedScript } from '../support/shell-script.ts';

const FOLDER = 'copy_waves';
/** Below a test's folder at the source, and where each goes below that of the target. Of `p=3` only the metastore knows. */
const FILES: Readonly<Record<string, string>> = {
  'huge/p=1/f': 'huge/p=1/f',
  'huge/p=2/f': 'huge/p=2/f',
  'huge/p=4/f': 'huge/p=4/f',
  'huge/p=5/f': 'huge/p=5/f',
  'huge/p=6/f': 'huge/p=6/f',
  'huge/p=10/f': 'huge/p=10/f',
  'huge/loose': 'huge/loose',
  'one/p=7/f': 'one/p=7/f',
  'two/p=7/deep/f': 'two/p=7/deep/f',
  'small/a/f': 'wh/shop/a/f',
  'small/a/sub/g': 'wh/shop/a/sub/g',
  "small/b/it's [b]": "wh/shop/b/it's [b]",
  'small/c/f': 'wh/shop/c/f',
};
const HIDDEN = ['huge/p=1/_tmp/x', 'huge/_SUCCESS', 'small/a/.staging/x'];
const NAMES = ['pull', 'push', 'whole'];
const GIB = 1024 ** 3;

const lab = readLab();
const source = new Hdfs(lab.clusters.source.hdfs);
const target = new Hdfs(lab.clusters.target.hdfs);
const folder = mkdtempSync(join(tmpdir(), 'hiveferry-waves-'));

beforeAll(async () => {
  await clean();
  for (const path of [...Object.keys(FILES), ...HIDDEN])
    for (const name of NAMES) await source.write(`${folderOf(name)}/${path}`, `content of ${path}\n`);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await clean();
});

describe.concurrent('a script of several jobs', () => {
  it('copies by lists and parts in lanes, goes on after a failure where it stopped, and mends what was damaged', async () => {
    const run = await planned('pull', { packing: 'LIST', flow: 'PULL' });
    const unreadable = `${folderOf('pull')}/two/p=7/deep`;
    await source.setOwner(unreadable, 'somebody');
    await source.setPermission(unreadable, '700');

    const failed = await run();
    expect([failed.code, failed.said]).toEqual([
      1,
      expect.stringMatching(/left out a directory that it could not list: .*deep after 3 retries/),
    ]);
    const status = (await run('status')).said;
    expect(status).toMatch(/job \d COPIED: .*huge\n/);
    expect(status).toMatch(/job \d FAILED: .*two\/p=7/);

    const abandoned = `${folderOf('pull')}/two/p=7/.distcp.tmp.attempt_local1_0001_m_000000_0`;
    await target.write(abandoned, 'half');
    await source.setPermission(unreadable, '755');
    const resumed = await run();
    expect([resumed.code, resumed.said]).toEqual([0, expect.stringMatching(/huge: copied by an earlier run[^]*copy: 13 files copied/)]);
    expect(await arrived('pull')).toEqual(Object.values(FILES).sort());

    await target.flipByte(`${folderOf('pull')}/wh/shop/c/f`);
    await target.flipByte(`${folderOf('pull')}/huge/p=10/f`);
    await target.remove(`${folderOf('pull')}/huge/p=5/f`);
    expect(await run('validate')).toEqual({ code: 1, said: expect.stringContaining('Differences: 3') });
    expect(await run()).toEqual({ code: 0, said: expect.stringMatching(/copy: 3 files copied, [^]*done: all/) });
  });

  it('copies the directories of one job one after another, with the properties of the plan', async () => {
    const run = await planned('push', { packing: 'NONE', flow: 'PUSH' });
    expect(readFileSync(join(folder, 'push', 'shop_distcp_script.sh'), 'utf8')).toMatch(
      /\n {2}distcp_if_there (?:.*\n){2}? {2}directory .*\n {2}distcp_if_there /,
    );
    expect(await run()).toEqual({ code: 0, said: expect.stringContaining('copy: 13 files copied') });
    expect(await arrived('push')).toEqual(Object.values(FILES).sort());
    expect(await target.replication(`${folderOf('push')}/huge/loose`)).toBe(2);
  });

  it('copies tables of one directory as a whole, and nothing when run again', async () => {
    const run = await planned('whole', { packing: 'LIST', flow: 'PULL' });
    expect(await run()).toEqual({ code: 0, said: expect.stringMatching(/job \d of 3: \S+\/small\n[^]*copy: 13 files copied/) });
    expect(await arrived('whole')).toEqual(Object.values(FILES).sort());
    expect(await run()).toEqual({ code: 0, said: expect.stringContaining('copy: 0 files copied, 13 were there already') });
  });
});

/** Plans by `ferry hms-mirror`; gives what runs the script that it wrote. */
async function planned(
  name: string,
  of: { readonly packing: string; readonly flow: string },
): Promise<(...options: string[]) => Promise<EndedScript>> {
  const out = join(folder, name);
  mkdirSync(out);
  const [configuration, data] = [join(folder, `${name}.yaml`), join(folder, `${name}-data.yaml`)];
  writeFileSync(configuration, configurationText(of.packing, name === 'whole'));
  writeFileSync(data, dataSetText(name));
  const to = folderOf(name);
  const where = ['-tt', 'ALIGNED', '-wps', `shop=${to}/wh:${to}/managed`, '-glm', `${to}=${to}`];
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const argv = ['-cfg', configuration, '-ltd', data, '-db', 'shop', '-o', out, ...where, '-dc', of.flow];
  const code = await hmsMirrorCommand(argv, { out: say, err: say, home: folder });
  expect([code, said.join('\n')]).toEqual([0, expect.anything()]);
  const side = of.flow === 'PUSH' ? 'source' : 'target';
  const environment = { PATH: process.env['PATH'], HADOOP: lab.clusters[side].hadoop.command, HCFS_BASE_DIR: `${to}/lists` };
  return async (...options) => await runScript([join(out, 'shop_distcp_script.sh'), ...options], environment);
}

function configurationText(packing: string, consolidateTablesForDistcp: boolean): string {
  const { source: left, target: right } = lab.clusters;
  return JSON.stringify({
    transfer: {
      warehouse: { managedDirectory: '/warehouse/managed', externalDirectory: '/warehouse/external' },
      storageMigration: { consolidateTablesForDistcp },
      distcp: { slots: 2, maxMappers: 4, waveMinutes: 1, packing, properties: { 'dfs.replication': '2' } },
    },
    clusters: {
      LEFT: { platformType: 'CDP7_1', hcfsNamespace: left.hdfs.namespace },
      RIGHT: { platformType: 'APACHE_HIVE4', hcfsNamespace: right.hdfs.namespace },
    },
  });
}

/** Sizes are said, not true: the table is split for them. */
function dataSetText(name: string): string {
  const at = (path: string): string => `${lab.clusters.source.hdfs.namespace}${folderOf(name)}/${path}`;
  const small = ['a', 'b', 'c'].map((table) => [table, tableOf(table, { place: at(`small/${table}`), bytes: 1000, partitions: {} })]);
  const inside = Object.fromEntries([1, 2, 3, 4, 5, 6, 10].map((p) => [`p=${p}`, at(`huge/p=${p}`)]));
  const huge = tableOf('huge', {
    place: at('huge'),
    bytes: 56 * GIB,
    partitions: { ...inside, 'p=71': at('one/p=7'), 'p=72': at('two/p=7') },
  });
  const tables = { ...Object.fromEntries(small), huge };
  return JSON.stringify({ databases: { shop: { properties: { LEFT: { LOCATION: at('shop') } }, tableMirrors: tables } } });
}

interface Recorded {
  readonly place: string;
  readonly bytes: number;
  readonly partitions: Readonly<Record<string, string>>;
}

function tableOf(name: string, { place, bytes, partitions }: Recorded): object {
  const keys = Object.keys(partitions).length === 0 ? [] : ['PARTITIONED BY (`p` string)'];
  return {
    environments: {
      LEFT: {
        exists: true,
        definition: [`CREATE EXTERNAL TABLE \`${name}\`(\`v\` string)`, ...keys, 'LOCATION', `'${place}'`],
        partitions,
        statistics: { 'data.size': bytes, 'file.count': 2 },
      },
      RIGHT: { exists: false, definition: [], partitions: {} },
    },
  };
}

/** At either side. */
function folderOf(name: string): string {
  return `/data/${FOLDER}/${name}`;
}

async function arrived(name: string): Promise<readonly string[]> {
  const { files, root } = storeOf(name);
  return (await namesBelow(files, root)).filter((path) => !path.startsWith('lists/'));
}

function storeOf(name: string) {
  const { namespace, webHdfsUri } = lab.clusters.target.hdfs;
  const root = parseLocation(`${namespace}${folderOf(name)}`);
  if (root === undefined) throw new Error(`not a namespace: ${namespace}`);
  return { root, files: createWebHdfsFileStore({ namespace: namespaceOf(root), webHdfsUri, user: 'hdfs' }) };
}

async function clean(): Promise<void> {
  for (const side of [source, target]) await side.remove(`/data/${FOLDER}`);
}
