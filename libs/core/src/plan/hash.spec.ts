import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aColumn, aPartition, aTable, anInput } from '../testing/builders.ts';
import { planHash, tableHash } from './hash.ts';
import { planTable } from '../pipeline.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashOf = (...given: Parameters<typeof anInput>): string => tableHash(planTable(anInput(...given)), digest);

describe('hashes', () => {
  it('are equal when only statistics and times of the source changed', () => {
    const counted = aTable({ parameters: { ...aTable().parameters, numRows: '7', transient_lastDdlTime: '9' } });
    expect(hashOf({ table: counted })).toBe(hashOf());
  });

  it('change with one column comment', () => {
    expect(hashOf({ table: aTable({ storage: { columns: [aColumn('id int -- new'), aColumn('name string')] } }) })).not.toBe(hashOf());
  });

  it('change with one partition', () => {
    const table = aTable({ partitionKeys: [aColumn('dt string')] });
    expect(hashOf({ table, partitions: [aPartition(['1'], 'hdfs://left:8020/data/shop/orders/dt=1')] })).not.toBe(hashOf({ table }));
  });

  it('of a plan do not depend on the order of its tables', () => {
    const tables = ['a', 'b'].map((table) => ({ source: { database: 'shop', table }, hash: table }));
    expect(planHash(tables, [], digest)).toBe(planHash([...tables].reverse(), [], digest));
  });
});
