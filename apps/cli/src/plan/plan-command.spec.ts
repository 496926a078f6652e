import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'hiveferry-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const cluster = (name: string, version: string): string =>
  file(
    `${name}.yaml`,
    `name: ${name}
hive: { version: ${version}, managedWarehouse: /warehouse/managed, externalWarehouse: /warehouse/external }
metastore: { uri: 'thrift://${name}:9083' }
hiveServer2: { host: ${name}, port: 10000 }
hdfs: { namespace: 'hdfs://${name}', webHdfsUri: 'http://${name}:9870' }
hadoop: { command: hadoop }
`,
  );
const request = (more = ''): string =>
  file(`request${more.length}.yaml`, `source: left\ntargets: [right]\nselection: { databases: [shop] }\n${more}`);
const dataSet = file(
  'data.yaml',
  `databases:
  shop:
    properties:
      LEFT: { DB_NAME: shop, LOCATION: 'hdfs://left/shop' }
    tableMirrors:
      orders:
        environments:
          LEFT:
            exists: true
            definition:
            - "CREATE EXTERNAL TABLE \`shop.orders\`(\`id\` int)"
            - "PARTITIONED BY (\`dt\` string)"
            - "LOCATION 'hdfs://left/data/orders'"
            partitions:
              "dt=1": "hdfs://left/data/orders/dt=1"
`,
);
const sides = ['--source', dataSet, '--source-cluster', cluster('left', '3.1.3'), '--target-cluster', cluster('right', '4.0.1')];

async function ferry(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), home: folder };
  return { code: await runCommand(['plan', ...argv], terminal), out: out.join('\n'), err: err.join('\n') };
}

