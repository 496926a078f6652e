/** Each target of a run has its own hold: what one's planning or dispatching comes to is no matter of the others. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '@hiveferry/core';
import type { Failure, PlanStore } from '@hiveferry/ports';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aFanOut, isIn, isTarget, passing } from '../support/fan-out.ts';
import type { FanOut } from '../support/fan-out.ts';
import { startFerry } from '../support/ferry-process.ts';
import { connectionOf, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';

let stores: TestStores;
let clusters: FanOut;
let ferry: INestApplicationContext | undefined;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  clusters = await aFanOut(stores, ['items', 'orders']);
});
afterEach(async () => {
  await ferry?.close();
  ferry = undefined;
  await stores.drop();
});

/** With one place of each kind: whoever waits for another's place would wait for ever. */
async function start(plans: Partial<PlanStore> = {}, places = 1): Promise<void> {
  const faulty = new Proxy(stores.plans, {
    get(target, key) {
      const value: unknown = Reflect.get(plans, key) ?? Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  ferry = await startFerry({ ...stores, plans: faulty }, clusters.gateway, { planner: { tickMs: 50, places } });
}

describe('a target whose planning takes long', () => {
  it('keeps no other target of its run from being approved and executed', async () => {
    const planning = Promise.withResolvers<undefined>();
    const { metastore } = clusters.third;
    const [names, tables] = [metastore.databaseNames.bind(metastore), metastore.tables.bind(metastore)];
    metastore.databaseNames = () => {
      metastore.databaseNames = names;
      return Promise.reject(passing('third'));
    };
    metastore.tables = async (...asked) => {
      await planning.promise;
      return tables(...asked);
    };
    await start();
    const runId = await clusters.migrate({}, false);
    const planned = await clusters.until(runId, isTarget('right', 'PLANNED'));
    let held: readonly object[] = [];
    while (held.length === 0) held = await stores.rows(`select from run_target where target = 'third' and lease_until > now()`);
    await clusters.approve(planned, 'right');
    const run = await clusters.until(runId, isTarget('right', 'SUCCEEDED'));
    expect(run).toMatchObject({ state: 'EXECUTING', targets: [{}, { state: 'PLANNING' }] });
    planning.resolve(undefined);
    await clusters.until(runId, isTarget('third', 'PLANNED'));
  });
});

describe('a target whose steps cannot be made', () => {
  const failing = (times: number, fault: MigrationError): Partial<PlanStore> => {
    let left = times;
    return {
      addSteps(lease, target, groups) {
        left -= target === 'third' ? 1 : 0;
        if (target === 'third' && left >= 0) return Promise.reject(fault);
        return stores.plans.addSteps(lease, target, groups);
      },
    };
  };

  it('is tried again until what passes has passed, whatever number of tries that takes', async () => {
    await start(failing(6, passing('Postgres')));
    const run = await clusters.until(await clusters.migrate({}, true), isIn('SUCCEEDED', 'INCOMPLETE', 'FAILED'));
    expect(run.state).toBe('SUCCEEDED');
    expect(run.targets.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  });

  it('fails alone when it never can be, says why, and is tried again when the run is resumed', async () => {
    const defect = new MigrationError('DEFECT', 'a step without a kind', { category: 'defect', retry: 'never', subject: 'third' });
    await start(failing(1, defect));
    const runId = await clusters.migrate({}, true);
    const run = await clusters.until(runId, isIn('SUCCEEDED', 'INCOMPLETE', 'FAILED'));
    expect(run).toMatchObject({
      state: 'INCOMPLETE',
      targets: [{ state: 'SUCCEEDED' }, { state: 'INCOMPLETE', failure: { code: 'DEFECT', message: 'a step without a kind' } }],
    });
    await stores.runs.resumeRun(runId);
    expect((await clusters.until(runId, isIn('SUCCEEDED', 'FAILED'))).state).toBe('SUCCEEDED');
  });
});

describe('what kills every planner that takes it', () => {
  const CLAIM = { owner: 'killed', leaseMs: 1 };
  const forgotten = () => sleep(20);

  /** As often as `retry.maxTries` of the tests' planners allows. */
  async function killThree(kill: () => Promise<unknown>): Promise<void> {
    for (let killed = 0; killed < 3; killed += 1) {
      await kill();
      await forgotten();
    }
  }

  it('ends FAILED when it is a whole run, and says where they were', async () => {
    const runId = await clusters.migrate({}, false);
    await killThree(async () => {
      const run = await stores.plans.claimRun('killed', 1_000);
      if (run === undefined) throw new Error('nothing to take');
      await stores.plans.addInventory(run, [{ source: { database: 'sales', table: 'items' }, object: 'table' }]);
      await stores.plans.shards.cutShards(run, { work: 'plan', targets: ['right'], tablesAShard: 10 });
      const part = await stores.plans.shards.claimShard(CLAIM);
      if (part !== undefined) await stores.plans.shards.notePlace(part, { database: 'sales', from: 'items', through: 'orders' });
      await stores.rows(`update run set lease_until = now()`);
    });
    await start();
    const run = await clusters.until(runId, isIn('FAILED', 'PLANNED'));
    expect(run).toMatchObject({ state: 'FAILED', failure: { code: 'PLANNER_KILLED' } });
    expect(run.failure?.message).toContain(
      '3 times by planners that stopped without a word, the last time at tables items to orders of database sales',
    );
  });

  it('ends the phase when it is a part that other planners do', async () => {
    await clusters.migrate({}, false);
    const run = await stores.plans.claimRun('holder', 60_000);
    if (run === undefined) throw new Error('nothing to take');
    await stores.plans.addInventory(run, [{ source: { database: 'sales', table: 'items' }, object: 'table' }]);
    await stores.plans.shards.cutShards(run, { work: 'plan', targets: ['right'], tablesAShard: 10 });
    await killThree(() => stores.plans.shards.claimShard(CLAIM));
    await start();
    let failure: Failure | undefined;
    while (failure === undefined) ({ failure } = await stores.plans.shards.shardProgress(run));
    expect(failure.code).toBe('PLANNER_KILLED');
  });

  it('fails a single target alone', async () => {
    const runId = await clusters.migrate({}, false);
    await start();
    const planned = await clusters.until(runId, isIn('PLANNED'));
    await ferry?.close();
    await clusters.approve(planned, 'right');
    await clusters.approve(planned, 'third');
    await stores.rows(`update run_target set due_at = null where target = 'right'`);
    await killThree(() => stores.plans.claimRun('killed', 1, { work: 'dispatch' }));
    await stores.rows(`update run_target set due_at = now() where target = 'right'`);
    await start();
    expect(await clusters.until(runId, isIn('SUCCEEDED', 'INCOMPLETE', 'FAILED'))).toMatchObject({
      state: 'INCOMPLETE',
      targets: [{ state: 'SUCCEEDED' }, { state: 'INCOMPLETE', failure: { code: 'PLANNER_KILLED' } }],
    });
  });
});

describe('a run that was in the hands of a planner that died', () => {
  const heldRuns = async (): Promise<readonly string[]> => {
    const rows = await stores.rows<{ id: string }>(`select id from run where lease_owner = 'planner-1' and lease_until > now()`);
    return rows.map(({ id }) => id);
  };
  let go: () => void = () => undefined;
  // Whoever waits would keep the process from ending.
  afterEach(() => go());

  /** Planning waits for `go` once it has begun to read the source. */
  function closeGate(): void {
    const { metastore } = clusters.left;
    const tables = metastore.tables.bind(metastore);
    const waiting: (() => void)[] = [];
    let isOpen = false;
    metastore.tables = async (...asked) => {
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      return tables(...asked);
    };
    go = () => {
      isOpen = true;
      for (const resolve of waiting.splice(0)) resolve();
    };
  }
  const aSuspect = async (): Promise<string> => {
    const runId = await clusters.migrate({}, false);
    await stores.plans.claimRun('dead', 60_000);
    return runId;
  };
  const forget = (runId: string): Promise<unknown> => stores.rows(`update run set lease_until = now() where id = $1`, [runId]);

  it('is taken alone, since it may kill this one too: what is with it would count as deadly', async () => {
    const suspects = [await aSuspect(), await aSuspect()];
    for (const runId of suspects) await forget(runId);
    const fresh = await clusters.migrate({}, false);
    closeGate();
    await start({}, 4);
    await expect.poll(heldRuns).toHaveLength(1);
    await sleep(300);
    expect(await heldRuns()).toEqual([suspects[0]]);
    go();
    for (const runId of [...suspects, fresh]) await clusters.until(runId, isIn('PLANNED'));
  });

  it('waits until what is under way has ended, and what came later waits for it', async () => {
    const suspect = await aSuspect();
    closeGate();
    await start({}, 4);
    const first = await clusters.migrate({}, false);
    await expect.poll(heldRuns).toEqual([first]);
    await forget(suspect);
    const later = await clusters.migrate({}, false);
    await sleep(300);
    expect(await heldRuns()).toEqual([first]);
    go();
    for (const runId of [first, suspect, later]) await clusters.until(runId, isIn('PLANNED'));
    const order = await stores.rows<{ run_id: string }>(
      `select run_id from run_event where type = 'run' and data ->> 'state' = 'PLANNED' order by sequence`,
    );
    expect(order.map((row) => row.run_id)).toEqual([first, suspect, later]);
  });
});

describe('a run that FAILED', () => {
  it('is planned again when it is resumed, with the clusters as they are registered then, and executed when that was asked for', async () => {
    const { metastore } = clusters.left;
    const names = metastore.databaseNames.bind(metastore);
    metastore.databaseNames = () => Promise.reject(Object.assign(passing('left'), { retry: 'operator' }));
    await start();
    const runId = await clusters.migrate({}, true);
    expect(await clusters.until(runId, isIn('FAILED'))).toMatchObject({ failure: { code: 'METASTORE_UNREACHABLE' } });
    metastore.databaseNames = names;
    await stores.runs.putCluster('left', { ...connectionOf('left'), metastore: { host: 'left-2', port: 9083 } }, {});
    const { kind } = await stores.runs.resumeRun(runId);
    const run = await clusters.until(runId, isIn('SUCCEEDED', 'INCOMPLETE', 'FAILED'));
    expect([kind, run.state, run.failure]).toEqual(['execute', 'SUCCEEDED', undefined]);
    await stores.runs.verifyRun(runId);
    await clusters.until(runId, isIn('SUCCEEDED'));
  });
});
