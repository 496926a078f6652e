import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createsAsPlanned } from '../support/creates-as-planned.ts';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, location, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const sales = { name: 'sales', parameters: {} };
const days = aTable('days', { partitionKeys: [{ name: 'd', type: 'string' }] });
const fileOf = (side: 'left' | 'right', name: string) => location(`hdfs://${side}:8020/warehouse/external/sales.db/days/d=1/${name}`);
const partition = {
  values: ['1'],
  storage: { ...days.storage, location: `${days.storage.location ?? ''}/d=1` },
  parameters: {},
};

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let ferry: INestApplicationContext | undefined;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  left = fakeCluster(connectionOf('left', 3), { databases: [sales], tables: [{ table: days, partitions: [partition] }] });
  for (const name of ['a', 'b']) left.files.putFile(fileOf('left', name), 10, 5);
  right = fakeCluster(connectionOf('right', 4), { databases: [sales, { name: 'hiveferry_preflight', parameters: {} }] });
  right.files.putFile(fileOf('right', 'a'), 10, 9);
  right.onStatement = createsAsPlanned(stores, right);
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
  ferry = await startFerry(stores, fakeGateway([left, right]));
});
afterEach(async () => {
  await ferry?.close();
  await stores.drop();
});

const stateAtTheEnd = async (runId: string): Promise<string | undefined> => {
  await expect.poll(async () => (await stores.runs.run(runId))?.state).toMatch(/SUCCEEDED|INCOMPLETE|FAILED/);
  return (await stores.runs.table(runId, 'right', { database: 'sales', table: 'days' }))?.state;
};
const repairs = (): number => right.statements.filter((sql) => sql.startsWith('MSCK')).length;

describe('discovery', () => {
  it('waits for the table to be proved, also where that takes a resume, and is not repeated by a verification', async () => {
    const spec = aSpec({ copy: { by: 'external' }, onExisting: 'sync', partitionDiscovery: { msckSync: true } });
    const { runId } = await stores.runs.createMigration(spec, { executeAfterPlan: true });
    await expect.poll(() => stores.rows(`select from step where kind = 'await-copy' and state = 'WAITING'`)).toHaveLength(1);
    await stores.runs.confirmCopied({ runId });
    expect([await stateAtTheEnd(runId), repairs()]).toEqual(['NOT_VERIFIED', 0]);

    right.files.putFile(fileOf('right', 'b'), 10, 9);
    await stores.runs.resumeRun(runId);
    expect([await stateAtTheEnd(runId), repairs()]).toEqual(['VERIFIED', 1]);

    await stores.runs.verifyRun(runId);
    expect([await stateAtTheEnd(runId), repairs()]).toEqual(['VERIFIED', 1]);
    expect(await stores.rows('select verdict from evidence order by id')).toEqual([
      { verdict: 'NOT_VERIFIED' },
      { verdict: 'VERIFIED' },
      { verdict: 'VERIFIED' },
    ]);
  });
});
