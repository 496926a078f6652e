import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { startApi } from '../support/api-process.ts';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { connectionOf, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const sales = { name: 'sales', parameters: {} };
const request = { source: 'left', targets: ['right'], selection: { databases: ['sales'] }, strategy: 'DUMP' };

let stores: TestStores;
let api: NestFastifyApplication;
let ferry: INestApplicationContext;
let statements: string[];

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  const tables = ['items', 'orders'].map((name) => ({ table: aTable(name), partitions: [] }));
  const left = fakeCluster(connectionOf('left', 3), { databases: [sales], tables });
  // A table of the same name there is in nobody's way.
  const right = fakeCluster(connectionOf('right', 4), { databases: [sales], tables: tables.slice(0, 1) });
  statements = [];
  for (const side of [left, right]) side.onStatement = async (sql) => void statements.push(sql);
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
  ferry = await startFerry(stores, fakeGateway([left, right]));
  api = await startApi(stores);
});
afterEach(async () => {
  await api.close();
  await ferry.close();
  await stores.drop();
});

async function planned(): Promise<{ readonly id: string; readonly planHash: string }> {
  const { runId } = (await api.inject({ method: 'POST', url: '/v1/migrations', payload: request })).json<{ runId: string }>();
  for (;;) {
    const run = (await api.inject({ url: `/v1/runs/${runId}` })).json<{ state: string; targets: { planHash: string }[] }>();
    if (run.state === 'PLANNED') return { id: runId, planHash: run.targets[0]?.planHash ?? '' };
    if (run.state !== 'REQUESTED' && run.state !== 'PLANNING') throw new Error(`the run is ${JSON.stringify(run)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('writes down the definitions of the source and the copies that would be', async () => {
  const { id } = await planned();
  const artefact = async (name: string) => (await api.inject({ url: `/v1/runs/${id}/artefacts/${name}` })).body;
  const source = await artefact('sales_LEFT_execute.sql');
  expect(source.match(/^CREATE .*$/gm)).toEqual([
    'CREATE DATABASE IF NOT EXISTS `sales`;',
    'CREATE EXTERNAL TABLE IF NOT EXISTS `sales`.`items`',
    'CREATE EXTERNAL TABLE IF NOT EXISTS `sales`.`orders`',
  ]);
  expect(await artefact('sales_RIGHT_execute.sql')).toContain('nothing is run on this side');
  expect((await artefact('sales_distcp_plans.yaml')).match(/^ +- source:/gm)).toHaveLength(2);
});

it('is never executed', async () => {
  const { id, planHash } = await planned();
  const answer = await api.inject({ method: 'POST', url: `/v1/runs/${id}:execute`, payload: { planHash } });
  expect(answer.json()).toMatchObject({ status: 422, code: 'STRATEGY_NOT_EXECUTABLE' });
  expect(statements).toEqual([]);
});
