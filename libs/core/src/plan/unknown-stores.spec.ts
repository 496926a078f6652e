import { describe, expect, it } from 'vitest';
import type { TablePlan } from '../model/plan.ts';
import type { PlanSettings } from '../model/plan-settings.ts';
import { planTable } from '../pipeline.ts';
import { TARGET, anInput, location } from '../testing/builders.ts';
import { refuseUnknownStores } from './unknown-stores.ts';

const map = [{ from: location('hdfs://left:8020/data'), to: location('s3a://lake/data') }];
const stores = { cluster: TARGET.name, namespaces: [TARGET.namespace] };
const planned = (settings: Partial<PlanSettings>): TablePlan => refuseUnknownStores(planTable(anInput({ settings })), stores);
const codes = ({ decision, issues }: TablePlan): readonly string[] => [decision, ...issues.map(({ code }) => code)];

describe('files that go where the target has no store', () => {
  it('refuse their table, which names the store and those that are known', () => {
    const plan = planned({ locationMap: map });
    expect(codes(plan)).toEqual(['REFUSED', 'STORE_NOT_REGISTERED']);
    expect(plan.issues[0]?.detail).toMatchObject({ namespace: 's3a://lake', known: ['hdfs://right:9020'] });
  });

  it('are a warning where others bring them and nobody looks at them', () => {
    expect(codes(planned({ locationMap: map, copiedBy: 'external', proof: 'metadata' }))).toEqual(['MIGRATE', 'STORE_NOT_SEEN']);
    expect(codes(planned({ locationMap: map, copiedBy: 'external', proof: 'rows' }))).toEqual(['REFUSED', 'STORE_NOT_REGISTERED']);
  });

  it('are no matter of a plan that copies nothing, only tells, or goes where a store is', () => {
    expect(codes(planned({}))).toEqual(['MIGRATE']);
    expect(codes(planned({ strategy: 'LINKED' }))).toEqual(['MIGRATE']);
    expect(codes(planned({ strategy: 'DUMP', locationMap: map }))).toEqual(['MIGRATE']);
  });
});
