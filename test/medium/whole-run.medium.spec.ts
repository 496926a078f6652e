import type { INestApplicationContext } from '@nestjs/common';
import type { RunState } from '@hiveferry/core';
import type { MigrationSpec, RunRecord, TableRecord } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createsAsPlanned } from '../support/creates-as-planned.ts';
import { aTable, createdBy, fakeCluster, fakeGateway, refusedByHive } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, location, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { runUntil } from '../support/until.ts';

const sales = { name: 'sales', parameters: {} };
const days = ['2024-01-01', '2024-01-02'];
const partitioned = aTable('by_day', { partitionKeys: [{ name: 'day', type: 'string' }] });
const partitions = days.map((day) => ({
  values: [day],
  storage: { ...partitioned.storage, location: `${partitioned.storage.location ?? ''}/day=${day}` },
  parameters: {},
}));

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let ferry: INestApplicationContext | undefined;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  left = fakeCluster(connectionOf('left', 3), {
    databases: [sales],
    tables: [...['orders', 'items', 'empty'].map((name) => ({ table: aTable(name), partitions: [] })), { table: partitioned, partitions }],
  });
  for (const name of ['orders', 'items'])
    left.files.putFile(location(`hdfs://left:8020/warehouse/external/sales.db/${name}/000000_0`), 10, 5);
  for (const day of days) left.files.putFile(location(`hdfs://left:8020/warehouse/external/sales.db/by_day/day=${day}/000000_0`), 7, 5);
  await left.files.makeDirectory(location('hdfs://left:8020/warehouse/external/sales.db/empty'));
  right = fakeCluster(connectionOf('right', 4), { databases: [sales, { name: 'hiveferry_preflight', parameters: {} }], copiesFrom: left });
  right.onStatement = createsAsPlanned(stores, right);
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
});
afterEach(async () => {
  await ferry?.close();
  ferry = undefined;
  await stores.drop();
});

async function start(): Promise<void> {
  ferry = await startFerry(stores, fakeGateway([left, right]));
}

async function migrate(changes: Partial<MigrationSpec> = {}, executeAfterPlan = true): Promise<RunRecord> {
  const { runId } = await stores.runs.createMigration(aSpec(changes), { executeAfterPlan });
  return ended(runId, executeAfterPlan ? ['SUCCEEDED', 'INCOMPLETE', 'FAILED'] : ['PLANNED', 'FAILED']);
}

const ended = (runId: string, states: readonly RunState[]): Promise<RunRecord> =>
  runUntil(stores, runId, ({ state }) => states.includes(state));

async function tablesOf(run: RunRecord): Promise<Readonly<Record<string, TableRecord>>> {
  const page = await stores.runs.tables({ runId: run.id, pageSize: 100 });
  return Object.fromEntries(page.items.map((table) => [table.source.table, table]));
}

