import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { TablePair } from '@hiveferry/core';
import { openDataSet } from './open-data-set.ts';
import type { DataSetDatabase } from './open-data-set.ts';
import type { DataSetEntry } from './recorded-table.ts';

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'hiveferry-data-set-'))));
afterAll(() => rmSync(directory, { recursive: true }));

/** Opens the text as a file, gives what `use` makes of its databases, and closes it. */
function withDataSet<T>(text: string, use: (databases: readonly DataSetDatabase[]) => T): T {
  const file = join(directory, 'set.yaml');
  writeFileSync(file, text);
  const dataSet = openDataSet(file);
  try {
    return use(dataSet.databases);
  } finally {
    dataSet.close();
  }
}

const recorded = (text: string) => withDataSet(text, (databases) => databases.map((database) => database.recorded()));

const SIDE = {
  name: 'orders',
  exists: true,
  createStrategy: 'NOTHING',
  definition: ['CREATE EXTERNAL TABLE `orders`(', '`id` int)', 'PARTITIONED BY (', '`dt` string)', 'LOCATION', "'hdfs://nn/t/'"],
  owner: 'ana',
  partitions: { 'dt=a%2Fb': 'hdfs://nn/t/dt=a%2Fb', 'dt=1': null, 'dt=2': 'NOT_SET' },
  statistics: { 'data.size': 4096, 'file.count': 3, transactional: true },
  sql: [{ description: 'a pair', action: 'USE x' }],
};
/** The least that is a table. */
const SMALL = { exists: true, definition: ['CREATE TABLE t(`id` int)'] };
const ABSENT = { name: null, exists: false, definition: [], partitions: {}, owner: null };

function dataSet(tables: object, database: object = {}): object {
  return { databases: { shop: { name: 'shop', filteredOut: {}, tableMirrors: tables, ...database } } };
}
const tableOf = (left: object, right: object = ABSENT): object => ({
  name: 'x',
  strategy: null,
  environments: { LEFT: left, RIGHT: right },
});

/** Not the library's default: equal values would be written once, with aliases for the others. */
const print = (value: object, options: object = {}): string => stringify(value, { aliasDuplicateObjects: false, ...options });

const pairOf = (entry: DataSetEntry | undefined): TablePair | undefined => (entry?.kind === 'pair' ? entry.pair : undefined);

