import type { Destination } from '@hiveferry/core';
import type { ClusterConnection } from '@hiveferry/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { aTable } from '../../../../test/support/fake-cluster.ts';
import {
  aPlan,
  aPlannedRun,
  aSpec,
  anExecutingRun,
  claim,
  connectionOf,
  factsOf,
  location,
  openTestStores,
} from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { openDataSource } from './data-source.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());
beforeEach(async () => {
  await stores.rows(`truncate cluster, migration, outbox, inbox, run_event, idempotency_key, ready_step cascade`);
});

describe('schema', () => {
  it('is brought up to date by several processes at once', async () => {
    const sources = await Promise.all([1, 2, 3].map(() => openDataSource({ url: stores.url, poolSize: 2 })));
    for (const source of sources) await source.destroy();
  });
});

describe('clusters', () => {
  it('counts the version up when a cluster is registered again', async () => {
    await stores.runs.putCluster('left', connectionOf('left'), { a: 1 });
    expect(await stores.runs.putCluster('left', connectionOf('left'), { a: 2 })).toMatchObject({ version: 2, spec: { a: 2 } });
  });

  it('keeps a cluster that a run uses', async () => {
    await stores.runs.putCluster('left', connectionOf('left'), {});
    const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    await expect(stores.runs.removeCluster('left')).rejects.toMatchObject({ code: 'CLUSTER_IN_USE' });
    await stores.runs.cancelRun(runId);
    expect([await stores.runs.removeCluster('left'), await stores.runs.removeCluster('left')]).toEqual([true, false]);
  });
});

describe('a cluster that a run uses', () => {
  const register = (change: Partial<ClusterConnection> = {}) =>
    stores.runs.putCluster('right', { ...connectionOf('right', 4), ...change }, {});
  const bucket = { kind: 's3', namespace: factsOf('lake').namespace, region: 'x', endpoint: 'http://elsewhere', pathStyle: true } as const;
  const elsewhere = { metastore: { host: 'elsewhere', port: 9083 } };

  beforeEach(async () => {
    await stores.runs.putCluster('left', connectionOf('left'), {});
    await register();
  });

  it('may be reached in another way, and stays the same cluster', async () => {
    const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const { hiveServer2 } = connectionOf('right');
    expect(await register({ hiveServer2: { ...hiveServer2, maxSessions: 9, passwordRef: 'env:X' } })).toMatchObject({ version: 2 });
    await expect(register(elsewhere)).rejects.toMatchObject({ code: 'CLUSTER_IN_USE', detail: { runIds: [runId] } });
    await expect(register({ objectStores: [bucket] })).rejects.toMatchObject({ code: 'CLUSTER_IN_USE' });
    expect(await stores.runs.cluster('right')).toMatchObject({ version: 2, connection: { metastore: { host: 'right' } } });
    await stores.runs.cancelRun(runId);
    expect(await register(elsewhere)).toMatchObject({ version: 3 });
  });

  it('is not written to by a run that was planned for another of its name', async () => {
    const { runId } = await anExecutingRun(stores, []);
    for (const step of await claim(stores)) await stores.steps.complete(step, { result: {} });
    expect((await stores.runs.run(runId))?.state).toBe('SUCCEEDED');
    await register(elsewhere);
    await expect(stores.runs.verifyRun(runId)).rejects.toMatchObject({ code: 'CLUSTER_REPOINTED' });
    await register();
    await expect(stores.runs.verifyRun(runId)).rejects.toMatchObject({ code: 'NOTHING_TO_VERIFY' });
  });
});

