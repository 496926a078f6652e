import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PARTITION, escapePathName, parsePartitionName, partitionName, unescapePathName } from './partition-name.ts';
import { aColumn } from '../testing/builders.ts';

const KEYS = [aColumn('dt string'), aColumn('region string')];

describe('partition names', () => {
  it.each([
    ['2024-01-01', '2024-01-01'],
    ['a=b', 'a%3Db'],
    ['x/y', 'x%2Fy'],
    ['%3A', '%253A'],
    ['a b', 'a b'],
    ['Grüße', 'Grüße'],
    ['a{b}c', 'a%7Bb}c'],
    ['[^]', '%5B%5E%5D'],
    ['\t\u007f', '%09%7F'],
    ['', DEFAULT_PARTITION],
  ])('writes %j as Hive does', (value, escaped) => {
    expect(escapePathName(value)).toBe(escaped);
  });

  it('leaves a percent sign without two hex digits alone', () => {
    expect(unescapePathName('100%')).toBe('100%');
  });

  it('joins keys and values in the order of the keys', () => {
    expect(partitionName(KEYS, ['2024-01-01', 'a/b'])).toBe('dt=2024-01-01/region=a%2Fb');
  });

  it('refuses a name that has no equals sign', () => {
    expect(parsePartitionName('dt=1/rest')).toBeUndefined();
  });

  it('reads back every name it writes', () => {
    const value = fc.array(fc.nat(0x2ff), { minLength: 1, maxLength: 8 }).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(parsePartitionName(partitionName(KEYS, [a, b]))).toEqual([
          { key: 'dt', value: a },
          { key: 'region', value: b },
        ]);
      }),
    );
  });
});