const FORMS: readonly (readonly [string, (value: object) => string])[] = [
  ['block form', (value) => print(value)],
  [
    'block form with markers, comments and other indentation',
    (value) => `# made by hand\n---\n${print(value, { indent: 4, indentSeq: false })}\n# end\n`,
  ],
  [
    'block form in quotes, with carriage returns',
    (value) => print(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_SINGLE' }).replaceAll('\n', '\r\n'),
  ],
  ['JSON', (value) => JSON.stringify(value, undefined, 2)],
];

describe('a data set', () => {
  it.each(FORMS)('in %s is read', (_, form) => {
    const properties = {
      LEFT: {
        DB_NAME: 'shop',
        LOCATION: 'hdfs://nn/db',
        MANAGEDLOCATION: 'hdfs://nn/m',
        COMMENT: 'all',
        OWNER_NAME: 'ana',
        OWNER_TYPE: 'ROLE',
        team: 'x',
      },
    };
    const text = form(dataSet({ orders: tableOf(SIDE) }, { properties, filteredOut: { v: 'a view' }, phaseSummary: { INIT: 1 } }));
    const [shop] = recorded(text);
    expect(shop?.unreadable).toEqual([]);
    expect(shop?.database).toMatchObject({
      name: 'shop',
      source: {
        name: 'shop',
        locationUri: 'hdfs://nn/db',
        managedLocationUri: 'hdfs://nn/m',
        description: 'all',
        owner: { name: 'ana', type: 'ROLE' },
        parameters: { team: 'x' },
      },
    });
    expect(shop?.database).not.toHaveProperty('target');
    const [pair] = shop?.database.tables ?? [];
    expect(pair).toMatchObject({
      name: 'orders',
      source: {
        table: {
          database: 'shop',
          name: 'orders',
          tableType: 'EXTERNAL_TABLE',
          owner: { name: 'ana', type: 'USER' },
          storage: { location: 'hdfs://nn/t/' },
        },
        definition: SIDE.definition,
        statistics: { sizeBytes: 4096, files: 3 },
      },
    });
    expect(pair?.source?.partitions).toEqual([{ name: 'dt=a%2Fb', location: 'hdfs://nn/t/dt=a%2Fb' }, { name: 'dt=1' }, { name: 'dt=2' }]);
    expect(pair).not.toHaveProperty('target');
    expect(withDataSet(text, ([database]) => database?.filteredOut)).toEqual({ v: 'a view' });
  });

  it('names tables by their text, in the order of the file', () => {
    const names = [
      'zebra',
      '2024',
      'null',
      'true',
      '1e3',
      'a b: c',
      "it's",
      'x"y',
      '#no',
      '- no',
      'größe',
      'x'.repeat(767),
      ' blank ',
      '',
      '`',
      '\n',
      '{}',
      'constructor',
      '__proto__',
    ];
    const one = print(tableOf(SIDE)).replaceAll(/^/gm, '        ');
    const text = `databases:\n  shop:\n    tableMirrors:\n${names.map((name) => `      ${JSON.stringify(name)}:\n${one}`).join('\n')}`;
    expect(withDataSet(text, ([shop]) => shop?.tableNames)).toEqual(names);
    expect(recorded(text)[0]?.database.tables.map(({ name }) => name)).toEqual(names);
  });

  it('of any names is the same in block form and in JSON', { timeout: 30_000 }, () => {
    const name = fc.string({ unit: 'binary', maxLength: 8 });
    const tables = fc.dictionary(name, fc.constantFrom({ environments: { LEFT: SMALL } }, { environments: { RIGHT: SMALL } }, null, {}), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(fc.dictionary(name, tables, { maxKeys: 2 }), fc.integer({ min: 0, max: 120 }), (databases, lineWidth) => {
        const value = { databases: Object.fromEntries(Object.entries(databases).map(([key, tableMirrors]) => [key, { tableMirrors }])) };
        const expected = recorded(JSON.stringify(value));
        expect(recorded(print(value, { lineWidth, indent: 1 + (lineWidth % 5) }))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('may refer from one table to another', () => {
    const value = dataSet({ a: tableOf(SIDE), b: tableOf(SIDE, SIDE) });
    const text = stringify(value);
    expect(text).toContain('LEFT: *');
    expect(recorded(text)).toEqual(recorded(print(value)));
    expect(() => recorded(text.replaceAll('LEFT: *', 'LEFT: *x'))).toThrow('expected each alias to have its anchor before it');
  });

  it('gives one table by its name, and tables again', () => {
    withDataSet(print(dataSet({ a: tableOf(SIDE), b: tableOf(SIDE, SIDE) })), ([shop]) => {
      expect(shop?.entry('b')).toMatchObject({ kind: 'pair', pair: { name: 'b', target: { definition: SIDE.definition } } });
      expect(shop?.entry('c')).toBeUndefined();
      expect([...(shop?.entries() ?? [])]).toEqual([...(shop?.entries() ?? [])]);
    });
  });

  it('of more than one piece is read as a whole', () => {
    const one = print(tableOf(SIDE)).replaceAll(/^/gm, '        ');
    const names = Array.from({ length: 1500 }, (_, index) => `t${index}`);
    const text = `databases:\n  shop:\n    tableMirrors:\n${names.map((name) => `      ${name}:\n${one}`).join('\n')}\n`;
    expect(text.length).toBeGreaterThan(1.2 * 2 ** 20);
    withDataSet(text, ([shop]) => {
      expect(shop?.tableNames).toEqual(names);
      const expected = shop?.entry('t0');
      expect(expected).toMatchObject({ kind: 'pair', pair: { source: { definition: SIDE.definition } } });
      for (const name of names.slice(1100, 1200)) expect(shop?.entry(name)).toEqual({ ...expected, pair: { ...pairOf(expected), name } });
    });
  });

  it.each([
    ['', []],
    ['databases:', []],
    ['databases: {}', []],
    ['{}', []],
    ['databases:\n  shop:\n', ['shop']],
    ['databases:\n  shop:\n    tableMirrors: {}\n', ['shop']],
    ['databases:\n  shop: ~\n  hr: # nothing yet\n', ['shop', 'hr']],
  ])('may be as empty as %j', (text, names) => {
    expect(withDataSet(text, (databases) => databases.map(({ name }) => name))).toEqual(names);
  });
});

describe('a table that cannot be read', () => {
  it.each([
    [
      { ...SIDE, definition: ['CREATE EXTERNAL TABLE `orders`(', '`id` int', '`v` int)'] },
      'its definition: line 3, column 1: expected `,` or `)`, found `v`',
    ],
    [{ ...SIDE, definition: [] }, 'its definition: line 1, column 1: expected CREATE, found the end of the text'],
    [{ ...SIDE, partitions: { 'region=x': null } }, 'its partition `region=x`: expected a name like dt=...'],
    [
      { ...SIDE, definition: ['CREATE TABLE t(`id` int)'] },
      'its partition `dt=a%2Fb`: expected none, since its definition has no PARTITIONED BY',
    ],
  ])('is told with its reason, beside the others', (side, reason) => {
    const [shop] = recorded(print(dataSet({ good: tableOf(SIDE), bad: tableOf(SIDE, side) })));
    expect(shop?.unreadable).toEqual([{ kind: 'unreadable', name: 'bad', side: 'RIGHT', reason }]);
    expect(shop?.database.tables.map(({ name }) => name)).toEqual(['good']);
  });
});

describe('a bad file', () => {
  it.each([
    ['- a', 'its root: expected a map, found a list'],
    ['databases: 5', 'key databases: expected a map, found `5`'],
    ['databases:\n  shop:\n    properties: x', 'key databases.shop.properties: expected a map, found `x`'],
    ['databases:\n  shop:\n    tableMirrors:\n      a: x', 'key databases.shop.tableMirrors.a: expected a map, found `x`'],
    ['databases:\n  shop:\n     a: 1\n    b: 2', 'line 4: expected a key indented by 5 blanks, found 4'],
    ['databases:\n  shop:\n  shop:\n', 'expected each name once, found shop twice'],
    ['databases:\n  shop:\n    tableMirrors:\n      a:\n      a:\n', 'expected each name once, found shop.a twice'],
    ['databases:\n  shop:\n    tableMirrors:\n      a:\n        b: "x\n      c:\n', 'line 6: expected YAML, found: Missing closing "quote'],
  ])('%j is told where and why', (text, message) => {
    expect(() => recorded(text)).toThrow(message);
  });

  it.each([
    [{ definition: 'CREATE' }, 'definition: expected a list of texts, found `CREATE`'],
    [{ definition: [{ a: 'b' }] }, 'definition.0: expected a text, found a map'],
    [{ exists: 'maybe' }, 'exists: expected true or false, found `maybe`'],
    [{ partitions: ['x'] }, 'partitions: expected a map, found a list'],
    [{ statistics: { 'data.size': 'big' } }, 'statistics.data.size: expected a number, found `big`'],
  ])('with %j names the key', (side, message) => {
    const path = 'databases.shop.tableMirrors.a.environments.LEFT.';
    expect(() => recorded(print(dataSet({ a: tableOf({ ...SIDE, ...side }) })))).toThrow(`set.yaml: key ${path}${message}`);
  });

  it('that is not there is told', () => {
    expect(() => openDataSet(join(directory, 'none.yaml'))).toThrow('none.yaml: expected a file that can be read, found: ENOENT');
    expect(() => openDataSet(directory)).toThrow('expected a file that can be read, found: it is no regular file');
  });
});