describe('pages', () => {
  it('shows every migration once, newest first', async () => {
    for (let index = 0; index < 7; index += 1)
      await stores.runs.createMigration(aSpec({ name: String(index) }), { executeAfterPlan: false });
    const names: (string | undefined)[] = [];
    let pageToken: string | undefined;
    do {
      const page = await stores.runs.migrations({ pageSize: 3, ...(pageToken !== undefined && { pageToken }) });
      names.push(...page.items.map(({ spec }) => spec.name));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(names.toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  });

  it('shows tables in order of their names, by filter', async () => {
    const { runId } = await aPlannedRun(
      stores,
      ['c', 'a', 'b'].map((name) => aPlan(name)),
    );
    const first = await stores.runs.tables({ runId, pageSize: 2 });
    const second = await stores.runs.tables({ runId, pageSize: 2, pageToken: first.nextPageToken ?? '' });
    expect([...first.items, ...second.items].map(({ source }) => source.table)).toEqual(['a', 'b', 'c']);
    expect(second.nextPageToken).toBeUndefined();
    expect((await stores.runs.tables({ runId, pageSize: 5, state: 'FAILED' })).items).toEqual([]);
  });

  it('refuses a token that is none', async () => {
    await expect(stores.runs.migrations({ pageSize: 3, pageToken: 'nonsense' })).rejects.toMatchObject({ code: 'PAGE_TOKEN_INVALID' });
  });

  it('finds nothing under an id that is no UUID', async () => {
    expect([await stores.runs.run('x'), await stores.runs.migration('x'), await stores.runs.operation('x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('commands', () => {
  it('numbers the runs of a migration without a gap when they are asked for at once', async () => {
    const { migrationId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    await Promise.all([1, 2, 3].map(() => stores.runs.createRun(migrationId, { executeAfterPlan: false })));
    expect((await stores.runs.runsOf(migrationId)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  });

  it('executes only what is planned, only for its hash, and only once', async () => {
    const { runId: requested } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const approvals = [{ planHash: 'hash-right' }];
    await expect(stores.runs.executeRun({ runId: requested, approvals })).rejects.toMatchObject({ code: 'RUN_NOT_PLANNED' });
    await stores.runs.cancelRun(requested);
    const { runId } = await aPlannedRun(stores, [aPlan('a')]);
    await expect(stores.runs.executeRun({ runId, approvals: [{ planHash: 'x' }] })).rejects.toMatchObject({ code: 'PLAN_HASH_MISMATCH' });
    const answers = await Promise.allSettled([stores.runs.executeRun({ runId, approvals }), stores.runs.executeRun({ runId, approvals })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('plans no run anew that was approved before it failed, as earlier versions left some', async () => {
    const { runId } = await aPlannedRun(stores, [aPlan('t')]);
    await stores.rows(`update run set state = 'FAILED', ended_at = now() where id = $1`, [runId]);
    await stores.rows(`update run_target set approved_at = now() where run_id = $1`, [runId]);
    await expect(stores.runs.resumeRun(runId)).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
  });

  it('refuses to cancel what has ended', async () => {
    const { runId } = await aPlannedRun(stores, [aPlan('a')]);
    await stores.runs.cancelRun(runId);
    await expect(stores.runs.cancelRun(runId)).rejects.toMatchObject({ code: 'RUN_NOT_CANCELLABLE' });
  });
});

describe('planners', () => {
  it('are refused when another took the run over', async () => {
    const { runId } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const first = await stores.plans.claimRun('dead', 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await stores.plans.claimRun('alive', 30_000);
    if (first === undefined || second === undefined) throw new Error('nothing claimed');
    expect([first.runId, second.runId, second.attempt]).toEqual([runId, runId, 2]);
    await expect(stores.plans.putTablePlans(first, 'right', [{ plan: aPlan('a'), tableHash: 'x' }])).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(await stores.plans.renewRun(first, 1_000)).toBe('lost');
    expect(await stores.plans.claimRun('third', 1_000)).toBeUndefined();
  });

  it('are given copies so that what goes into a directory follows it directly', async () => {
    const at = (path: string) => location(`hdfs://right:8020${path}`);
    const pair = (id: string, path: string) => ({ id, kind: 'pair' as const, source: at('/s'), target: at(path), excluded: [] });
    const list = { id: 'copy-2', kind: 'list' as const, sources: [at('/s/p=1'), at('/s/p=2')], target: at('/t'), excluded: [] };
    await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const lease = await stores.plans.claimRun('planner', 30_000);
    if (lease === undefined) throw new Error('nothing claimed');
    const plans = [
      aPlan('a', { copyJobs: [pair('copy-1', '/t/x')] }),
      aPlan('b', { copyJobs: [pair('copy-1', '/t-2'), list] }),
      aPlan('c', { copyJobs: [pair('copy-1', '/t')] }),
      aPlan('refused', { decision: 'REFUSED', copyJobs: [pair('copy-1', '/t')] }),
      aPlan('many', { copyJobs: Array.from({ length: 2_500 }, (_, index) => pair(`copy-${String(index)}`, `/zz/${String(index)}`)) }),
    ];
    await stores.plans.putTablePlans(
      lease,
      'right',
      plans.map((plan) => ({ plan, tableHash: 'x' })),
    );
    const copies: Destination[] = [];
    for await (const page of stores.plans.copiesByDestination(lease.runId, 'right')) copies.push(...page);
    expect(copies.slice(0, 5).map(({ table, target }) => `${table.table} ${target}`)).toEqual(
      ['c /t', 'b /t/p=1', 'b /t/p=2', 'a /t/x', 'b /t-2'].map((line) => line.replace('/', 'hdfs://right:8020/')),
    );
    expect(copies).toHaveLength(2_505);
  });

  it('are given the places of inserted rows among the copies, with their sources', async () => {
    const at = (path: string) => location(`hdfs://right:8020${path}`);
    await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const lease = await stores.plans.claimRun('planner', 30_000);
    if (lease === undefined) throw new Error('nothing claimed');
    const shadow = aTable('a');
    const rows = { shadow, working: { table: shadow, holder: at('/') }, destination: at('/t') };
    const mapping = { subject: 'table' as const, from: at('/s'), to: at('/t'), rule: 'same-path', reason: '' };
    await stores.plans.putTablePlans(lease, 'right', [{ plan: aPlan('a', { rows, mappings: [mapping] }), tableHash: 'x' }]);
    const found: Destination[] = [];
    for await (const page of stores.plans.copiesByDestination(lease.runId, 'right')) found.push(...page);
    expect(found).toEqual([{ table: { database: 'sales', table: 'a' }, source: at('/s'), target: at('/t'), isWritten: true }]);
  });

  it('are told what the copies of tables leave out that are used as soon as they lie there, and of no others', async () => {
    const at = (path: string) => location(`hdfs://right:8020${path}`);
    const job = (path: string) => ({ id: 'copy-1', kind: 'pair' as const, source: at('/s'), target: at(path), excluded: [at('/s/n')] });
    const linked = { definition: 'kept' as const, linked: { table: at('/s'), partitions: [] } };
    await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const lease = await stores.plans.claimRun('planner', 30_000);
    if (lease === undefined) throw new Error('nothing claimed');
    const plans = [
      aPlan('moved', { copyJobs: [job('/1')], relocation: { from: at('/s'), paths: [] } }),
      aPlan('turned', { copyJobs: [job('/2')], existing: linked }),
      aPlan('brought', { copyJobs: [job('/3')], existing: linked, copiedBy: 'external' }),
      aPlan('new', { copyJobs: [job('/4')] }),
      aPlan('proved', { copyJobs: [job('/5')], existing: { definition: 'kept', linked: { partitions: [] } } }),
      aPlan('rest', { copyJobs: [job('/6')], existing: { definition: 'kept', linked: { partitions: ['d=1'] } } }),
    ];
    await stores.plans.putTablePlans(
      lease,
      'right',
      plans.map((plan) => ({ plan, tableHash: 'x' })),
    );
    const found: Destination[] = [];
    for await (const page of stores.plans.copiesByDestination(lease.runId, 'right')) found.push(...page);
    expect(found.map(({ table, leavesOut }) => [table.table, leavesOut])).toEqual([
      ['moved', [at('/s/n')]],
      ['turned', [at('/s/n')]],
      ['brought', undefined],
      ['new', undefined],
      ['proved', undefined],
      ['rest', [at('/s/n')]],
    ]);
  });

  it('find tables at and below a location, on whole segments', async () => {
    await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
    const lease = await stores.plans.claimRun('planner', 30_000);
    if (lease === undefined) throw new Error('nothing claimed');
    const at = (table: string, path: string) => ({
      source: { database: 'sales', table },
      object: 'table' as const,
      location: `hdfs://left:8020${path}` as never,
    });
    await stores.plans.addInventory(lease, [
      at('outer', '/w/a'),
      at('same', '/w/a'),
      at('inner', '/w/a/b/c'),
      at('beside', '/w/a-x'),
      at('above', '/w'),
    ]);
    const found = await stores.plans.neighbours(lease.runId, [
      { table: { database: 'sales', table: 'outer' }, location: 'hdfs://left:8020/w/a' as never },
    ]);
    expect(found.get('sales.outer')?.map(({ table, location }) => [table.table, location])).toEqual([
      ['inner', 'hdfs://left:8020/w/a/b/c'],
      ['same', 'hdfs://left:8020/w/a'],
    ]);
  });
});

describe('a run that ends before its time', () => {
  it('gets no steps to run when it was cancelled while they were made', async () => {
    const { runId } = await aPlannedRun(stores, [aPlan('orders')]);
    await stores.runs.executeRun({ runId, approvals: [{ planHash: 'hash-right' }] });
    const lease = await stores.plans.claimRun('planner', 30_000);
    if (lease === undefined) throw new Error('there is no run to dispatch');
    await stores.runs.cancelRun(runId);
    await stores.plans.activateTarget(lease, 'right');
    await stores.plans.giveBackRun(lease);
    expect(await stores.runs.run(runId)).toMatchObject({ state: 'CANCELLED', targets: [{ tables: { byState: { CANCELLED: 1 } } }] });
  });
});

describe('events', () => {
  it('are read after a sequence and told to listeners of any process', async () => {
    const told = new Promise<string>((resolve) => {
      const stop = stores.runs.onEvents((runId) => {
        stop();
        resolve(runId);
      });
    });
    const { runId } = await anExecutingRun(stores, [aPlan('a')]);
    await told;
    const all = await stores.runs.events(runId, '0', 100);
    expect(all.map(({ data }) => data['state'])).toEqual(['REQUESTED', 'PLANNING', 'PLANNED', 'EXECUTING', 'EXECUTING']);
    expect(await stores.runs.events(runId, all[2]?.sequence ?? '', 1)).toEqual([all[3]]);
  });

  it('leave none out for a reader that follows while many steps report at once', async () => {
    const { runId } = await anExecutingRun(
      stores,
      Array.from({ length: 20 }, (_, index) => aPlan(`t${String(index)}`)),
    );
    for (const step of await claim(stores)) await stores.steps.complete(step, { result: {} });
    const steps = await claim(stores);
    const seen: string[] = [];
    const work = Promise.all(steps.map((step) => stores.steps.complete(step, { result: {} })));
    const state = { isOver: false };
    void work.then(() => (state.isOver = true));
    const follow = async (): Promise<void> => {
      for (const { sequence } of await stores.runs.events(runId, seen.at(-1) ?? '0', 5)) seen.push(sequence);
    };
    while (!state.isOver) await follow();
    for (let count = -1; count !== seen.length;) {
      count = seen.length;
      await follow();
    }
    const all = await stores.runs.events(runId, '0', 1_000);
    expect(seen).toEqual(all.map(({ sequence }) => sequence));
  });
});
