import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runCommand } from '../../apps/cli/src/commands.ts';
import { configurationKeys } from '../../libs/contracts/src/configuration.ts';
import { ClusterBody, ClusterSpec } from '../../libs/contracts/src/http/cluster.ts';
import { MigrationRequest } from '../../libs/contracts/src/http/migration.ts';
import { problemsOf } from './documentation.ts';
import type { BodyKind, Known } from './documentation.ts';

const root = join(import.meta.dirname, '../..');
const contentOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const jsonOf = <T>(file: string, schema: z.ZodType<T>): T => schema.parse(JSON.parse(contentOf(file)));

const Manifest = z.looseObject({ scripts: z.record(z.string(), z.string()) });
const OpenApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
const files = ['README.md', 'CHANGELOG.md', ...docs.filter((name) => name.endsWith('.md'))];
const known: Known = {
  pages: new Map(files.map((file) => [file, contentOf(file)])),
  exists: (file) => existsSync(join(root, file)),
  scripts: new Set(Object.keys(jsonOf('package.json', Manifest).scripts)),
  commands: await commandsOfFerry(),
  operations: new Map(
    Object.entries(jsonOf('docs/reference/openapi.json', OpenApi).paths).map(([path, methods]) => [
      path,
      Object.keys(methods).map((method) => method.toUpperCase()),
    ]),
  ),
  keys: new Set(configurationKeys().map(({ key }) => key)),
  refusals,
};

async function commandsOfFerry(): Promise<ReadonlySet<string>> {
  let help = '';
  await runCommand(['help'], { out: (text) => (help += text), err: () => undefined, home: '/' });
  return new Set([...help.matchAll(/^ {2}ferry ([a-z-]+)/gm)].map(([, name = '']) => name));
}

function refusals(json: string, kind: BodyKind): readonly string[] {
  const schema = { migration: MigrationRequest, cluster: ClusterSpec, clusterChange: ClusterBody }[kind];
  try {
    const { error } = schema.safeParse(JSON.parse(json));
    return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  } catch {
    return ['a body that is no JSON'];
  }
}

const cluster = (more: object = {}): string =>
  JSON.stringify({
    ...more,
    hive: { version: '3.1.3', managedWarehouse: '/warehouse/managed', externalWarehouse: '/warehouse/external' },
    metastore: { uri: 'thrift://m:9083' },
    hiveServer2: { host: 'h', port: 10000 },
    hdfs: { namespace: 'hdfs://n:8020', webHdfsUri: 'http://n:9870' },
    hadoop: { command: 'hadoop' },
  });

const problemsIn = (text: string): readonly string[] => problemsOf({ file: 'docs/tutorial/page.md', text }, known);

test('there is something to look up', () => {
  expect(files.filter((file) => file.startsWith('docs/tutorial/'))).not.toEqual([]);
  expect([known.scripts.has('demo'), known.commands.has('hms-mirror'), known.operations.get('/v1/migrations')]).toEqual([
    true,
    true,
    ['POST', 'GET'],
  ]);
});

test.each(files)('%s names only what there is', (file) => {
  expect(problemsOf({ file, text: known.pages.get(file) ?? '' }, known)).toEqual([]);
});

test('a page may name scripts, commands, paths, pages and headings that are there', () => {
  const page = [
    '`npm run --silent lab -- up`, `./ferry why hr.csv`, `GET /v1/runs/{id}/tables?state=FAILED`, ferry keeps nothing.',
    '`FERRY_CLUSTER`, `FERRY_WORKERS_*`, keys that start with `FERRY_`; `HIVEFERRY_LAB_DIR` is none of the service.',
    `curl $API/v1/clusters -d '${cluster({ name: 'lake' })}'`,
    `curl -X PUT $API/v1/clusters/lake -d '${cluster()}'`,
    "cat > lake.json <<'END'",
    cluster({ name: 'lake' }),
    'END',
    'curl $API/v1/clusters -d @lake.json',
    '[glossary](../glossary.md#hives-and-hadoops), [below](#below), [away](https://example.org/#x)',
    'curl -s $API/v1/migrations -d @request.json',
    'curl -s -X POST $API/v1/runs/$RUN:resume',
    'curl -s $API/v1/runs/$RUN:execute \\',
    '  -d @approval.json',
    '{',
    '  "source": "source", "targets": ["target"], "selection": {"databases": ["hr"]}',
    '}',
    '```',
    '{',
    '  "selection": …',
    '```',
    '# Below',
  ];
  expect(problemsIn(page.join('\n'))).toEqual([]);
});

test.each([
  ['npm run no:such: package.json has no such script', 'npm run no:such -- up'],
  ['ferry migrate: there is no such command', '`ferry migrate x`'],
  ['ferry watch: there is no such command', './ferry watch'],
  ['/v1/tables: the HTTP API has no such path', 'see /v1/tables.'],
  ['/v1/runs/{id}:approve: the HTTP API has no such path', '`POST /v1/runs/{id}:approve`'],
  ['PUT /v1/migrations: the HTTP API takes POST,GET there', '`PUT /v1/migrations`'],
  ['GET /v1/runs/$RUN:execute: the HTTP API takes POST there', 'curl -s $API/v1/runs/$RUN:execute'],
  ['POST /v1/runs/$RUN/events: the HTTP API takes GET there', 'curl -X POST http://127.0.0.1:8080/v1/runs/$RUN/events'],
  ['targets: expected at least one target', '{\n  "source": "source", "targets": [], "selection": {"databases": ["hr"]}\n}'],
  ['a body that is no JSON', '{\n  "source": "source", "selection": {\n}'],
  ['FERRY_LEASE: the configuration has no such key', 'set `FERRY_LEASE=10`'],
  ['FERRY_WORKER_: the configuration has no such key', '`FERRY_WORKER_*`'],
  ['name: Invalid input: expected string, received undefined', `curl $API/v1/clusters -d '${cluster()}'`],
  [': Unrecognized key: "name"', `curl -X PUT $API/v1/clusters/lake -d '${cluster({ name: 'lake' })}'`],
  [
    ': Unrecognized key: "hdfsUser"',
    `cat > c.json <<'END'\n${cluster({ name: 'lake', hdfsUser: 'x' })}\nEND\ncurl $API/v1/clusters \\\n  -d @c.json`,
  ],
  ['a body that is no JSON', "curl $API/v1/clusters -d 'name=lake'"],
  ['gone.json: the page does not say what is in it', 'curl $API/v1/clusters -d @gone.json'],
  ['link to gone.md: there is no docs/tutorial/gone.md', '[page](gone.md)'],
  ['link to ../glossary.md#gone: docs/glossary.md has no such heading', '[page](../glossary.md#gone)'],
])('it says of a page: %s', (problem, text) => {
  expect(problemsIn(text)).toEqual([`docs/tutorial/page.md: ${problem}`]);
});
