import { describe, expect, it } from 'vitest';
import { DEFAULT_PARTITION } from '@hiveferry/core';
import type { Partition, StorageDescriptor, Table } from '@hiveferry/core';
import { ensureAddable, ensureDroppable } from './sayable-partitions.ts';

const storage = (more: Partial<StorageDescriptor> = {}): StorageDescriptor => ({
  columns: [{ name: 'id', type: 'int' }],
  location: 'hdfs://h:1/t',
  inputFormat: 'text',
  outputFormat: 'text',
  compressed: false,
  numBuckets: 0,
  serde: { serializationLib: 'lazy', parameters: { 'serialization.format': '1' } },
  bucketColumns: [],
  sortColumns: [],
  storedAsSubDirectories: false,
  parameters: {},
  ...more,
});
const table = (keyType: string, parameters: Table['parameters'] = {}): Table => ({
  database: 'db',
  name: 't',
  tableType: 'EXTERNAL_TABLE',
  storage: storage(),
  partitionKeys: [{ name: 'p', type: keyType }],
  parameters,
});
const partition = (value: string, more: Partial<StorageDescriptor> = {}, parameters: Partition['parameters'] = {}): Partition => ({
  values: [value],
  storage: storage({ location: 'hdfs://h:1/p', ...more }),
  parameters,
});
const REFUSED = { code: 'METASTORE_URI_MISSING', category: 'request', subject: 'db.t' };

const faultOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (fault) {
    return fault;
  }
  return undefined;
};

describe('a partition that ADD PARTITION can say', () => {
  it.each([
    ['string', 'a=b/é', 'p=a%3Db%2Fé'],
    ['int', '-7', 'p=-7'],
    ['date', '2024-02-29', 'p=2024-02-29'],
    ['varchar(9)', '01', 'p=01'],
  ])('has a key of type %s', (type, value, name) => {
    expect(ensureAddable(table(type), [partition(value)])).toEqual([{ name, location: 'hdfs://h:1/p' }]);
  });

  it('has what the table has, said or not, and what Hive counts by itself', () => {
    const serde = { serializationLib: 'lazy', parameters: {} };
    expect(ensureAddable(table('string'), [partition('a', { serde }, { numRows: '7', transient_lastDdlTime: '1' })])).toHaveLength(1);
  });
});

describe('a partition that ADD PARTITION cannot say is refused, with the reason', () => {
  it.each([
    ['the default one', 'string', partition(DEFAULT_PARTITION), /default partition/],
    ['an empty value', 'string', partition(''), /no value for each key/],
    ['a number that Hive writes another way', 'int', partition('01'), /value of its key p \(int\)/],
    ['a decimal', 'decimal(4,2)', partition('1.50'), /value of its key p \(decimal/],
    ['a format of its own', 'string', partition('a', { inputFormat: 'orc' }), /formats and SerDe/],
    ['columns of its own', 'string', partition('a', { columns: [{ name: 'id', type: 'bigint' }] }), /columns/],
    [
      'a delimiter of its own',
      'string',
      partition('a', { serde: { serializationLib: 'lazy', parameters: { x: 'y' } } }),
      /SerDe parameters/,
    ],
    ['parameters of its own', 'string', partition('a', {}, { owner: 'x' }), /parameters of its own \(owner\)/],
  ])('%s', (_, type, refused, reason) => {
    const fault = faultOf(() => ensureAddable(table(type), [partition('1'), refused]));
    expect(fault).toMatchObject({ ...REFUSED, message: expect.stringMatching(reason) as string });
  });
});

describe('DROP PARTITION is refused', () => {
  it.each([
    ['where it would remove files: purge', table('string', { 'external.table.purge': 'TRUE' }), 'p=a', /would remove files/],
    ['where it would remove files: managed', { ...table('string'), tableType: 'MANAGED_TABLE' } as const, 'p=a', /would remove files/],
    ['where it would take another partition, too', table('int'), 'p=01', /key p \(int\)/],
    ['for the default partition', table('string'), `p=${DEFAULT_PARTITION}`, /default partition/],
  ])('%s', (_, of, name, reason) => {
    expect(faultOf(() => ensureDroppable(of, ['p=1', name]))).toMatchObject({
      ...REFUSED,
      message: expect.stringMatching(reason) as string,
    });
  });

  it('nowhere else', () => {
    expect(() => ensureDroppable(table('string'), ['p=a', 'p=01'])).not.toThrow();
    expect(() => ensureDroppable(table('string', { 'external.table.purge': 'TRUE' }), [])).not.toThrow();
  });
});
