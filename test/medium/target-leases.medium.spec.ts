/** Each target of a run has its own hold: what one's planning or dispatching comes to is no matter of the others. */
import { MigrationError } from '@hiveferry/core';
import type { PlanStore } from '@hiveferry/ports';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aFanOut, isIn, isTarget, passing } from '../support/fan-out.ts';
import type { FanOut } from '../support/fan-out.ts';
import { startFerry } from '../support/ferry-process.ts';
import { openTestStores } from '../support/stores.ts';
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
async function start(plans: Partial<PlanStore> = {}): Promise<void> {
  const faulty = new Proxy(stores.plans, {
    get(target, key) {
      const value: unknown = Reflect.get(plans, key) ?? Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  ferry = await startFerry({ ...stores, plans: faulty }, clusters.gateway, { planner: { tickMs: 50, places: 1 } });
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
