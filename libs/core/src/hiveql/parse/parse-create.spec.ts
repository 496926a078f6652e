import { describe, expect, it } from 'vitest';
import { ORC_FORMAT, aTable } from '../../testing/builders.ts';
import { parseCreate } from './parse-create.ts';
import type { ParsedCreate } from './parse-create.ts';

function parsed(text: string): ParsedCreate {
  const result = parseCreate(text, { database: 'shop' });
  if (result.kind !== 'parsed') throw new Error(result.message);
  return result;
}

const tableOf = (text: string) => parsed(text).table;
const storageOf = (text: string) => tableOf(text).storage;

describe('SHOW CREATE TABLE', () => {
  it('is read as Hive 3 prints it', () => {
    const text = [
      'CREATE EXTERNAL TABLE `orders`(',
      "  `id` int COMMENT 'it\\'s', ",
      '  `s` struct<x:int,y:array<decimal(10,2)>>)',
      "COMMENT 'all\\; orders'",
      'PARTITIONED BY ( ',
      '  `dt` string, ',
      "  `region` string COMMENT 'where')",
      'CLUSTERED BY ( ',
      '  id) ',
      'SORTED BY ( ',
      '  id DESC) ',
      'INTO 4 BUCKETS',
      'ROW FORMAT SERDE ',
      "  'org.apache.hadoop.hive.ql.io.orc.OrcSerde' ",
      'STORED AS INPUTFORMAT ',
      "  'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat' ",
      'OUTPUTFORMAT ',
      "  'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat'",
      'LOCATION',
      "  'hdfs://left:8020/data/shop/orders'",
      'TBLPROPERTIES (',
      "  'bucketing_version'='2', ",
      "  'transient_lastDdlTime'='1700000000')",
    ].join('\n');
    const { owner: _, ...expected } = aTable({
      parameters: { EXTERNAL: 'TRUE', comment: 'all; orders', bucketing_version: '2', transient_lastDdlTime: '1700000000' },
      partitionKeys: [
        { name: 'dt', type: 'string' },
        { name: 'region', type: 'string', comment: 'where' },
      ],
      storage: {
        ...ORC_FORMAT,
        columns: [
          { name: 'id', type: 'int', comment: "it's" },
          { name: 's', type: 'struct<x:int,y:array<decimal(10,2)>>' },
        ],
        numBuckets: 4,
        bucketColumns: ['id'],
        sortColumns: [{ column: 'id', order: 'DESC' }],
      },
    });
    expect(parsed(text)).toEqual({ kind: 'parsed', table: expected, temporary: false, constraints: [], partitionTransforms: [] });
  });

  it.each([
    ['`orders`', 'shop', 'orders'],
    ['`other`.`orders`', 'other', 'orders'],
    ['`Shop.orders`', 'shop', 'orders'],
    ['orders', 'shop', 'orders'],
    ['other.orders', 'other', 'orders'],
    ['`a``b`', 'shop', 'a`b'],
    ['`select`', 'shop', 'select'],
    ['`größe ; "x"`', 'shop', 'größe ; "x"'],
  ])('names the table of CREATE TABLE %s', (name, database, table) => {
    expect(tableOf(`CREATE TABLE ${name}(\`id\` int)`)).toMatchObject({ database, name: table, tableType: 'MANAGED_TABLE' });
  });

  it('keeps a backtick that Hive 3 prints bare inside a name', () => {
    expect(storageOf('CREATE TABLE `t`(`a`b` int, `c` string)').columns.map(({ name }) => name)).toEqual(['a`b', 'c']);
  });

  it.each([
    ['struct<x:int,y:string>', 'struct<x:int,y:string>'],
    ['struct<`x`:int, `date`:string>', 'struct<x:int,date:string>'],
    ['uniontype<int, string>', 'uniontype<int,string>'],
    ['map<string,array<struct<a-b:int,$c:varchar(10)>>>', 'map<string,array<struct<a-b:int,$c:varchar(10)>>>'],
    ['struct<a b:int>', 'struct<a b:int>'],
    ['decimal( 10, 2 )', 'decimal(10,2)'],
    ['timestamp with local time zone', 'timestamp with local time zone'],
    ['double precision', 'double precision'],
  ])('reads the type %s', (text, type) => {
    expect(storageOf(`CREATE TABLE t(\`c\` ${text} COMMENT 'x', \`d\` ${text})`).columns).toEqual([
      { name: 'c', type, comment: 'x' },
      { name: 'd', type },
    ]);
  });

  it('may have no columns and no properties', () => {
    const text = "CREATE TABLE t(\n)\nROW FORMAT SERDE 'x' WITH SERDEPROPERTIES ( \n) TBLPROPERTIES ()";
    expect(storageOf(text)).toMatchObject({ columns: [], serde: { serializationLib: 'x', parameters: { 'serialization.format': '1' } } });
  });

  it('takes an empty comment for none', () => {
    expect(storageOf("CREATE TABLE t(`c` int COMMENT '')").columns).toEqual([{ name: 'c', type: 'int' }]);
  });

  it('reads skew, with one column and with two', () => {
    const one = "CREATE TABLE t(`a` int) SKEWED BY (a)\n  ON ('1','2')\n  STORED AS DIRECTORIES STORED AS ORC";
    expect(storageOf(one)).toMatchObject({
      skewed: { columns: ['a'], values: [['1'], ['2']] },
      storedAsSubDirectories: true,
      inputFormat: ORC_FORMAT.inputFormat,
    });
    const two = "CREATE TABLE t(`a` int, `b` string) SKEWED BY (`a`,`b`) ON (('1','x'),('2',''))";
    expect(storageOf(two).skewed).toEqual({
      columns: ['a', 'b'],
      values: [
        ['1', 'x'],
        ['2', ''],
      ],
    });
  });

  it('reads delimiters as the parameters that Hive stores', () => {
    const clauses = String.raw`ROW FORMAT DELIMITED FIELDS TERMINATED BY '\u0001' ESCAPED BY '\\' COLLECTION ITEMS TERMINATED BY '\002'
      MAP KEYS TERMINATED BY ':' LINES TERMINATED BY '\n' NULL DEFINED AS 'nil' STORED AS TEXTFILE`;
    expect(storageOf(`CREATE TABLE t(\`a\` int) ${clauses}`).serde).toEqual({
      serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      parameters: {
        'field.delim': '\u0001',
        'serialization.format': '\u0001',
        'escape.delim': '\\',
        'colelction.delim': '\u0002',
        'mapkey.delim': ':',
        'line.delim': '\n',
        'serialization.null.format': 'nil',
      },
    });
  });

  it('reads control characters of SERDEPROPERTIES raw, as Hive 3 prints them, and as escapes of Hive 4', () => {
    const table = (value: string) => `CREATE TABLE t(\`a\` int) ROW FORMAT SERDE 'x' WITH SERDEPROPERTIES ( \n  'field.delim'='${value}')`;
    expect(storageOf(table('\u0001')).serde.parameters).toEqual({ 'field.delim': '\u0001', 'serialization.format': '1' });
    expect(storageOf(table(String.raw`\u0001`)).serde.parameters).toEqual({ 'field.delim': '\u0001', 'serialization.format': '1' });
  });

  it('reads a table of a storage handler, by class and by name', () => {
    const handler = 'org.apache.iceberg.mr.hive.HiveIcebergStorageHandler';
    const byClass = `CREATE EXTERNAL TABLE t(\`a\` int) ROW FORMAT SERDE 'x' STORED BY '${handler}' WITH SERDEPROPERTIES ('k'='v') LOCATION '/t'`;
    expect(tableOf(byClass).parameters).toEqual({ EXTERNAL: 'TRUE', storage_handler: handler });
    expect(tableOf(byClass).storage.serde).toEqual({ serializationLib: 'x', parameters: { k: 'v' } });
    const byName = 'CREATE TABLE t(`a` int) PARTITIONED BY SPEC ( \n`b`, \nBUCKET(16, `id`)) STORED BY ICEBERG';
    expect(tableOf(byName).parameters).toEqual({ storage_handler: handler });
    expect(parsed(byName).partitionTransforms).toEqual(['`b`', 'BUCKET(16, `id`)']);
  });

  it('goes by the property EXTERNAL where the statement does not say it', () => {
    expect(tableOf("CREATE TABLE t(`a` int) TBLPROPERTIES ('EXTERNAL'='TRUE')").tableType).toBe('EXTERNAL_TABLE');
  });

  it('reads a temporary table', () => {
    expect(parsed('CREATE TEMPORARY TABLE t(`a` int)').temporary).toBe(true);
  });

  it('takes clauses in any order, on one line, in small letters', () => {
    const text = "create external table t (`a` int) location '/t' stored as parquet partitioned by (`p` int) comment 'c';";
    expect(tableOf(text)).toMatchObject({ tableType: 'EXTERNAL_TABLE', partitionKeys: [{ name: 'p', type: 'int' }] });
  });
});

