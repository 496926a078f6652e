import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import type { TableWithPartitions } from '@hiveferry/core';
import { runCommand } from '../../apps/cli/src/commands.ts';
import { startApi } from '../support/api-process.ts';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { connectionOf, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const sales = { name: 'sales', parameters: {} };
const orders = aTable('orders');
const acid = { ...aTable('acid'), tableType: 'MANAGED_TABLE' as const, parameters: { transactional: 'true' } };
/** A table within another one, one that is there already, one that is refused. */
const tables: readonly TableWithPartitions[] = [
  { table: acid, partitions: [] },
  { table: aTable('items'), partitions: [] },
  { table: { ...aTable('nested'), storage: { ...orders.storage, location: `${orders.storage.location ?? ''}/nested` } }, partitions: [] },
  { table: orders, partitions: [] },
];
const standing = tables.slice(1, 2);
const request = { source: 'left', targets: ['right'], selection: { databases: ['sales'], excludeTables: ['nested'] } };

let stores: TestStores;
let api: NestFastifyApplication;
let ferry: INestApplicationContext;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hiveferry-plan-'));
  stores = await openTestStores(inject('postgresUrl'));
  const left = fakeCluster(connectionOf('left', 3), { databases: [sales], tables });
  const right = fakeCluster(connectionOf('right', 4), { databases: [sales], tables: standing });
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
  ferry = await startFerry(stores, fakeGateway([left, right]));
  api = await startApi(stores);
});
afterEach(async () => {
  await api.close();
  await ferry.close();
  await stores.drop();
  rmSync(folder, { recursive: true });
});

/** The hash and the files of the service's dry run. */
async function dryRun(): Promise<{ readonly planHash: string; readonly artefact: (name: string) => Promise<string> }> {
  const { runId } = (await api.inject({ method: 'POST', url: '/v1/migrations', payload: request })).json<{ runId: string }>();
  const artefact = async (name: string): Promise<string> => (await api.inject({ url: `/v1/runs/${runId}/artefacts/${name}` })).body;
  for (;;) {
    const run = (await api.inject({ url: `/v1/runs/${runId}` })).json<{ state: string; targets: { planHash: string }[] }>();
    if (run.state === 'PLANNED') return { planHash: run.targets[0]?.planHash ?? '', artefact };
    if (run.state !== 'REQUESTED' && run.state !== 'PLANNING') throw new Error(`the run is ${JSON.stringify(run)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function snapshotOf(name: string, major: 3 | 4, content: readonly TableWithPartitions[]): string {
  const { facts } = connectionOf(name, major);
  const source = {
    name,
    hiveVersion: `${major}.0`,
    namespace: facts.namespace,
    environment: {
      'hive.metastore.warehouse.dir': facts.managedWarehouse,
      'hive.metastore.warehouse.external.dir': facts.externalWarehouse,
      ...(facts.blockSizeBytes === undefined ? {} : { 'dfs.blocksize': String(facts.blockSizeBytes) }),
    },
  };
  const lines = [
    { type: 'snapshot', version: 1, takenAt: '2026-11-21T09:00:00.000Z', source },
    { type: 'database', side: 'source', database: sales },
    ...content.map(({ table }) => ({ type: 'table', side: 'source', table })),
  ];
  return written(`${name}.jsonl`, lines.map((line) => JSON.stringify(line)).join('\n'));
}

function written(name: string, content: string): string {
  writeFileSync(join(folder, name), `${content}\n`);
  return join(folder, name);
}

it('is the plan of the service, hash and files', async () => {
  const { planHash, artefact } = await dryRun();
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), home: folder };
  const sides = ['--source', snapshotOf('left', 3, tables), '--target', snapshotOf('right', 4, standing)];
  const argv = ['plan', '-f', written('request.yaml', JSON.stringify(request)), ...sides, '--out', join(folder, 'out'), '--json'];
  const code = await runCommand(argv, terminal);
  expect({ code, err }).toEqual({ code: 3, err: [] });
  expect(JSON.parse(out.join(''))).toMatchObject({ planHash });
  for (const file of ['sales_RIGHT_execute.sql', 'sales_distcp_plans.yaml', 'sales_distcp_script.sh']) {
    expect({ file, content: readFileSync(join(folder, 'out', file), 'utf8') }).toEqual({ file, content: await artefact(file) });
  }
});
