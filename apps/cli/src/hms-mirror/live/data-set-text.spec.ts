import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataSet } from '@hiveferry/adapters/data-set';
import { DATA_SET_HEAD, databaseText, tableText } from './data-set-text.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hiveferry-data-set-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('what is written is read back as a data set, table by table', () => {
  const definition = [
    'CREATE EXTERNAL TABLE `odd`(',
    "`n` int COMMENT 'it''s: \"#1\"')",
    'PARTITIONED BY (',
    '`d` string)',
    'LOCATION',
    "'hdfs://a/odd'",
  ];
  const partition = { values: ['a/b: ü'], parameters: {}, storage: { location: 'hdfs://a/odd/d=x' } };
  const partitions = [partition] as never;
  const file = join(folder, 'data.yaml');
  const side = {
    definition,
    partitionKeys: [{ name: 'd', type: 'string' }],
    partitions,
    owner: 'ann',
    size: { bytes: 12, files: 2, partitions: 1 },
  };
  writeFileSync(
    file,
    [
      DATA_SET_HEAD,
      databaseText('123', { LEFT: { name: '123', locationUri: 'hdfs://a/123.db', parameters: { 'a: b': 'yes' } } }, ['mask', 'null']),
      tableText('odd', { LEFT: side }),
      tableText('null', { RIGHT: { ...side, partitions: [] } }),
    ].join(''),
  );
  const dataSet = openDataSet(file);
  const [database] = dataSet.databases;
  expect(database?.name).toBe('123');
  expect(database?.source).toEqual({ name: '123', locationUri: 'hdfs://a/123.db', parameters: { 'a: b': 'yes' } });
  expect(database?.functions).toEqual(['mask', 'null']);
  expect(database?.tableNames).toEqual(['odd', 'null']);
  const odd = database?.entry('odd');
  expect(odd?.kind === 'pair' && odd.pair.source?.partitions).toEqual([{ name: 'd=a%2Fb%3A ü', location: 'hdfs://a/odd/d=x' }]);
  expect(odd?.kind === 'pair' && odd.pair.source?.table.owner).toEqual({ name: 'ann', type: 'USER' });
  expect(odd?.kind === 'pair' && odd.pair.source?.statistics).toEqual({ sizeBytes: 12, files: 2, partitions: 1 });
  expect(odd?.kind === 'pair' && odd.pair.target).toBeUndefined();
  const none = database?.entry('null');
  expect(none?.kind === 'pair' && none.pair.target?.definition).toEqual(definition);
  dataSet.close();
});
