import { describe, expect, it } from 'vitest';
import type { PlannedStep } from '../model/task.ts';
import { planTable } from '../pipeline.ts';
import { aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { stepsOf } from './steps.ts';

const shown = (steps: readonly PlannedStep[]): readonly string[] =>
  steps.map(({ key, side, after }) => `${key} (${side}) after ${after.join(', ')}`);
const partitioned = {
  table: aTable({ partitionKeys: [aColumn('dt string')] }),
  partitions: [aPartition(['1'], 'hdfs://left:8020/data/shop/orders/dt=1'), aPartition(['2'], 'hdfs://left:8020/else')],
};

describe('steps', () => {
  it('of a partitioned table copy first, create and attach then, and verify last', () => {
    expect(shown(stepsOf(planTable(anInput(partitioned))))).toEqual([
      'preflight (target) after database',
      'copy-1 (target) after preflight',
      'copy-2 (target) after preflight',
      'create-table (target) after copy-1, copy-2',
      'attach-partitions (target) after create-table',
      'measure-source (source) after copy-1, copy-2',
      'measure-target (target) after attach-partitions',
      'verify (target) after measure-source, measure-target',
    ]);
  });

  it('copy at the source when it pushes, and do all else where they did', () => {
    const sides = stepsOf(planTable(anInput({ settings: { distcp: { flow: 'PUSH' } } }))).map(({ key, side }) => `${key} (${side})`);
    expect(sides).toEqual([
      'preflight (target)',
      'copy-1 (source)',
      'create-table (target)',
      'measure-source (source)',
      'measure-target (target)',
      'verify (target)',
    ]);
  });

  it('wait for the files once a table when others copy', () => {
    expect(shown(stepsOf(planTable(anInput({ ...partitioned, settings: { copiedBy: 'external', proof: 'metadata' } }))))).toEqual([
      'preflight (target) after database',
      'await-copy (target) after preflight',
      'create-table (target) after await-copy',
      'attach-partitions (target) after create-table',
      'verify (target) after attach-partitions',
    ]);
  });

  it('measure nothing when only metadata is to be proved', () => {
    const keys = stepsOf(planTable(anInput({ settings: { proof: 'metadata' } }))).map(({ key }) => key);
    expect(keys).toEqual(['preflight', 'copy-1', 'create-table', 'verify']);
  });

  it('of a transactional table transfer its rows first, insert and publish them, and clean up on both sides before the verdict', () => {
    const table = aTable({ tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' }, partitionKeys: [aColumn('dt string')] });
    const { partitions } = partitioned;
    expect(shown(stepsOf(planTable(anInput({ table, partitions, settings: { strategy: 'SQL' } }))))).toEqual([
      'preflight (target) after database',
      'transfer-rows (source) after preflight',
      'insert-rows (target) after transfer-rows',
      'publish (target) after insert-rows',
      'create-table (target) after publish',
      'attach-partitions (target) after create-table',
      'clean-up-target (target) after attach-partitions',
      'clean-up-source (source) after publish',
      'measure-source (source) after publish',
      'measure-target (target) after attach-partitions',
      'verify (target) after measure-source, measure-target, clean-up-target, clean-up-source',
    ]);
  });

  it('of a view create and verify', () => {
    const view = aTable({ tableType: 'VIRTUAL_VIEW', viewExpandedText: 'select 1' });
    expect(shown(stepsOf(planTable(anInput({ table: view }))))).toEqual([
      'create-view (target) after database',
      'verify (target) after create-view',
    ]);
  });

  it('are none for a refused table', () => {
    expect(stepsOf(planTable(anInput({ table: aTable({ storage: { location: 's3a://elsewhere/t' } }) })))).toEqual([]);
  });
});
