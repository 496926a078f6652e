import { describe, expect, it } from 'vitest';
import { planTable } from '../pipeline.ts';
import type { Partition, Table } from '../model/table.ts';
import { SOURCE, aColumn, aPartition, aTable, anInput, location } from '../testing/builders.ts';
import { openRelocation } from './open-relocation.ts';

const AT = 'hdfs://left:8020/data/shop/orders';
const TO = 's3a://lake/data/shop/orders';
const table = aTable({ partitionKeys: [aColumn('day string')], parameters: { EXTERNAL: 'TRUE', path: AT } });
const partitions = ['a', 'b'].map((day) => aPartition([day], `${AT}/day=${day}`));
const locationMap = [{ from: location('hdfs://left:8020/data'), to: location('s3a://lake/data') }];
const input = anInput({ table, partitions, settings: { strategy: 'STORAGE_MIGRATION', locationMap } });
const plan = planTable({ ...input, clusters: { source: SOURCE, target: SOURCE } });

const movedTable: Table = { ...table, parameters: { ...table.parameters, path: TO }, storage: { ...table.storage, location: TO } };
const moved = (partition: Partition): Partition => ({
  ...partition,
  storage: { ...partition.storage, location: (partition.storage.location ?? '').replace(AT, TO) },
});

describe('what is open of a table that moves', () => {
  it('is all of it while it lies at its old place', () => {
    const open = openRelocation(plan, { foundTable: table, foundPartitions: partitions });
    expect(open).toMatchObject({ changed: [], hasBegun: false });
    expect(open.partitions.map(({ name }) => name)).toEqual(['day=a', 'day=b']);
    expect(open.statements.map(({ sql }) => sql)).toEqual([
      `ALTER TABLE \`shop\`.\`orders\` SET LOCATION '${TO}'`,
      `ALTER TABLE \`shop\`.\`orders\` SET TBLPROPERTIES (\n  'path'='${TO}')`,
    ]);
  });

  it('is what an attempt that stopped half-way did not reach', () => {
    const foundPartitions = partitions.map((partition, index) => (index === 0 ? moved(partition) : partition));
    const open = openRelocation(plan, { foundTable: table, foundPartitions });
    expect(open).toMatchObject({ changed: [], hasBegun: true, partitions: [{ name: 'day=b' }] });
    expect(open.statements).toHaveLength(2);
  });

  it('is nothing when it lies there', () => {
    const open = openRelocation(plan, { foundTable: movedTable, foundPartitions: partitions.map(moved) });
    expect(open).toEqual({ changed: [], partitions: [], statements: [], hasBegun: true });
  });

  it.each([
    [
      'the table went elsewhere',
      { ...table, storage: { ...table.storage, location: 'hdfs://left:8020/other' } },
      partitions,
      'LOCATION_DIFFERS',
    ],
    ['a partition came', table, [...partitions, aPartition(['c'], `${AT}/day=c`)], 'PARTITION_UNEXPECTED'],
    [
      'a partition went elsewhere',
      table,
      [aPartition(['a'], 'hdfs://left:8020/other'), ...partitions.slice(1)],
      'PARTITION_LOCATION_DIFFERS',
    ],
    [
      'a column came',
      { ...table, storage: { ...table.storage, columns: [...table.storage.columns, aColumn('n int')] } },
      partitions,
      'COLUMN_UNEXPECTED',
    ],
    ['the table was dropped', undefined, [], 'TABLE_MISSING'],
  ])('says that it changed when %s', (_title, foundTable, foundPartitions, code) => {
    const open = openRelocation(plan, { ...(foundTable && { foundTable }), foundPartitions });
    expect(open.changed.map((finding) => finding.code)).toEqual([code]);
  });
});