describe('ferry plan', () => {
  const out = join(folder, 'out');

  it("plans a data set of hms-mirror's form", async () => {
    const answer = await ferry('-f', request(), ...sides, '--out', out);
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect(answer.out).toMatch(/^shop: 1 MIGRATE\nplan [0-9a-f]{64}\n/);
  });

  it('gives the same bytes again', async () => {
    const first = await ferry('-f', request(), ...sides, '--out', out, '--json');
    expect(await ferry('-f', request(), ...sides, '--out', out, '--json')).toEqual(first);
  });

  it('writes a report, the effective request and the state of the run', async () => {
    const reported = join(folder, 'reported');
    await ferry('-f', request(), ...sides, '--out', reported);
    const first = readdirSync(reported);
    expect(first).toEqual(expect.arrayContaining(['report.html', 'plan.json', 'effective-request.yaml', 'run-status.yaml']));
    expect(readFileSync(join(reported, 'report.html'), 'utf8')).toContain('<title>left to right');
    expect(parse(readFileSync(join(reported, 'run-status.yaml'), 'utf8'))).toMatchObject({
      state: 'PLANNED',
      exitCode: 0,
      planHashes: { right: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      databases: { shop: { MIGRATE: 1 } },
    });
  });

  const moving = file(
    'moving.yaml',
    'source: left\ntargets: [left]\nstrategy: STORAGE_MIGRATION\nselection: { databases: [shop] }\n' +
      'locations: { map: [{ from: "hdfs://left/data", to: "s3a://lake/moved" }] }\n',
  );

  it('moves no tables of which one holds a partition of the other', async () => {
    const sharing = file(
      'sharing.yaml',
      readFileSync(dataSet, 'utf8') +
        `      returns:
        environments:
          LEFT:
            exists: true
            definition:
            - "CREATE EXTERNAL TABLE \`shop.returns\`(\`id\` int)"
            - "PARTITIONED BY (\`dt\` string)"
            - "LOCATION 'hdfs://left/data/returns'"
            partitions:
              "dt=1": "hdfs://left/data/orders/dt=1"
`,
    );
    const place = join(folder, 'sharing');
    const { out: said } = await ferry('-f', moving, '--source', sharing, ...sides.slice(2, 4), '--out', place);
    expect(said).toMatch(/^shop: 2 REFUSED$/m);
    expect(said).toContain('shop.orders is refused: s3a://lake/moved/orders would hold files of shop.returns as well');
    expect(said).toContain('shop.returns is refused: s3a://lake/moved/orders/dt=1 would hold files of shop.orders as well');
  });

  it('plans tables that move within their cluster, without a word of a target', async () => {
    const place = join(folder, 'moving');
    expect(await ferry('-f', moving, ...sides.slice(0, 4), '--out', place)).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(place, 'shop_RIGHT_execute.sql'), 'utf8')).toMatch(
      /^ALTER TABLE `shop`\.\S+ SET LOCATION 's3a:\/\/lake\/moved\//m,
    );
  });

  describe('for several targets', () => {
    const several = file('several.yaml', 'source: left\ntargets: [right, lake]\nselection: { databases: [shop] }\n');
    const clusters = [...sides, '--target-cluster', cluster('lake', '4.0.1')];

    it('writes a folder for each and one report', async () => {
      const place = join(folder, 'two');
      const { code, out: said } = await ferry('-f', several, ...clusters, '--out', place);
      expect({ code, folders: readdirSync(place).sort() }).toEqual({
        code: 0,
        folders: ['lake', 'report.html', 'right', 'run-status.yaml'],
      });
      expect(readdirSync(join(place, 'lake'))).toEqual(expect.arrayContaining(['plan.json', 'shop_RIGHT_execute.sql']));
      expect(said).toMatch(/^right: shop: 1 MIGRATE\nright: plan \w{64}\nlake: shop: 1 MIGRATE\nlake: plan \w{64}\nWritten/);
      expect(parse(readFileSync(join(place, 'lake', 'effective-request.yaml'), 'utf8'))).toMatchObject({ targets: ['lake'] });
    });

    it('gives each the plan that it has alone', async () => {
      const { out: both } = await ferry('-f', several, ...clusters, '--out', out, '--json');
      const { out: alone } = await ferry('-f', request(), ...sides, '--out', out, '--json');
      expect(both.split('\n')[0]).toBe(alone);
      expect(both.split('\n')).toHaveLength(2);
    });

    it.each([
      ['a target that no file tells of', sides, 'expected --target-cluster FILE, the cluster lake'],
      ['a cluster that is no target', [...clusters, '--target-cluster', cluster('foreign', '4.0.1')], 'foreign.yaml is of foreign'],
      ['a cluster said again', [...clusters, '--target-cluster', cluster('lake', '4.0.1')], 'names two files of lake'],
      ['data that do not say whose they are', [...clusters, '--target', dataSet], 'expected --target NAME=FILE'],
    ])('refuses %s', async (_, argv, text) => {
      const { code, err } = await ferry('-f', several, ...argv, '--out', join(folder, 'none'));
      expect(code).toBe(2);
      expect(err).toContain(text);
    });

    it('takes data of a target by its name', async () => {
      const { code, out: said } = await ferry('-f', several, ...clusters, '--target', `lake=${dataSet}`, '--out', join(folder, 'named'));
      expect(code).toBe(0);
      expect(said).toContain('lake: shop: 1 MIGRATE');
    });
  });

  it.each([
    [
      'a request for another source',
      ['-f', file('other.yaml', 'source: x\ntargets: [right]\nselection: { databases: [shop] }'), ...sides],
      'names source x',
    ],
    ['a strategy that is not there', ['-f', request('strategy: ICEBERG_CONVERSION'), ...sides], 'STRATEGY_NOT_AVAILABLE'],
    [
      'a database that is not there',
      ['-f', file('none.yaml', 'source: left\ntargets: [right]\nselection: { databases: [nope] }'), ...sides],
      'has no database nope: correct selection.databases; there are shop',
    ],
    ['no facts of the target', ['-f', request(), ...sides.slice(0, 4)], 'expected --target-cluster FILE'],
    [
      'a key that is not there',
      ['-f', file('key.yaml', 'source: left\ntargets: [right, { name: lake }]\nselection: { databases: [shop] }'), ...sides],
      'targets[1].name: unknown key "name"',
    ],
    ['an address for a file', ['-f', request(), '--source', 'thrift://h:1'], 'ferry snapshot writes what is there to a file'],
    ['no request', sides, 'expected -f REQUEST'],
  ])('refuses %s', async (_, argv, text) => {
    const { code, err } = await ferry(...argv, '--out', out);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });
});
