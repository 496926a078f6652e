import { describe, expect, it } from 'vitest';
import type { Row } from '@hiveferry/ports';
import { describedText } from './described-text.ts';
import { databaseOfTexts, partitionOfText, tableOfTexts, viewOfTexts } from './text-objects.ts';

const NAME = { database: 'db', table: 't' };

/** Rows as Hive 3.1.3 and 4.0.1 print them; both pad short cells to 20. */
const details = (...rows: readonly Row[]): readonly Row[] => [
  ['id', 'int', 'col\'umn \\"quoted\\" ñ \\\\ back\\ttab'],
  ['', null, null],
  ['# Partition Information', null, null],
  ['# col_name', 'data_type', 'comment'],
  ['dt', 'string', 'day'],
  ['', null, null],
  ['# Detailed Table Information', null, null],
  ['Owner:              ', 'hive                ', null],
  ['OwnerType:          ', 'ROLE                ', null],
  ['Table Type:         ', 'EXTERNAL_TABLE      ', null],
  ['Location:           ', 'hdfs://h:1/a/b/c/t', null],
  ...rows,
];
const parameters = (...pairs: readonly (readonly [string, string])[]): readonly Row[] => [
  ['Table Parameters:', null, null],
  ...pairs.map(([key, value]): Row => ['', key.padEnd(20), value.padEnd(20)]),
];
const storage = (...pairs: readonly (readonly [string, string])[]): readonly Row[] => [
  ['', null, null],
  ['# Storage Information', null, null],
  ['SerDe Library:      ', 'x.Lazy              ', null],
  ['InputFormat:        ', 'null                ', null],
  ['Compressed:         ', 'No                  ', null],
  ['Num Buckets:        ', '-1                  ', null],
  ['Storage Desc Params:', null, null],
  ...pairs.map(([key, value]): Row => ['', key.padEnd(20), value.padEnd(20)]),
];
const created = (...clauses: readonly string[]): readonly Row[] =>
  ['CREATE EXTERNAL TABLE `db`.`t`(', '  `id` int)', 'PARTITIONED BY (', '  `dt` string)', ...clauses].map((line) => [line]);
const tableWith = (described: readonly Row[], ...clauses: readonly string[]) =>
  tableOfTexts(NAME, describedText(described), created(...clauses));

describe('a table from the texts of HiveServer2', () => {
  it('has comments, keys and owner as they were', () => {
    expect(tableWith(details(...storage()))).toMatchObject({
      tableType: 'EXTERNAL_TABLE',
      owner: { name: 'hive', type: 'ROLE' },
      storage: {
        columns: [{ name: 'id', type: 'int', comment: 'col\'umn "quoted" ñ \\ back\ttab' }],
        location: 'hdfs://h:1/a/b/c/t',
        numBuckets: 0,
        serde: { serializationLib: 'x.Lazy' },
      },
      partitionKeys: [{ name: 'dt', type: 'string', comment: 'day' }],
    });
  });

  it('keeps blanks at the end of values, which only SHOW CREATE TABLE shows', () => {
    const rows = details(...parameters(['eq', ' sp'], ['numRows', '7']), ...storage(['field.delim', ''], ['escape.delim', '\\u0001']));
    const table = tableWith(
      rows,
      "ROW FORMAT SERDE 'x.Lazy'",
      "WITH SERDEPROPERTIES ('field.delim'=' ', 'escape.delim'='\\u0001')",
      "TBLPROPERTIES ('eq'=' sp ')",
    );
    expect(table.parameters).toEqual({ eq: ' sp ', numRows: '7' });
    expect(table.storage.serde.parameters).toEqual({ 'field.delim': ' ', 'escape.delim': '\u0001' });
    expect(table.storage).not.toHaveProperty('inputFormat');
  });

  it('keeps commas in skewed values', () => {
    const table = tableWith(details(...storage()), "SKEWED BY (`id`) ON (('a'),('b,c'))", 'STORED AS DIRECTORIES');
    expect(table.storage.skewed).toEqual({ columns: ['id'], values: [['a'], ['b,c']] });
  });
});

