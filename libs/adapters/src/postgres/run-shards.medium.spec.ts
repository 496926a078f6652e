import { setTimeout as wait } from 'node:timers/promises';
import type { ClaimedRun, ClaimedShard } from '@hiveferry/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, aSpec, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());
beforeEach(async () => {
  await stores.rows(`truncate migration, outbox, run_event cascade`);
});

const TABLES = ['a', 'b', 'c', 'd', 'e'];
const planned = (name: string) => ({ plan: aPlan(name), tableHash: name });
const refused = { code: 'LEASE_LOST' };

async function takeRun(leaseMs = 60_000): Promise<ClaimedRun> {
  const run = await stores.plans.claimRun('planner-1', leaseMs);
  if (run === undefined) throw new Error('there is no run to take');
  return run;
}

async function takeShard(owner = 'planner-2', leaseMs = 60_000): Promise<ClaimedShard> {
  const shard = await stores.plans.shards.claimShard({ owner, leaseMs });
  if (shard === undefined) throw new Error('there is no part to take');
  return shard;
}

/** A run of five tables of one database and one of another, cut into parts of two. */
async function aCutRun(leaseMs?: number): Promise<ClaimedRun> {
  await stores.runs.createMigration(aSpec({ targets: ['right', 'lake'] }), { executeAfterPlan: false });
  const run = await takeRun(leaseMs);
  const names = [...TABLES.map((table) => ({ database: 'sales', table })), { database: 'finance', table: 'z' }];
  await stores.plans.addInventory(
    run,
    names.map((source) => ({ source, object: 'table' as const })),
  );
  await stores.plans.shards.cutShards(run, { work: 'plan', targets: ['right', 'lake'], tablesAShard: 2 });
  return run;
}

describe('parts of a run', () => {
  it('hold each table once, in ranges of one database', async () => {
    await aCutRun();
    const shards = [await takeShard(), await takeShard(), await takeShard(), await takeShard()];
    expect(await stores.plans.shards.claimShard({ owner: 'late', leaseMs: 1_000 })).toBeUndefined();
    expect(shards.map(({ tables }) => tables)).toEqual([
      { database: 'finance', after: '', through: 'z' },
      { database: 'sales', after: '', through: 'b' },
      { database: 'sales', after: 'b', through: 'd' },
      { database: 'sales', after: 'd', through: 'e' },
    ]);
    const names = await Promise.all(shards.map(({ runId, tables }) => stores.plans.inventoryNames(runId, tables, 10)));
    expect(names.flat()).toEqual(['z', ...TABLES]);
  });

  it('are taken by one of eight planners each', async () => {
    await aCutRun();
    const takers = Array.from({ length: 8 }, (_, index) => stores.plans.shards.claimShard({ owner: `p${String(index)}`, leaseMs: 60_000 }));
    const taken = (await Promise.all(takers)).flatMap((shard) => (shard === undefined ? [] : [shard.shard.number]));
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken).toHaveLength(4);
  });

  it('are taken over when the planner died, and what it writes afterwards is refused', async () => {
    const run = await aCutRun();
    const dead = await takeShard('dead', 1);
    await wait(20);
    const second = await takeShard('alive');
    expect(second).toMatchObject({ tables: dead.tables, shard: { number: dead.shard.number, fence: '2' } });
    await expect(stores.plans.putTablePlans(dead, 'right', [planned('a')])).rejects.toMatchObject(refused);
    await expect(stores.plans.shards.finishShard(dead, [])).rejects.toMatchObject(refused);
    expect(await stores.plans.renewRun(dead, 1_000)).toBe('lost');
    await stores.plans.putTablePlans(second, 'right', [planned('a')]);
    await stores.plans.shards.finishShard(second, []);
    expect((await stores.plans.shards.shardProgress(run)).open).toBe(3);
  });

  it('end with the hold on their run: what is under way is refused when another planner begins anew', async () => {
    await aCutRun(1);
    await wait(20);
    expect(await stores.plans.shards.claimShard({ owner: 'helper', leaseMs: 1_000 })).toBeUndefined();
    const again = await takeRun();
    await stores.plans.shards.cutShards(again, { work: 'plan', targets: ['right'], tablesAShard: 100 });
    const old = await takeShard();
    await stores.plans.resetInventory(again);
    await expect(stores.plans.putTablePlans(old, 'right', [planned('a')])).rejects.toMatchObject(refused);
  });

  it('leave out a target that failed in another part, and tell who holds the run why', async () => {
    const run = await aCutRun();
    const failure = { code: 'METASTORE_DOWN', message: 'it is away', retry: 'later' };
    await stores.plans.shards.finishShard(await takeShard(), [{ target: 'lake', failure }]);
    expect((await takeShard()).targets.map(({ name }) => name)).toEqual(['right']);
    expect(await stores.plans.shards.shardProgress(run)).toEqual({ open: 3, failed: [{ target: 'lake', failure }] });
  });

  it('that cannot be done are the run’s failure, those that are given back are not', async () => {
    const run = await aCutRun();
    const given = await takeShard();
    await stores.plans.shards.giveBackShard(given);
    expect((await takeShard()).tables).toEqual(given.tables);
    const failure = { code: 'METASTORE_DOWN', message: 'the source is away', retry: 'later' };
    await stores.plans.shards.failShard(await takeShard(), failure);
    expect(await stores.plans.shards.shardProgress(run)).toMatchObject({ open: 3, failure });
  });

  it('are told of to planners that listen, when there are several', async () => {
    const told = new Promise<void>((resolve) => {
      const stop = stores.plans.shards.onShards(() => {
        stop();
        resolve();
      });
    });
    await aCutRun();
    await told;
  });

  it('that a planner died with are not taken by one that has other things in hand, nor are those of a run that one died with', async () => {
    const busy = { owner: 'busy', leaseMs: 1_000, isSuspect: false };
    await aCutRun();
    const deadly = await takeShard('dead', 1);
    await wait(20);
    expect((await stores.plans.shards.claimShard(busy))?.shard.number).not.toBe(deadly.shard.number);
    expect((await stores.plans.shards.claimShard({ ...busy, owner: 'idle', isSuspect: true }))?.shard.number).toBe(deadly.shard.number);
    await stores.rows(`update run set lease_until = now()`);
    const again = await takeRun();
    await stores.plans.shards.cutShards(again, { work: 'plan', targets: ['right'], tablesAShard: 2 });
    expect(await stores.plans.shards.claimShard(busy)).toBeUndefined();
    expect(await stores.plans.shards.claimShard({ ...busy, isSuspect: true, of: again })).toBeDefined();
    await stores.plans.giveBackRun(again);
    await stores.plans.shards.cutShards(await takeRun(), { work: 'plan', targets: ['right'], tablesAShard: 2 });
    expect(await stores.plans.shards.claimShard(busy)).toBeDefined();
  });

  it('know that their run is being cancelled', async () => {
    const run = await aCutRun();
    const shard = await takeShard();
    await stores.runs.cancelRun(run.runId);
    expect(await stores.plans.renewRun(shard, 1_000)).toBe('cancelled');
  });
});