describe('a whole run', () => {
  it('ends SUCCEEDED with every table VERIFIED to the level of rows', async () => {
    await start();
    const run = await migrate();
    const tables = await tablesOf(run);
    expect(
      Object.entries(tables).map(([name, { state, evidence, failure }]) => [
        name,
        state,
        failure?.message ?? evidence?.findings ?? [],
        evidence?.level,
      ]),
    ).toEqual(['by_day', 'empty', 'items', 'orders'].map((name) => [name, 'VERIFIED', [], 'rows']));
    expect(run.state).toBe('SUCCEEDED');
  });

  it('does not let a failing table stop the others', async () => {
    right.onStatement = (sql) =>
      createdBy(sql)?.table === 'orders' ? Promise.reject(refusedByHive(sql)) : createsAsPlanned(stores, right)(sql);
    await start();
    const run = await migrate();
    const tables = await tablesOf(run);
    expect(tables['orders']).toMatchObject({ state: 'FAILED', failure: { code: 'HIVE_STATEMENT_FAILED' } });
    expect([tables['items']?.state, tables['by_day']?.state, run.state]).toEqual(['VERIFIED', 'VERIFIED', 'INCOMPLETE']);
    right.onStatement = createsAsPlanned(stores, right);
    await stores.runs.resumeRun(run.id);
    expect((await ended(run.id, ['SUCCEEDED', 'INCOMPLETE', 'FAILED'])).state).toBe('SUCCEEDED');
  });

  it('says why a table whose directory is gone was not copied', async () => {
    await left.files.remove(location('hdfs://left:8020/warehouse/external/sales.db/items'));
    await start();
    const tables = await tablesOf(await migrate());
    expect(tables['items']).toMatchObject({ state: 'FAILED', failure: { code: 'FILE_NOT_FOUND' } });
    expect(tables['orders']?.state).toBe('VERIFIED');
  });

  it('fails a run that names a database that is not there, and says which', async () => {
    await start();
    const run = await migrate({ selection: { databases: ['sales', 'nowhere'] } });
    expect(run).toMatchObject({
      state: 'FAILED',
      failure: { code: 'DATABASE_NOT_FOUND', message: expect.stringContaining('nowhere') as string },
    });
  });

  it('keeps a table that cannot be read apart and plans the rest', async () => {
    left.metastore.damageTable({ database: 'sales', table: 'items' }, 'no such column');
    await start();
    const tables = await tablesOf(await migrate({}, false));
    expect(tables['items']).toMatchObject({ state: 'FAILED', issues: [{ code: 'METADATA_UNREADABLE' }] });
    expect(tables['orders']?.state).toBe('PLANNED');
  });

  it('stops at PLANNED for a dry run, gives the same hash twice, and executes exactly that hash', async () => {
    await start();
    const first = await migrate({}, false);
    const second = await migrate({}, false);
    const planHash = first.targets[0]?.planHash ?? '';
    expect([second.targets[0]?.planHash, right.statements]).toEqual([planHash, []]);
    await expect(stores.runs.executeRun({ runId: first.id, approvals: [{ planHash: 'other' }] })).rejects.toMatchObject({
      code: 'PLAN_HASH_MISMATCH',
    });
    await stores.runs.executeRun({ runId: first.id, approvals: [{ planHash }] });
    expect((await ended(first.id, ['SUCCEEDED', 'INCOMPLETE'])).state).toBe('SUCCEEDED');
  });

  it('refuses tables that the location map leads into one place, and moves the others', async () => {
    const [orders, items] = ['orders', 'items'].map((name) => `hdfs://left:8020/warehouse/external/sales.db/${name}`);
    const one = 'hdfs://right:8020/one';
    await start();
    const run = await migrate({
      locations: {
        map: [
          { from: orders ?? '', to: one },
          { from: items ?? '', to: `${one}/inner` },
        ],
      },
    });
    const tables = await tablesOf(run);
    expect(Object.values(tables).map(({ source, state, issues }) => [source.table, state, issues.map(({ code }) => code)])).toEqual([
      ['by_day', 'VERIFIED', []],
      ['empty', 'VERIFIED', []],
      ['items', 'REFUSED', ['DESTINATION_TAKEN']],
      ['orders', 'REFUSED', ['DESTINATION_TAKEN']],
    ]);
    const rows = await stores.rows<{ jobs: number; hashes: number }>(
      `select jsonb_array_length(plan -> 'copyJobs') as jobs, (select count(distinct table_hash)::int from run_table) as hashes
       from run_table where state = 'REFUSED'`,
    );
    expect(rows).toEqual(Array.from({ length: 2 }, () => ({ jobs: 0, hashes: 4 })));
    expect(run.targets[0]?.planHash).toBeDefined();
  });

  it('refuses tables whose rows would be published in one directory, when it plans', async () => {
    const map = ['orders', 'items'].map((name) => ({
      from: `hdfs://left:8020/warehouse/external/sales.db/${name}`,
      to: 'hdfs://right:8020/one',
    }));
    await start();
    const tables = await tablesOf(await migrate({ strategy: 'SQL', locations: { map } }, false));
    expect(Object.values(tables).map(({ source, state, issues }) => [source.table, state, issues.map(({ code }) => code)])).toEqual([
      ['by_day', 'PLANNED', []],
      ['empty', 'PLANNED', []],
      ['items', 'REFUSED', ['DESTINATION_TAKEN']],
      ['orders', 'REFUSED', ['DESTINATION_TAKEN']],
    ]);
  });

  it('selects tables by expressions for the whole name', async () => {
    await start();
    const run = await migrate({ selection: { databases: ['sales'], includeTables: ['.*s', 'by_day'], excludeTables: ['item.'] } }, false);
    expect(Object.keys(await tablesOf(run))).toEqual(['by_day', 'orders']);
  });

  it('copies again when the source changed meanwhile, and gives up after three rounds', async () => {
    let time = 100;
    right.onCopy = async ({ subject }) => {
      if (subject === 'sales.orders')
        left.files.putFile(location('hdfs://left:8020/warehouse/external/sales.db/orders/000000_0'), 10, (time += 1));
    };
    await start();
    const tables = await tablesOf(await migrate());
    expect(right.copies.filter((subject) => subject === 'sales.orders')).toHaveLength(3);
    expect(tables['orders']).toMatchObject({ state: 'FAILED', failure: { code: 'SOURCE_CHANGING' } });
  });

  it('tries again what fails for a while', async () => {
    let failures = 2;
    right.onCopy = async () => {
      failures -= 1;
      if (failures >= 0) throw Object.assign(refusedByHive('distcp'), { retry: 'later' });
    };
    await start();
    expect((await migrate()).state).toBe('SUCCEEDED');
  });

  it('keeps messages that nobody can read as dead letters, and goes on', async () => {
    for (const [topic, value] of [
      ['hiveferry.runs', '{"type":'],
      ['hiveferry.tasks.right.distcp', '{"type":"task.distcp","version":9}'],
    ]) {
      await stores.rows(`insert into outbox (id, topic, key, value, headers) values (gen_random_uuid(), $1, 'k', $2, '{}')`, [
        topic,
        value,
      ]);
    }
    await start();
    expect((await migrate()).state).toBe('SUCCEEDED');
    expect(await stores.rows(`select topic from dead_letter order by topic`)).toHaveLength(2);
  });

  it('does all steps of a message that cannot be read for one of them', async () => {
    await stores.rows(`create function damage() returns trigger language plpgsql as $$ begin
      new.value := regexp_replace(new.value, '"step":"preflight"', '"step":"dance"'); return new; end $$`);
    await stores.rows(`create trigger damage before insert on outbox for each row execute function damage()`);
    await start();
    const run = await migrate();
    expect([run.state, run.targets[0]?.tables.byState]).toEqual(['SUCCEEDED', { VERIFIED: 4 }]);
    const letters = await stores.rows<{ reason: string }>(`select reason from dead_letter where topic = 'hiveferry.tasks.*.translation'`);
    expect(letters.length).toBeGreaterThan(0);
    for (const { reason } of letters) expect(reason).toMatch(/at tasks\[\d+\]\.step$/);
  });

  it('is cancelled while it copies', async () => {
    const copying = Promise.withResolvers<undefined>();
    right.onCopy = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        copying.resolve(undefined);
      });
    await start();
    const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: true });
    await copying.promise;
    await stores.runs.cancelRun(runId);
    expect((await ended(runId, ['CANCELLED'])).targets[0]?.tables.byState).toEqual({ CANCELLED: 4 });
  });

  it('gives its work back when it stops, and another process ends the run', async () => {
    const copying = Promise.withResolvers<undefined>();
    right.onCopy = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        copying.resolve(undefined);
      });
    await start();
    const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: true });
    await copying.promise;
    await ferry?.close();
    expect(await stores.rows(`select id from step where state = 'RUNNING' or tries > 0`)).toEqual([]);
    right.onCopy = () => Promise.resolve();
    await start();
    expect((await ended(runId, ['SUCCEEDED', 'INCOMPLETE', 'FAILED'])).state).toBe('SUCCEEDED');
  });
});