describe('a view from the texts of HiveServer2', () => {
  const view = (fields: string) =>
    viewOfTexts(NAME, describedText(details(...storage())), [
      ['x', 'int', ''],
      ['', null, null],
      ['Detailed Table Information', `Table(tableName:t, parameters:{}${fields}, rewriteEnabled:false, ownerType:USER)`, ''],
    ]);

  it('has both queries with their lines, tabs, quotes and backslashes', () => {
    const fields = String.raw`, viewOriginalText:select '\\n \"q\"',\n\tid, viewExpandedText:select '\\n \"q\"',\n\tt.id, tableType:VIRTUAL_VIEW`;
    expect(view(fields)).toMatchObject({ viewOriginalText: 'select \'\\n "q"\',\n\tid', viewExpandedText: 'select \'\\n "q"\',\n\tt.id' });
  });

  it.each([
    ['holds the name of a field', ', viewOriginalText:select 1, viewExpandedText:x, viewExpandedText:y, tableType:VIRTUAL_VIEW'],
    ['is not said', ', tableType:VIRTUAL_VIEW'],
  ])('is refused when its query %s', (_, fields) => {
    expect(() => view(fields)).toThrow(/where its query begins and ends/);
  });
});

describe('a partition from the text of HiveServer2', () => {
  const table = tableWith(
    details(...storage(['field.delim', ''])),
    "SKEWED BY (`id`) ON (('b, c'))",
    "ROW FORMAT SERDE 'x.Lazy' WITH SERDEPROPERTIES ('field.delim'=' ')",
  );
  const partition = (...rows: readonly Row[]): readonly Row[] => [
    ['id', 'int', ''],
    ['# Detailed Partition Information', null, null],
    ...rows,
  ];

  it('has what it shares with its table exactly as the table has it', () => {
    const rows = partition(...storage(['field.delim', '']), ['Skewed Columns:', '[id]', null], ['Skewed Values:      ', '[[b, c]]', null]);
    const { storage: own } = partitionOfText(['x'], describedText(rows), table);
    expect(own.serde.parameters).toEqual({ 'field.delim': ' ' });
    expect(own.skewed).toEqual({ columns: ['id'], values: [['b, c']] });
  });

  it('keeps buckets, order, skew and parameters of its own', () => {
    const rows = partition(
      ['Partition Parameters:', null, null],
      ['', 'numRows             ', '3                   '],
      ...storage(),
      ['Bucket Columns:     ', '[id, v]             ', null],
      ['Sort Columns:       ', '[Order(col:id, order:0), Order(col:v, order:1)]', null],
      ['Skewed Columns:     ', '[id, v]             ', null],
      ['Skewed Values:      ', '[[1, a], [2, b]]    ', null],
    );
    expect(partitionOfText(['x'], describedText(rows), table)).toMatchObject({
      values: ['x'],
      parameters: { numRows: '3' },
      storage: {
        bucketColumns: ['id', 'v'],
        sortColumns: [
          { column: 'id', order: 'DESC' },
          { column: 'v', order: 'ASC' },
        ],
        skewed: {
          columns: ['id', 'v'],
          values: [
            ['1', 'a'],
            ['2', 'b'],
          ],
        },
      },
    });
  });
});

describe('a database from the texts of HiveServer2', () => {
  it('has its owner whatever the properties hold, which Hive 4 prints over two lines', () => {
    const described: readonly Row[] = [
      ['db', 'c', 'hdfs://h:1/e', 'hdfs://h:1/m', 'hive', 'USER', '', '', '{d=a'],
      ['b}', null, null, null, null, null, null, null, null],
    ];
    const rows: readonly Row[] = [['CREATE DATABASE `db`'], ["COMMENT 'c'"], ['WITH DBPROPERTIES ('], ["  'd'='a\\nb')"]];
    expect(databaseOfTexts(described, rows)).toEqual({
      name: 'db',
      description: 'c',
      owner: { name: 'hive', type: 'USER' },
      parameters: { d: 'a\nb' },
    });
  });
});
