/** One request, several targets; what stands before one of them is a port nobody listens on, or a server that accepts and never answers. */
import { createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveSql } from '@hiveferry/adapters/hive-server2';
import type { RunState } from '@hiveferry/core';
import type { ClusterClient, ClusterGateway, FileStore, MigrationSpec, RunRecord } from '@hiveferry/ports';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createsAsPlanned } from '../support/creates-as-planned.ts';
import { aTable, fakeCluster } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, location, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { TcpRelay } from '../support/tcp-relay.ts';
import { runUntil } from '../support/until.ts';

const TABLES = ['items', 'orders'];
const BOTH: Partial<MigrationSpec> = { targets: ['right', 'third'] };
const databases = ['sales', 'dr_sales', 'hiveferry_preflight'].map((name) => ({ name, parameters: {} }));

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let third: FakeCluster;
/** What stands where a server of a cluster should. */
let inPlace: Map<string, Partial<Pick<ClusterClient, 'metastore' | 'hive' | 'files'>>>;
let ferry: INestApplicationContext | undefined;
let relay: TcpRelay;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  relay = await TcpRelay.to('127.0.0.1', 9);
  inPlace = new Map();
  left = fakeCluster(connectionOf('left', 3), { databases, tables: TABLES.map((name) => ({ table: aTable(name), partitions: [] })) });
  for (const name of TABLES) left.files.putFile(location(`hdfs://left:8020/warehouse/external/sales.db/${name}/000000_0`), 10, 5);
  [right, third] = ['right', 'third'].map(aTarget) as [FakeCluster, FakeCluster];
  for (const name of ['left', 'right', 'third']) await stores.runs.putCluster(name, connectionOf(name, name === 'left' ? 3 : 4), {});
});
afterEach(async () => {
  await ferry?.close();
  ferry = undefined;
  await relay.close();
  await stores.drop();
});

function aTarget(name: string): FakeCluster {
  const cluster = fakeCluster(connectionOf(name, 4), { databases, copiesFrom: left });
  cluster.onStatement = createsAsPlanned(stores, cluster);
  return cluster;
}

const aReader = (port: number) => ({ metastore: createMetastoreReader({ host: '127.0.0.1', port }) });

async function start(options: NonNullable<Parameters<typeof startFerry>[2]> = {}): Promise<void> {
  const gateway: ClusterGateway = {
    connect({ facts: { name } }) {
      const found = [left, right, third].find(({ facts }) => facts.name === name);
      if (found === undefined) throw new Error(`no fake cluster ${name}`);
      const valueOf = (cluster: FakeCluster, key: string | symbol): unknown => Reflect.get({ ...cluster, ...inPlace.get(name) }, key);
      return new Proxy(found, { get: valueOf });
    },
  };
  ferry = await startFerry(stores, gateway, { ...options, planner: { tickMs: 50, probeMs: 300, patienceMs: 500, ...options.planner } });
}

const until = (runId: string, condition: (run: RunRecord) => boolean): Promise<RunRecord> => runUntil(stores, runId, condition);

const isIn =
  (...states: readonly RunState[]) =>
  ({ state }: RunRecord): boolean =>
    states.includes(state);
const ended = isIn('SUCCEEDED', 'INCOMPLETE', 'FAILED');
const statesOf = ({ targets }: RunRecord): readonly unknown[] =>
  targets.map(({ target, state, tables: { byState } }) => [target, state, byState]);
const hashOf = (run: RunRecord, target: string): string => run.targets.find((each) => each.target === target)?.planHash ?? '';
const migrate = async (changes: Partial<MigrationSpec>, executeAfterPlan = true): Promise<string> =>
  (await stores.runs.createMigration(aSpec(changes), { executeAfterPlan })).runId;

describe('one request to several targets', () => {
  it('has what is different on one of them', async () => {
    await start();
    const run = await until(await migrate({ ...BOTH, targetSettings: { third: { databasePrefix: 'dr_' } } }), ended);
    const page = await stores.runs.tables({ runId: run.id, pageSize: 10 });
    expect(page.items.map(({ target, targetName, state }) => [target, targetName.database, state])).toEqual([
      ['right', 'sales', 'VERIFIED'],
      ['right', 'sales', 'VERIFIED'],
      ['third', 'dr_sales', 'VERIFIED'],
      ['third', 'dr_sales', 'VERIFIED'],
    ]);
  });

  it('is executed on a second target when the first has ended', async () => {
    await start();
    const planned = await until(await migrate(BOTH, false), isIn('PLANNED'));
    await stores.runs.executeRun({ runId: planned.id, approvals: [{ target: 'right', planHash: hashOf(planned, 'right') }] });
    expect(statesOf(await until(planned.id, ended))).toEqual([
      ['right', 'SUCCEEDED', { VERIFIED: 2 }],
      ['third', 'PLANNED', { PLANNED: 2 }],
    ]);
    const operation = await stores.runs.executeRun({
      runId: planned.id,
      approvals: [{ target: 'third', planHash: hashOf(planned, 'third') }],
    });
    await until(planned.id, ended);
    expect(await stores.runs.operation(operation.id)).toMatchObject({
      done: true,
      targets: [{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }],
    });
  });

  it('ends INCOMPLETE where every table is refused', async () => {
    for (const name of TABLES) right.metastore.putTable({ table: aTable(name), partitions: [] });
    await start();
    const run = await until(await migrate({}), ended);
    expect([run.state, statesOf(run)]).toEqual(['INCOMPLETE', [['right', 'INCOMPLETE', { REFUSED: 2 }]]]);
  });
});

