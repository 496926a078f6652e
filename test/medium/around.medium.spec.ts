/** Tables of databases that a request does not select: a copy neither takes their files along nor puts others in their place. */
import type { INestApplicationContext } from '@nestjs/common';
import type { Table } from '@hiveferry/core';
import type { MigrationSpec, RunRecord, TableRecord } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createsAsPlanned } from '../support/creates-as-planned.ts';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, location, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

const SOURCE = 'hdfs://left:8020/warehouse/external/sales.db/orders';
const TARGET = 'hdfs://right:8020/warehouse/external/sales.db/orders';
const at = (place: string, changes: Partial<Table> = {}) => {
  const table = aTable('inner', { database: 'other', ...changes });
  return { table: { ...table, storage: { ...table.storage, location: place } }, partitions: [] };
};

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let ferry: INestApplicationContext | undefined;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  const databases = ['sales', 'other', 'third'].map((name) => ({ name, parameters: {} }));
  left = fakeCluster(connectionOf('left', 3), { databases, tables: [{ table: aTable('orders'), partitions: [] }] });
  left.files.putFile(location(`${SOURCE}/000000_0`), 10, 5);
  left.files.putFile(location(`${SOURCE}/inner/000000_0`), 20, 5);
  right = fakeCluster(connectionOf('right', 4), {
    databases: [...databases, { name: 'hiveferry_preflight', parameters: {} }],
    copiesFrom: left,
  });
  right.onStatement = createsAsPlanned(stores, right);
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
});
afterEach(async () => {
  await ferry?.close();
  ferry = undefined;
  await stores.drop();
});

async function migrate(changes: Partial<MigrationSpec> = {}, lookAroundTables = 100): Promise<{ run: RunRecord; orders: TableRecord }> {
  ferry = await startFerry(stores, fakeGateway([left, right]), { planner: { lookAroundTables } });
  const { runId } = await stores.runs.createMigration(aSpec({ proof: 'files', ...changes }), { executeAfterPlan: true });
  let run: RunRecord | undefined;
  await expect.poll(async () => (run = await stores.runs.run(runId))?.state).toMatch(/SUCCEEDED|INCOMPLETE|FAILED|PLANNED/);
  const orders = await stores.runs.table(runId, 'right', { database: 'sales', table: 'orders' });
  if (run === undefined || orders === undefined) throw new Error('no run');
  return { run, orders };
}

const codes = ({ issues }: { readonly issues: readonly { readonly code: string }[] }): readonly string[] => issues.map(({ code }) => code);
const size = async (place: string): Promise<number | undefined> => (await right.files.status(location(place)))?.sizeBytes;
async function warnings(runId: string): Promise<readonly { readonly code: string; readonly detail: Readonly<Record<string, unknown>> }[]> {
  const rows = await stores.rows<{ issues: [] }>(`select plan -> 'issues' as issues from run_database where run_id = $1`, [runId]);
  return rows.flatMap(({ issues }) => issues);
}

it('leaves out the directory of a table of another database that lies in one that is copied', async () => {
  left.metastore.putTable(at(`${SOURCE}/inner`));
  const { run, orders } = await migrate();
  expect([run.state, codes(orders)]).toEqual(['SUCCEEDED', ['LOCATION_HOLDS_OTHER_TABLES']]);
  expect([await size(`${TARGET}/000000_0`), await size(`${TARGET}/inner/000000_0`)]).toEqual([10, undefined]);
});

const STANDING = [
  ['at the destination', TARGET, {}],
  ['inside the destination', `${TARGET}/inner`, {}],
  ['inside the destination, where a refresh is allowed', `${TARGET}/inner`, { allowedHazards: ['IN_PLACE_REFRESH'] }],
  ['inside the destination of a sync', `${TARGET}/inner`, { onExisting: 'sync', allowedHazards: ['IN_PLACE_REFRESH'] }],
] as const;

for (const [where, place, changes] of STANDING)
  it(`refuses a table when another database of the target has a table ${where}, and touches none of its files`, async () => {
    right.metastore.putTable(at(place));
    right.files.putFile(location(`${place}/000000_0`), 999, 1);
    if ('onExisting' in changes || 'allowedHazards' in changes) right.metastore.putTable(at(TARGET, { database: 'sales', name: 'orders' }));
    const { orders } = await migrate(changes);
    expect([orders.state, codes(orders), right.copies]).toEqual([
      'REFUSED',
      expect.arrayContaining(['DESTINATION_HOLDS_OTHER_TABLES']),
      [],
    ]);
    expect(await size(`${place}/000000_0`)).toBe(999);
  });

it('goes beside a table of the target that lies there as it does at the source', async () => {
  left.metastore.putTable(at(SOURCE));
  right.metastore.putTable(at(TARGET));
  const { run, orders } = await migrate();
  expect([run.state, codes(orders)]).toEqual(['SUCCEEDED', ['LOCATION_SHARED']]);
});

it('goes around a table of the target whose files it leaves out', async () => {
  left.metastore.putTable(at(`${SOURCE}/inner`));
  right.metastore.putTable(at(`${TARGET}/inner`));
  right.files.putFile(location(`${TARGET}/inner/000000_0`), 999, 1);
  const { orders } = await migrate();
  expect([orders.state, await size(`${TARGET}/inner/000000_0`)]).toEqual(['VERIFIED', 999]);
});

it('says which databases of source and target it did not look at, when they hold more tables than the limit', async () => {
  for (const cluster of [left, right]) cluster.metastore.putTable(at(`hdfs://${cluster.facts.name}:8020/x`));
  left.metastore.putTable(at('hdfs://left:8020/y', { database: 'third', name: 'far' }));
  const { run } = await migrate({}, 1);
  expect((await warnings(run.id)).map(({ code, detail }) => ({ code, ...detail }))).toEqual([
    { code: 'NEIGHBOURS_NOT_LOOKED_AT', cluster: 'left', count: 1, examples: ['third'], limit: 1 },
  ]);
});

it('looks at all of them, or none, where the request says so', async () => {
  left.metastore.putTable(at(`${SOURCE}/inner`));
  const spec = aSpec({ proof: 'files' });
  const everywhere = await migrate({ selection: { ...spec.selection, lookAround: 'everywhere' } }, 0);
  expect([codes(everywhere.orders), await warnings(everywhere.run.id)]).toEqual([['LOCATION_HOLDS_OTHER_TABLES'], []]);
  await ferry?.close();
  const nowhere = await migrate({ selection: { ...spec.selection, lookAround: 'nowhere' } });
  expect((await warnings(nowhere.run.id)).map(({ detail }) => detail['cluster'])).toEqual(['left', 'right']);
});
