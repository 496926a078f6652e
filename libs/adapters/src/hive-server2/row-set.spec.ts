import { describe, expect, it } from 'vitest';
import { rowsOf } from './row-set.ts';

const int64 = (hex: string): object => ({ buffer: Buffer.from(`ffff${hex}`, 'hex'), offset: 2 });
const noNulls = Buffer.alloc(0);

describe('rows of an answer', () => {
  it('keep all digits of a BIGINT, at whatever place of its buffer', () => {
    const values = [int64('7fffffffffffffff'), int64('8000000000000000'), int64('0020000000000001')];
    expect(rowsOf({ columns: [{ i64Val: { values, nulls: noNulls } }] })).toEqual([
      ['9223372036854775807'],
      ['-9223372036854775808'],
      ['9007199254740993'],
    ]);
  });

  it('read the bitmap of nulls from the lowest bit, byte by byte', () => {
    const values = Array.from({ length: 10 }, (_, i) => String(i));
    const rows = rowsOf({ columns: [{ boolVal: null, stringVal: { values, nulls: Buffer.from([0b0000_0010, 0b0000_0010]) } }] });
    expect(rows.map(([cell]) => cell)).toEqual(['0', null, '2', '3', '4', '5', '6', '7', '8', null]);
  });

  it('put columns side by side by position', () => {
    const columns = [
      { i32Val: { values: [1, 2], nulls: noNulls } },
      { boolVal: { values: [true, false], nulls: noNulls } },
      { binaryVal: { values: [Buffer.from([255]), Buffer.from([0])], nulls: noNulls } },
    ];
    expect(rowsOf({ columns })).toEqual([
      ['1', 'true', 'ff'],
      ['2', 'false', '00'],
    ]);
  });

  it('are none without columns', () => {
    expect(rowsOf({})).toEqual([]);
  });
});