describe('constraints', () => {
  it('are read in the column list', () => {
    const text = `CREATE TABLE t(\`a\` int NOT NULL DISABLE COMMENT 'x', \`b\` string DEFAULT 'y, z' ENABLE, \`c\` int CHECK (c > (1)) ENABLE,
      PRIMARY KEY (\`a\`) DISABLE NOVALIDATE RELY, CONSTRAINT fk FOREIGN KEY (\`b\`) REFERENCES \`other\`.\`u\`(\`k\`) DISABLE NOVALIDATE)`;
    expect(parsed(text).table.storage.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(parsed(text).constraints).toEqual([
      { kind: 'NOT_NULL', columns: ['a'], traits: ['DISABLE'] },
      { kind: 'DEFAULT', columns: ['b'], expression: "'y, z'", traits: ['ENABLE'] },
      { kind: 'CHECK', columns: ['c'], expression: '(c > (1))', traits: ['ENABLE'] },
      { kind: 'PRIMARY_KEY', columns: ['a'], traits: ['DISABLE', 'NOVALIDATE', 'RELY'] },
      {
        kind: 'FOREIGN_KEY',
        name: 'fk',
        columns: ['b'],
        references: { table: { database: 'other', table: 'u' }, columns: ['k'] },
        traits: ['DISABLE', 'NOVALIDATE'],
      },
    ]);
  });

  it('may stand side by side at a column', () => {
    const text = 'CREATE TABLE t(`a` int UNIQUE DISABLE NOT NULL NOT ENFORCED RELY)';
    expect(parsed(text).constraints).toEqual([
      { kind: 'UNIQUE', columns: ['a'], traits: ['DISABLE'] },
      { kind: 'NOT_NULL', columns: ['a'], traits: ['NOT ENFORCED', 'RELY'] },
    ]);
  });

  it('are read from the statements that Hive 4 prints after the table', () => {
    const text = [
      'CREATE TABLE `shop`.`t`(',
      '  `a` int, ',
      '  `b` string)',
      "TBLPROPERTIES ('k'='v')",
      'ALTER TABLE `shop`.`t` ADD CONSTRAINT `pk` PRIMARY KEY (`a`) DISABLE NOVALIDATE RELY;',
      "ALTER TABLE `t`.`t` CHANGE COLUMN `b` `b` string CONSTRAINT  DEFAULT 'x' ENABLE NOVALIDATE RELY;",
      'ALTER TABLE `shop`.`t` CHANGE COLUMN `a` `a` int CONSTRAINT `nn` NOT NULL ENABLE NOVALIDATE RELY;',
    ].join('\n');
    expect(parsed(text).constraints.map(({ kind, name, columns }) => [kind, name, ...columns])).toEqual([
      ['PRIMARY_KEY', 'pk', 'a'],
      ['DEFAULT', undefined, 'b'],
      ['NOT_NULL', 'nn', 'a'],
    ]);
  });
});

describe('views', () => {
  it('keep their query as it stands, whatever is in it', () => {
    const query = "SELECT `base`.`id`, 'it''s; -- no end' FROM `shop`.`base`\n  WHERE x = '`'";
    expect(tableOf(`CREATE VIEW \`v\` AS ${query}`)).toMatchObject({
      database: 'shop',
      name: 'v',
      tableType: 'VIRTUAL_VIEW',
      viewOriginalText: query,
      viewExpandedText: query,
      parameters: {},
    });
  });

  it('are read with columns, comment, properties and partitioning', () => {
    const text = "CREATE VIEW IF NOT EXISTS v (`a` COMMENT 'x', `b`) COMMENT 'c' PARTITIONED ON (`b`) TBLPROPERTIES ('k'='v') AS SELECT 1";
    expect(tableOf(text)).toMatchObject({
      storage: {
        columns: [
          { name: 'a', type: '', comment: 'x' },
          { name: 'b', type: '' },
        ],
      },
      partitionKeys: [{ name: 'b', type: '' }],
      parameters: { comment: 'c', k: 'v' },
    });
  });

  it('may be materialised', () => {
    const text = "CREATE MATERIALIZED VIEW `m` DISABLE REWRITE STORED AS ORC LOCATION '/m' AS SELECT 1";
    expect(tableOf(text)).toMatchObject({ tableType: 'MATERIALIZED_VIEW', viewOriginalText: 'SELECT 1', storage: { location: '/m' } });
  });
});

describe('a text that is no statement', () => {
  it.each([
    ['', 'line 1, column 1: expected CREATE, found the end of the text'],
    ['CREATE FUNCTION f', 'line 1, column 8: expected TABLE, VIEW or MATERIALIZED VIEW, found `FUNCTION`'],
    ['CREATE TABLE t(\n  `a` int\n  `b` int)', 'line 3, column 3: expected `,` or `)`, found `b`'],
    ['CREATE TABLE t(`a`)', 'line 1, column 19: expected a type, found `)`'],
    ["CREATE TABLE t(`a` int)\nLOCATION '/t", 'line 2, column 10: expected a closing quote, found the end of the text'],
    ['CREATE TABLE t(`a int)', 'line 1, column 16: expected a closing backtick, found the end of the text'],
    ["CREATE TABLE t(`a` int) TBLPROPERTIES ('k' 'v')", "line 1, column 44: expected `=`, found the text 'v'"],
    ["CREATE TABLE t(`a` int) LOCATION '/a' LOCATION '/b'", 'line 1, column 39: expected each clause once, found `LOCATION`'],
    ['CREATE TABLE t(`a` int) CLUSTERED BY (a) INTO many BUCKETS', 'line 1, column 47: expected a number of buckets, found `many`'],
    ['CREATE VIEW v', 'line 1, column 14: expected AS or one of COMMENT, PARTITIONED'],
    ['CREATE VIEW v AS ', 'line 1, column 18: expected a query, found the end of the text'],
    ['CREATE TABLE t(`a` int) AS SELECT 1', 'line 1, column 25: expected the end of the statement or one of COMMENT'],
  ])('%j is told where and why', (text, message) => {
    const result = parseCreate(text, { database: 'shop' });
    expect(result.kind).toBe('syntax-error');
    expect('message' in result ? result.message : '').toContain(message);
  });
});
