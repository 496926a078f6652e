import { describe, expect, it } from 'vitest';
import type { Namespace } from '../model/location.ts';
import type { Partition, Table } from '../model/table.ts';
import { planTable } from '../pipeline.ts';
import { SOURCE, aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { compareSource } from './compare-source.ts';

const AT = 'hdfs://left:8020/data/shop/orders';
const table = aTable({ partitionKeys: [aColumn('dt string')], storage: { columns: [aColumn('id int -- the order')] } });
const partitions = [aPartition(['1'], `${AT}/dt=1`), aPartition(['2'], `${AT}/dt=2`)];
const plan = planTable(anInput({ table, partitions }));
const namespace: Namespace = SOURCE.namespace;

const changes = (now: { readonly table?: Table; readonly partitions?: readonly Partition[] }): readonly string[] =>
  compareSource(plan, { table, partitions, namespace, ...now }).map(({ code, subject }) => `${code} ${subject}`);

describe('the source since the plan', () => {
  it('has not changed when it is as it was planned, in whatever order its partitions come', () => {
    expect(changes({ partitions: [...partitions].reverse() })).toEqual([]);
  });

  it('has changed by a partition that the plan does not know', () => {
    expect(changes({ partitions: [...partitions, aPartition(['3'], `${AT}/dt=3`)] })).toEqual(['SOURCE_METADATA_CHANGED shop.orders/dt=3']);
  });

  it('has changed by a partition that was dropped, and by one that lies elsewhere', () => {
    expect(changes({ partitions: [aPartition(['2'], `${AT}/elsewhere`)] })).toEqual([
      'SOURCE_METADATA_CHANGED shop.orders/dt=1',
      'SOURCE_METADATA_CHANGED shop.orders/dt=2',
    ]);
  });

  it('has changed by a column, its type and its comment', () => {
    for (const columns of [[aColumn('id int -- the order'), aColumn('n int')], [aColumn('id bigint -- the order')], [aColumn('id int')]])
      expect(changes({ table: { ...table, storage: { ...table.storage, columns } } })).toEqual(['SOURCE_METADATA_CHANGED shop.orders']);
  });

  it('has changed when the table is gone', () => {
    expect(compareSource(plan, { partitions: [], namespace }).map(({ code }) => code)).toEqual(['SOURCE_METADATA_CHANGED']);
  });
});
