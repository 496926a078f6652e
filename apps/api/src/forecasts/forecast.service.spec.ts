import type { RunStore } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { aPlan } from '../../../../test/support/stores.ts';
import { ForecastService } from './forecast.service.ts';

/** A run of two tables with as many copies each. */
function serviceOf(copiesATable: number): ForecastService {
  const job = { kind: 'pair', id: 'copy-1', source: 'hdfs://a/t', target: 'hdfs://b/t', excluded: [] };
  const plan = { ...aPlan('orders'), copyJobs: Array.from({ length: copiesATable }, () => job) };
  const store = {
    run: () => Promise.resolve({ id: 'r', migrationId: 'm', targets: [{ target: 'right' }] }),
    migration: () => Promise.resolve(undefined),
    tablesWithPlans: async function* () {
      yield* [{ plan }, { plan }];
    },
  };
  // Only these three are asked.
  return new ForecastService(store as unknown as RunStore);
}

/** A thread compiles what it loads. */
const PATIENCE = { timeout: 60_000 };

it('refuses plans of more copies than are reckoned', PATIENCE, async () => {
  await expect(serviceOf(100_001).of('r', {})).rejects.toMatchObject({
    code: 'FORECAST_TOO_LARGE',
    message: expect.stringContaining('200000 copies'),
  });
});

it('says of many copies, reckoned in a thread, what it says of few', PATIENCE, async () => {
  const [few, many] = await Promise.all([100, 1_500].map(async (copies) => (await serviceOf(copies).of('r', { slots: 1 })).items[0]));
  expect([few?.copies, many?.copies]).toEqual([200, 3_000]);
  expect(many?.oneByOneSeconds).toBeCloseTo(15 * (few?.oneByOneSeconds ?? 0), 3);
  expect(many?.assumptions).toEqual(few?.assumptions);
});

it('lets others have their turn while it reckons', PATIENCE, async () => {
  let turns = 0;
  const others = setInterval(() => (turns += 1), 1);
  await serviceOf(10_000).of('r', {});
  clearInterval(others);
  expect(turns).toBeGreaterThan(5);
});
