import { planTable } from '@hiveferry/core';
import type { PartitionMove } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { aTable, fakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { moveInSlices } from './move-in-slices.ts';
import type { StepContext } from './step-handler.ts';

const target = fakeCluster(connectionOf('right', 4), { databases: [] });
const plan = planTable({
  source: { table: aTable('days'), partitions: [] },
  neighbours: [],
  clusters: { source: target.facts, target: target.facts },
  settings: { strategy: 'SCHEMA_ONLY', proof: 'rows', locationMap: [], allowedHazards: [], databasePrefix: '', distcp: {} },
});
const moves = (count: number): readonly PartitionMove[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `d=${String(index)}`,
    from: location(`hdfs://left/old/${String(index)}`),
    to: location(`hdfs://left/new/${String(index)}`),
  }));

async function callsFor(count: number): Promise<readonly (string | number)[]> {
  const calls: (string | number)[] = [];
  const metastoreWriter: Pick<StepContext['target']['metastoreWriter'], 'movePartitions'> = {
    movePartitions: (asked) => Promise.resolve(void calls.push(asked.moves.length)),
  };
  // Only what is asked of it.
  const context = { renew: () => Promise.resolve(void calls.push('renew')), target: { metastoreWriter } } as unknown as StepContext;
  await moveInSlices(context, plan, moves(count));
  return calls;
}

it('asks before each thousand partitions whether the step is still its own', async () => {
  expect(await callsFor(2_001)).toEqual(['renew', 1_000, 'renew', 1_000, 'renew', 1]);
  expect(await callsFor(0)).toEqual([]);
});
