import { expect, it } from 'vitest';
import { MemoryMetastore } from '@hiveferry/adapters/memory';
import { parseCreate } from '@hiveferry/core';
import type { Parameters, Partition, Table } from '@hiveferry/core';
import type { OpenSide } from './open-side.ts';
import { recordTable } from './record-table.ts';

/** What SHOW CREATE TABLE of Hive 3 says, also of a materialised view: the table below it. */
const SHOWN = ['CREATE EXTERNAL TABLE `shop`.`t`(', '  `id` int)'];
const PARTITIONED = [...SHOWN, 'PARTITIONED BY (', '  `d` int)'];

function tableOf(more: Partial<Table>): Table {
  const parsed = parseCreate(SHOWN.join('\n'), { database: 'shop' });
  if (parsed.kind === 'syntax-error') throw new Error(parsed.message);
  return { ...parsed.table, owner: { name: 'ann', type: 'USER' }, ...more };
}

/** A server that shows `definition`, and a metastore that holds the table. */
function sideOf(definition: readonly string[], table: Table, partitions: readonly Partition[] = []): OpenSide {
  const metastore = new MemoryMetastore({ databases: [], tables: [{ table, partitions }] });
  const rows = definition.map((line) => [line]);
  const session = { query: async () => rows, execute: async () => undefined, close: async () => undefined };
  return {
    side: 'LEFT',
    clients: {
      hive: { openSession: async () => session, close: async () => undefined },
      reader: metastore,
      partitions: metastore,
      close: async () => undefined,
    },
    ask: (work) => work(),
    inSession: (work) => work(session),
    close: async () => undefined,
  };
}

const record = (side: OpenSide) => recordTable(side, { database: 'shop', table: 't' }, () => undefined);
const partition = (value: string, parameters: Parameters): Partition => ({ values: [value], storage: tableOf({}).storage, parameters });

it('a table is recorded with its owner and size', async () => {
  const side = sideOf(SHOWN, tableOf({ parameters: { totalSize: '12', numFiles: '2' } }));
  expect(await record(side)).toMatchObject({ definition: SHOWN, owner: 'ann', size: { bytes: 12, files: 2 } });
});

it('a partitioned table is as large as its partitions', async () => {
  const partitions = [partition('1', { totalSize: '10', numFiles: '1' }), partition('2', { totalSize: '5', numFiles: '2' })];
  const side = sideOf(PARTITIONED, tableOf({ partitionKeys: [{ name: 'd', type: 'int' }] }), partitions);
  expect(await record(side)).toMatchObject({ size: { bytes: 15, files: 3, partitions: 2 }, partitions });
});

it('a partition without statistics leaves the size of its table unknown', async () => {
  const side = sideOf(PARTITIONED, tableOf({ partitionKeys: [{ name: 'd', type: 'int' }] }), [partition('1', {})]);
  expect(await record(side)).not.toHaveProperty('size');
});

it('a materialised view is recorded as one where Hive shows the table below it', async () => {
  const side = sideOf(SHOWN, tableOf({ tableType: 'MATERIALIZED_VIEW', viewOriginalText: 'select 1\nfrom x' }));
  expect((await record(side))?.definition).toEqual(['CREATE MATERIALIZED VIEW `shop`.`t` AS', 'select 1', 'from x']);
});
