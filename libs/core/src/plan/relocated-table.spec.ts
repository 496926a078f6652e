import { describe, expect, it } from 'vitest';
import type { TablePlan } from '../model/plan.ts';
import { planTable } from '../pipeline.ts';
import { SOURCE, aColumn, aPartition, aTable, anInput, location } from '../testing/builders.ts';
import type { InputOverrides } from '../testing/builders.ts';

const AT = 'hdfs://left:8020/data/shop/orders';
const TO = 'hdfs://left:8020/new/shop/orders';
const OUTSIDE = 'hdfs://left:8020/data/archive';
const locationMap = [{ from: location('hdfs://left:8020/data'), to: location('hdfs://left:8020/new') }];
const partitioned = aTable({ partitionKeys: [aColumn('day string')] });
const day = (name: string, at = `${AT}/day=${name}`) => aPartition([name], at);
const neighbour = (table: string, at: string) => ({ table: { database: 'shop', table }, location: location(at) });

function move(overrides: InputOverrides): TablePlan {
  const input = anInput({ ...overrides, settings: { strategy: 'STORAGE_MIGRATION', locationMap } });
  return planTable({ ...input, clusters: { source: SOURCE, target: SOURCE } });
}

const refusalsOf = ({ decision, issues }: TablePlan): readonly unknown[] => [
  decision,
  ...issues.filter(({ severity }) => severity === 'refusal').map(({ code, detail }) => [code, detail]),
];

describe('a table that moves', () => {
  it('is refused when its files are those of another one as well: that would be copied over what is written at the new place', () => {
    const shared = ['MOVES_SHARED_FILES', { count: 1, examples: ['shop.twin'] }];
    expect(refusalsOf(move({ neighbours: [neighbour('twin', AT)] }))).toEqual(['REFUSED', shared]);
    for (const at of [`${AT}/day=1`, `${AT}/day=1/deeper`])
      expect(refusalsOf(move({ table: partitioned, partitions: [day('1')], neighbours: [neighbour('twin', at)] }))).toEqual([
        'REFUSED',
        shared,
      ]);
  });

  it('moves without the other table in its directory', () => {
    expect(refusalsOf(move({ neighbours: [neighbour('inner', `${AT}/inner`)] }))).toEqual(['MIGRATE']);
  });

  it('is refused by another name than done while partitions of it still lie at the old place', () => {
    const table = aTable({ partitionKeys: [aColumn('day string')], storage: { location: TO } });
    const there = day('1', `${TO}/day=1`);
    expect(refusalsOf(move({ table, partitions: [there] }))).toEqual(['REFUSED', ['LIES_THERE_ALREADY', { location: TO }]]);
    expect(refusalsOf(move({ table, partitions: [there, day('2', `${AT}/day=2`)] }))).toEqual([
      'REFUSED',
      ['PARTITIONS_STAYED_BEHIND', { location: TO, count: 1, examples: ['day=2'] }],
    ]);
  });

  it.each(['avro.schema.url', 'path'])('is refused when a partition of its own names a file of the old place: %s', (key) => {
    const naming = (at: string, value: string) => {
      const partition = day('1', at);
      const { storage } = partition;
      return { ...partition, storage: { ...storage, serde: { ...storage.serde, parameters: { [key]: value } } } };
    };
    const of = (at: string, value: string) => refusalsOf(move({ table: partitioned, partitions: [naming(at, value)] }));
    const refused = ['REFUSED', ['PARTITION_NAMES_OLD_PLACE', { count: 1, examples: ['day=1'] }]];
    expect(of(`${AT}/day=1`, `${AT}/schema`)).toEqual(refused);
    expect(of(OUTSIDE, `${OUTSIDE}/schema`)).toEqual(refused);
    expect(of(`${AT}/day=1`, 'hdfs://left:8020/schemas/orders')).toEqual(['MIGRATE']);
  });
});
