import type { RunStore } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { aPlan } from '../../../../test/support/stores.ts';
import { ForecastService } from './forecast.service.ts';

it('refuses plans whose reckoning would hold the process up', async () => {
  const job = { kind: 'pair', id: 'copy-1', source: 'hdfs://a/t', target: 'hdfs://b/t', excluded: [] };
  const plan = { ...aPlan('orders'), copyJobs: Array.from({ length: 60_000 }, () => job) };
  const store = {
    run: () => Promise.resolve({ id: 'r', migrationId: 'm', targets: [{ target: 'right' }] }),
    migration: () => Promise.resolve(undefined),
    tablesWithPlans: async function* () {
      yield* [{ plan }, { plan }];
    },
  };
  // Only these three are asked.
  const service = new ForecastService(store as unknown as RunStore);
  await expect(service.of('r', {})).rejects.toMatchObject({
    code: 'FORECAST_TOO_LARGE',
    message: expect.stringContaining('100000 copies'),
  });
});
