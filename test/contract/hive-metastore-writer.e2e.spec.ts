/** Partitions by HiveQL alone, on both Hives: what is written is what Thrift reads. */
import { createMetastoreReader } from '@hiveferry/adapters/hive-metastore';
import { createHiveMetastoreWriter, createHiveSql } from '@hiveferry/adapters/hive-server2';
import { DEFAULT_PARTITION, partitionName } from '@hiveferry/core';
import type { Partition, Table } from '@hiveferry/core';
import type { HiveSession, HiveSql, MetastoreReader, MetastoreWriter } from '@hiveferry/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';
import { refusingJson } from '../support/refusing-json.ts';
import { moveOf } from './metastore-fixture.ts';
import { thriftOptions } from './metastore-stage.ts';

const DATABASE = 'ct_hiveql_writer';
const DATA = '/data/ct_hiveql_writer';
const TABLE = { database: DATABASE, table: 'parts' };
/** More than a statement takes. */
const MANY = 450;
const VALUES: readonly (readonly [string, string])[] = [
  ['2024-01-01', '1'],
  ['a=b', '3'],
  ['x/y', '-3'],
  ['%3A', '4'],
  ['it\'s; ${x} \\ "q"', '5'],
  ['größe sp ace', '6'],
];

describe.each(['source', 'target'] as const)("partitions by HiveQL on the lab's %s", (side) => {
  const { hiveServer2, hdfs } = readLab().clusters[side];
  const root = `${hdfs.namespace}${DATA}`;
  let hive: HiveSql;
  let session: HiveSession;
  let writer: MetastoreWriter;
  let reader: MetastoreReader;
  let table: Table;

  beforeAll(async () => {
    hive = createHiveSql({ ...hiveServer2, maxSessions: 1 });
    session = await hive.openSession();
    // Hosted clusters may allow no JSON: the writer, too, must do without.
    writer = createHiveMetastoreWriter(refusingJson(createHiveSql({ ...hiveServer2, maxSessions: 1 })));
    reader = createMetastoreReader(thriftOptions(readLab(), side));
    await session.execute(`drop database if exists ${DATABASE} cascade`);
    await session.execute(`create database ${DATABASE}`);
    for (const name of ['parts', 'many', 'purged']) {
      const purge = `tblproperties ('external.table.purge'='${String(name === 'purged')}')`;
      await session.execute(
        `create external table ${DATABASE}.${name} (id int) partitioned by (dt string, n int) row format delimited fields terminated by '\\t' stored as textfile location '${root}/${name}' ${purge}`,
      );
    }
    [table] = (await reader.tables(DATABASE, ['parts'])) as [Table];
  });
  afterAll(async () => {
    await session.execute(`drop database if exists ${DATABASE} cascade`);
    await new Hdfs(hdfs).remove(DATA);
    await Promise.all([writer.close(), reader.close(), hive.close()]);
  });

  const partitionAt = (values: readonly string[], location: string): Partition => ({
    values,
    storage: { ...table.storage, location },
    parameters: {},
  });
  const placed = (): readonly Partition[] => VALUES.map((values, index) => partitionAt(values, `${root}/elsewhere %3D=${index}`));
  const read = async (name: string): Promise<readonly Partition[]> => {
    const all: Partition[] = [];
    for await (const batch of reader.partitions(DATABASE, name)) all.push(...batch);
    return all;
  };
  const places = (partitions: readonly Partition[]): readonly (readonly [string, string | undefined])[] =>
    partitions
      .map(({ values, storage }) => [partitionName(table.partitionKeys, values), storage.location] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));

  it('are added with their names and places, and with the format of the table', async () => {
    await writer.addPartitions({ ...TABLE, partitions: placed() });
    const found = await read('parts');
    expect(places(found)).toEqual(places(placed()));
    for (const { storage } of found) expect({ ...storage, location: '' }).toEqual({ ...table.storage, location: '' });
  });

  it('are left untouched when they are added again, and those that are missing are added', async () => {
    const before = places(await read('parts'));
    const more = partitionAt(['more', '9'], `${root}/more`);
    await writer.addPartitions({ ...TABLE, partitions: [...VALUES.map((values) => partitionAt(values, `${root}/other`)), more] });
    expect(places(await read('parts'))).toEqual([...before, ...places([more])].sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  it('come to lie elsewhere where they lie as it is said', async () => {
    const before = await read('parts');
    const [strayed, ...moves] = before.map((partition, index) => moveOf(partition, `${root}/größe%3D${index}`));
    if (strayed === undefined) throw new Error('there are no partitions');
    const passedOver = { ...strayed, from: strayed.to };
    for (const _ of ['once', 'twice']) await writer.movePartitions({ ...TABLE, moves: [passedOver, ...moves] });
    const moved = [[strayed.name, strayed.from], ...moves.map(({ name, to }) => [name, to])];
    expect(new Map(places(await read('parts')))).toEqual(new Map(moved.map(([name, at]) => [name, at])));
    const [back] = moves.map(({ name, from, to }) => ({ name, from: to, to: from }));
    await expect(writer.movePartitions({ ...TABLE, moves: back === undefined ? [] : [back] })).rejects.toMatchObject({
      code: 'METASTORE_URI_MISSING',
    });
    await writer.dropPartitions({ ...TABLE, names: moves.map(({ name }) => name) });
    await writer.addPartitions({ ...TABLE, partitions: before });
    expect(places(await read('parts'))).toEqual(places(before));
  });

  it('are added by hundreds, all of them', async () => {
    const partitions = Array.from({ length: MANY }, (_, n) => partitionAt(['d', String(n)], `${root}/many/${n}`));
    await writer.addPartitions({ database: DATABASE, table: 'many', partitions });
    expect(places(await read('many'))).toEqual(places(partitions));
  });

  it('are refused before anything is done when HiveQL cannot say one of them', async () => {
    const before = await read('parts');
    const good = partitionAt(['good', '1'], `${root}/good`);
    for (const values of [
      [DEFAULT_PARTITION, '1'],
      ['a', '01'],
    ]) {
      const adding = writer.addPartitions({ ...TABLE, partitions: [good, partitionAt(values, `${root}/bad`)] });
      await expect(adding).rejects.toMatchObject({ code: 'METASTORE_URI_MISSING', subject: `${DATABASE}.parts` });
    }
    expect(await read('parts')).toEqual(before);
  });

  it('are dropped by their names, and no other', async () => {
    const names = VALUES.slice(1).map((values) => partitionName(table.partitionKeys, values));
    for (const _ of ['once', 'twice']) await writer.dropPartitions({ ...TABLE, names: [...names, 'dt=never/n=1'] });
    expect(places(await read('parts')).map(([name]) => name)).toEqual(['dt=2024-01-01/n=1', 'dt=more/n=9']);
  });

  it('are not dropped where their files would go', async () => {
    const dropping = writer.dropPartitions({ database: DATABASE, table: 'purged', names: ['dt=a/n=1'] });
    await expect(dropping).rejects.toMatchObject({ code: 'METASTORE_URI_MISSING', subject: `${DATABASE}.purged` });
  });

  it('cannot be added to a table that is not there', async () => {
    const adding = writer.addPartitions({ database: DATABASE, table: 'ct_nothing', partitions: placed() });
    await expect(adding).rejects.toMatchObject({ code: 'METASTORE_CALL_FAILED', subject: `${DATABASE}.ct_nothing` });
  });
});
