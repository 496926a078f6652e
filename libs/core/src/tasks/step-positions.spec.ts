import { expect, it } from 'vitest';
import { planTable } from '../pipeline.ts';
import { aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { withPositions } from './step-positions.ts';
import { stepsOf } from './steps.ts';

const plan = planTable(
  anInput({
    table: aTable({ partitionKeys: [aColumn('dt string')] }),
    partitions: [aPartition(['1'], 'hdfs://left:8020/else/1'), aPartition(['2'], 'hdfs://left:8020/else/2')],
  }),
);

it('puts large copies before small ones, those of unknown size between, and all before none of their followers', () => {
  const sized = { copySizes: { 'copy-2': { bytes: 5 * 1024 ** 4, files: 1 }, 'copy-3': { bytes: 10, files: 1 } } };
  const positions = new Map(withPositions(stepsOf(plan), sized).map(({ key, position = 0 }) => [key, position]));
  const [unknown = 0, large = 0, small = 0] = ['copy-1', 'copy-2', 'copy-3'].map((key) => positions.get(key));
  expect([large > unknown, unknown > small]).toEqual([true, true]);
  expect(small).toBeGreaterThan(positions.get('preflight') ?? 0);
  expect(large).toBeLessThan(positions.get('create-table') ?? 0);
});