describe('a target whose metastore is away', () => {
  it.each(['closed port', 'black hole'])('(%s) fails alone, and is planned and executed when the run is resumed', async (what) => {
    if (what === 'closed port') await relay.cut();
    else relay.hold();
    inPlace.set('third', aReader(relay.port));
    await start();
    const runId = await migrate(BOTH);
    const other = await until(runId, ({ targets }) => targets[0]?.state === 'SUCCEEDED');
    expect(other.targets[1]?.failure).toMatchObject({ retry: 'later' });
    const run = await until(runId, ended);
    expect([run.state, statesOf(run)]).toEqual([
      'INCOMPLETE',
      [
        ['right', 'SUCCEEDED', { VERIFIED: 2 }],
        ['third', 'FAILED', {}],
      ],
    ]);
    const copies = [...right.copies];
    inPlace.delete('third');
    await stores.runs.resumeRun(runId);
    expect(statesOf(await until(runId, ended))).toEqual(['right', 'third'].map((name) => [name, 'SUCCEEDED', { VERIFIED: 2 }]));
    expect(right.copies).toEqual(copies);
  });

  it('keeps neither its own run nor another waiting for a hurried answer', async () => {
    relay.hold();
    inPlace.set('third', aReader(relay.port));
    await start({ planner: { probeMs: 1_000, places: 1 } });
    const startedAtMs = performance.now();
    const waiting = await migrate(BOTH, false);
    await until(waiting, isIn('PLANNED'));
    await until(await migrate({}, false), isIn('PLANNED'));
    expect(performance.now() - startedAtMs).toBeLessThan(60_000);
  });

  it('says why it cannot be approved', async () => {
    await relay.cut();
    inPlace.set('third', aReader(relay.port));
    await start();
    const run = await until(await migrate(BOTH, false), ({ targets }) => targets[1]?.state === 'FAILED');
    expect(run.state).toBe('PLANNED');
    await expect(stores.runs.executeRun({ runId: run.id, approvals: [{ target: 'third', planHash: 'x' }] })).rejects.toMatchObject({
      code: 'TARGET_NOT_PLANNED',
    });
    inPlace.delete('third');
    const operation = await stores.runs.resumeRun(run.id);
    await until(run.id, ({ targets }) => targets[1]?.state === 'PLANNED');
    expect([operation.kind, (await stores.runs.operation(operation.id))?.done]).toEqual(['plan', true]);
  });

  it('fails the run when no other is left', async () => {
    await relay.cut();
    inPlace.set('third', aReader(relay.port));
    await start();
    const run = await until(await migrate({ targets: ['third'] }), ended);
    expect(run).toMatchObject({ state: 'FAILED', failure: { code: 'METASTORE_UNREACHABLE' }, targets: [{ state: 'FAILED' }] });
  });
});

describe('a target whose HiveServer2 never answers', () => {
  it('holds its own places only: the others end meanwhile', async () => {
    relay.hold();
    const hive = createHiveSql({ host: '127.0.0.1', port: relay.port, auth: 'nosasl', user: 'hive', maxSessions: 1 });
    inPlace.set('third', { hive });
    await start({ limits: [{ kinds: ['prepare-database', 'preflight', 'create-table', 'verify', 'copy', 'measure'], count: 1 }] });
    const runId = await migrate(BOTH);
    const meanwhile = await until(runId, ({ targets }) => targets[0]?.state === 'SUCCEEDED');
    expect([meanwhile.state, meanwhile.targets[1]?.state]).toEqual(['EXECUTING', 'EXECUTING']);
    inPlace.delete('third');
    // Not held any more, but refused: a step that had it when its connection broke looks at it once more.
    await relay.cut();
    expect((await until(runId, ended)).state).toBe('SUCCEEDED');
    await hive.close();
  });
});

describe('a target whose NameNode accepts connections and never answers', () => {
  it('fails its tables with what did not answer, each step in its time; the others end meanwhile', async () => {
    relay.hold();
    const { namespace } = third.facts;
    const webHdfsUri = `http://127.0.0.1:${String(relay.port)}`;
    const others = Promise.withResolvers<undefined>();
    const files = createWebHdfsFileStore({ webHdfsUri, user: 'hdfs', namespace, timeoutMs: 100 });
    inPlace.set('third', { files: askedAfter(others.promise, files) });
    await start({ limits: [{ kinds: ['prepare-database', 'preflight', 'create-table', 'verify', 'copy', 'measure'], count: 1 }] });
    const runId = await migrate(BOTH);
    const meanwhile = await until(runId, ({ targets }) => targets[0]?.state === 'SUCCEEDED');
    expect(meanwhile.targets[1]?.state).toBe('EXECUTING');
    others.resolve(undefined);
    expect(statesOf(await until(runId, ended))[1]).toEqual(['third', 'INCOMPLETE', { FAILED: 2 }]);
    const failed = await stores.rows<{ failure: object }>(`select failure from run_table where target = 'third'`);
    const message = expect.stringMatching(new RegExp(`hdfs://third:8020/.*${String(relay.port)} did not answer .*NameNode`)) as string;
    expect(failed.map(({ failure }) => failure)).toEqual(TABLES.map(() => ({ code: 'FILE_STORE_UNREACHABLE', retry: 'later', message })));
    inPlace.delete('third');
    await stores.runs.resumeRun(runId);
    expect((await until(runId, ended)).state).toBe('SUCCEEDED');
  });
});

