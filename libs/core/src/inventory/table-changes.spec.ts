import { describe, expect, it } from 'vitest';
import { ORC_FORMAT, aColumn, aPartition, aTable } from '../testing/builders.ts';
import { tableChanges } from './table-changes.ts';

const id = aColumn('id int');
const partitioned = aTable({ partitionKeys: [aColumn('dt string')] });
const first = aPartition(['1'], 'hdfs://h:1/t/dt=1');

describe('changes of a table', () => {
  it('are none between equal tables, whatever their statistics and times say', () => {
    const table = (numRows: string) => aTable({ parameters: { numRows, transient_lastDdlTime: numRows } });
    expect(tableChanges({ table: table('1'), partitions: [] }, { table: table('2'), partitions: [] })).toEqual([]);
  });

  it('name the column that was added, and no other', () => {
    const from = aTable({ storage: { columns: [id] } });
    const to = aTable({ storage: { columns: [aColumn('new string'), id] } });
    expect(tableChanges({ table: from, partitions: [] }, { table: to, partitions: [] })).toEqual([
      { field: 'columnOrder', from: 'id', to: 'new, id' },
      { field: 'columns.new', to: 'string' },
    ]);
  });

  it('name properties, place and format with both values', () => {
    const from = aTable({ parameters: { a: '1' }, storage: { location: 'hdfs://h:1/old' } });
    const to = aTable({ parameters: { a: '2' }, storage: { location: 'hdfs://h:1/new' } });
    expect(tableChanges({ table: from, partitions: [] }, { table: to, partitions: [] })).toEqual([
      { field: 'parameters.a', from: '1', to: '2' },
      { field: 'storage.location', from: 'hdfs://h:1/old', to: 'hdfs://h:1/new' },
    ]);
  });

  it('name partitions that came, went and changed', () => {
    const moved = aPartition(['1'], 'hdfs://h:1/elsewhere', ORC_FORMAT);
    const changes = tableChanges(
      { table: partitioned, partitions: [first, aPartition(['2'], 'hdfs://h:1/t/dt=2')] },
      { table: partitioned, partitions: [moved, aPartition(['3'], 'hdfs://h:1/t/dt=3')] },
    );
    expect(changes).toContainEqual({ field: 'partition dt=1: storage.location', from: 'hdfs://h:1/t/dt=1', to: 'hdfs://h:1/elsewhere' });
    expect(changes).toContainEqual({ field: 'partition dt=2', from: 'hdfs://h:1/t/dt=2' });
    expect(changes).toContainEqual({ field: 'partition dt=3', to: 'hdfs://h:1/t/dt=3' });
  });
});
