import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createsAsPlanned } from '../support/creates-as-planned.ts';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, location, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { until as waitUntil } from '../support/until.ts';

const NAMES = ['items', 'orders'];
const sales = { name: 'sales', parameters: {} };
const fileOf = (side: 'left' | 'right', table: string) => location(`hdfs://${side}:8020/warehouse/external/sales.db/${table}/000000_0`);

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let ferry: INestApplicationContext | undefined;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  left = fakeCluster(connectionOf('left', 3), {
    databases: [sales],
    tables: NAMES.map((name) => ({ table: aTable(name), partitions: [] })),
  });
  for (const name of NAMES) left.files.putFile(fileOf('left', name), 10, 5);
  right = fakeCluster(connectionOf('right', 4), { databases: [sales, { name: 'hiveferry_preflight', parameters: {} }], copiesFrom: left });
  right.onStatement = createsAsPlanned(stores, right);
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
  ferry = await startFerry(stores, fakeGateway([left, right]));
});
afterEach(async () => {
  await ferry?.close();
  await stores.drop();
});

async function migrate(): Promise<string> {
  const { runId } = await stores.runs.createMigration(aSpec({ copy: { by: 'external' } }), { executeAfterPlan: true });
  return runId;
}

/** Steps that wait, by table, once they have looked. */
async function untilWaiting(runId: string): Promise<void> {
  await until(async () => {
    const rows = await stores.rows(`select from step where run_id = $1 and kind = 'await-copy' and attempt > 0 and state = 'WAITING'`, [
      runId,
    ]);
    return rows.length === NAMES.length;
  });
}

const until = (isSo: () => Promise<boolean>): Promise<boolean> =>
  waitUntil(isSo, { state: () => stores.rows('select key, state, attempt, failure from step') });

async function statesAtTheEnd(runId: string): Promise<readonly unknown[]> {
  await until(async () => ['SUCCEEDED', 'INCOMPLETE', 'FAILED'].includes((await stores.runs.run(runId))?.state ?? ''));
  const { items } = await stores.runs.tables({ runId, pageSize: 10 });
  return items.map(({ source, state, evidence }) => [source.table, state, evidence?.findings.map(({ code }) => code)]);
}

describe('files that others copy', () => {
  it('are waited for without a worker, a try or a DistCp, and go on when both sides list the same', async () => {
    const runId = await migrate();
    await untilWaiting(runId);
    expect(await stores.rows(`select distinct tries, failure ->> 'code' as code from step where kind = 'await-copy'`)).toEqual([
      { tries: 0, code: 'COPY_AWAITED' },
    ]);
    for (const name of NAMES) right.files.putFile(fileOf('right', name), 10, 9);
    expect(await statesAtTheEnd(runId)).toEqual(NAMES.map((name) => [name, 'VERIFIED', []]));
    expect([left.copies, right.copies]).toEqual([[], []]);
    expect(await stores.rows(`select distinct result ->> 'by' as by from step where kind = 'await-copy'`)).toEqual([{ by: 'listings' }]);
  });

  it('go on table by table when they are confirmed, and what is not there is found by the proof', async () => {
    const runId = await migrate();
    await untilWaiting(runId);
    const orders = { database: 'sales', table: 'orders' };
    // Saying it twice is fine.
    for (const _ of [1, 2])
      expect(await stores.runs.confirmCopied({ runId, tables: [orders] })).toEqual([{ target: 'right', source: orders }]);
    await until(async () => (await stores.runs.table(runId, 'right', orders))?.state === 'NOT_VERIFIED');
    expect((await stores.runs.run(runId))?.state).toBe('EXECUTING');
    expect(await stores.runs.confirmCopied({ runId })).toHaveLength(2);
    expect(await statesAtTheEnd(runId)).toEqual(NAMES.map((name) => [name, 'NOT_VERIFIED', ['FILE_MISSING']]));
  });

  it('cannot be confirmed for tables that wait for none, nor before the run is executed', async () => {
    const runId = await migrate();
    await untilWaiting(runId);
    await expect(stores.runs.confirmCopied({ runId, tables: [{ database: 'sales', table: 'nothing' }] })).rejects.toMatchObject({
      code: 'COPY_NOT_AWAITED',
    });
    const planned = await stores.runs.createMigration(aSpec({ copy: { by: 'external' } }), { executeAfterPlan: false });
    await until(async () => (await stores.runs.run(planned.runId))?.state === 'PLANNED');
    await expect(stores.runs.confirmCopied({ runId: planned.runId })).rejects.toMatchObject({ code: 'RUN_NOT_EXECUTING' });
  });

  it('are cancelled with their run', async () => {
    const runId = await migrate();
    await untilWaiting(runId);
    await stores.runs.cancelRun(runId);
    await until(async () => (await stores.runs.run(runId))?.state === 'CANCELLED');
  });
});
