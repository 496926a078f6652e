import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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

  it.each([
    [
      'a request for another source',
      ['-f', file('other.yaml', 'source: x\ntargets: [right]\nselection: { databases: [shop] }'), ...sides],
      'names source x',
    ],
    ['a strategy that is not there', ['-f', request('strategy: HYBRID'), ...sides], 'STRATEGY_NOT_AVAILABLE'],
    [
      'a database that is not there',
      ['-f', file('none.yaml', 'source: left\ntargets: [right]\nselection: { databases: [nope] }'), ...sides],
      'has no database nope',
    ],
    ['no facts of the target', ['-f', request(), ...sides.slice(0, 4)], 'expected --target-cluster FILE'],
    ['no request', sides, 'expected -f REQUEST'],
  ])('refuses %s', async (_, argv, text) => {
    const { code, err } = await ferry(...argv, '--out', out);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });
});