/** A NameNode's time is over only when others have ended, however slow they are. */
function askedAfter(others: Promise<undefined>, files: FileStore): FileStore {
  return {
    status: (place) => others.then(() => files.status(place)),
    async *walk(root, signal) {
      await others;
      yield* files.walk(root, signal);
    },
    makeDirectory: (place) => others.then(() => files.makeDirectory(place)),
    rename: (from, to) => others.then(() => files.rename(from, to)),
    remove: (place) => others.then(() => files.remove(place)),
  };
}

describe('two targets with one directory', () => {
  it('do not both write to it: the one that comes later yields, and the copy of the first goes on', async () => {
    const copy = Promise.withResolvers<undefined>();
    right.onCopy = () => copy.promise.then(() => undefined);
    Object.assign(third, { objectStores: [right.facts.namespace] });
    await start();
    const shared = { map: [{ from: 'hdfs://left:8020/warehouse/external/sales.db/orders', to: 'hdfs://right:8020/lake/orders' }] };
    const selection = { databases: ['sales'], includeTables: ['orders'] };
    const planned = await until(await migrate({ ...BOTH, selection, locations: shared }, false), isIn('PLANNED'));
    const approve = (target: string) =>
      stores.runs.executeRun({ runId: planned.id, approvals: [{ target, planHash: hashOf(planned, target) }] });
    await approve('right');
    await until(planned.id, () => right.copies.length > 0);
    await approve('third');
    await until(planned.id, ({ targets }) => targets[1]?.state === 'INCOMPLETE');
    const [later] = await stores.rows<{ failure: object }>(`select failure from run_table where target = 'third'`);
    expect(later?.failure).toMatchObject({ code: 'TABLE_CLAIMED' });
    expect(await stores.rows(`select target from location_claim`)).toEqual([{ target: 'right' }]);
    copy.resolve(undefined);
    expect(statesOf(await until(planned.id, ended))).toEqual([
      ['right', 'SUCCEEDED', { VERIFIED: 1 }],
      ['third', 'INCOMPLETE', { FAILED: 1 }],
    ]);
  });
});

describe('two runs with one target', () => {
  it('do not write to the same table: the second says which run has it, and goes on when it is resumed', async () => {
    const copy = Promise.withResolvers<undefined>();
    right.onCopy = () => copy.promise.then(() => undefined);
    await start();
    const first = await migrate({ selection: { databases: ['sales'], includeTables: ['orders'] } });
    await until(first, () => right.copies.length > 0);
    const second = await migrate({});
    await until(second, ({ targets }) => (targets[0]?.tables.byState.FAILED ?? 0) > 0);
    const claimed = await stores.runs.table(second, 'right', { database: 'sales', table: 'orders' });
    expect(claimed?.failure).toMatchObject({ code: 'TABLE_CLAIMED', message: expect.stringContaining(first) as string });
    await stores.runs.cancelRun(first);
    right.onCopy = () => Promise.resolve();
    copy.resolve(undefined);
    await until(first, isIn('CANCELLED'));
    expect(statesOf(await until(second, ended))).toEqual([['right', 'INCOMPLETE', { FAILED: 1, VERIFIED: 1 }]]);
    await stores.runs.resumeRun(second);
    expect((await until(second, ended)).state).toBe('SUCCEEDED');
  });

  it('do not write into or around the directory of one another', async () => {
    const copy = Promise.withResolvers<undefined>();
    right.onCopy = () => copy.promise.then(() => undefined);
    await start();
    const below = { from: 'hdfs://left:8020/warehouse/external/sales.db/items', to: 'hdfs://right:8020/lake/all/items' };
    const above = { from: 'hdfs://left:8020/warehouse/external/sales.db/orders', to: 'hdfs://right:8020/lake/all' };
    const only = (table: string) => ({ selection: { databases: ['sales'], includeTables: [table] } });
    await until(await migrate({ ...only('items'), locations: { map: [below] } }), () => right.copies.length > 0);
    await until(await migrate({ ...only('orders'), locations: { map: [above] }, databasePrefix: 'dr_' }), ended);
    const [failed] = await stores.rows<{ failure: object }>(`select failure from run_table where table_name = 'orders'`);
    expect(failed?.failure).toMatchObject({ code: 'TABLE_CLAIMED', message: expect.stringContaining('/lake/all/items/') as string });
    copy.resolve(undefined);
  });
});
