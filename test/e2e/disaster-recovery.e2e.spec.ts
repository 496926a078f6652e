/** A cluster for disaster recovery: files come by others, tables are kept like the source's by a sync that is repeated, discovery comes last. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableDetail } from '@hiveferry/contracts';
import { below } from '@hiveferry/core';
import type { Run } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeCluster, lakeKeys, locationIn, mapToLake } from '../support/lake.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'dr_sync';
const LINKED = `linked_${DATABASE}`;
const LAKE = `lake_${DATABASE}`;
const SYNC = { copy: { by: 'external' }, onExisting: 'sync', partitionDiscovery: { auto: true, msckSync: true } };

describe('a sync for disaster recovery', () => {
  const bucket = new LabBucket();
  let stage: Stage;
  let first: Run;

  const sync = async (more: object = {}): Promise<Run> => await stage.migrate({ databases: [DATABASE] }, { ...SYNC, ...more });
  const statesOf = async ({ id }: Run): Promise<readonly unknown[]> =>
    (await stage.api.tables(id)).map(({ source, state, failure }) => [source.table, failure?.message ?? state]);
  const detailOf = async ({ id }: Run, table: string): Promise<TableDetail> =>
    TableDetail.parse((await stage.api.send('GET', `/v1/runs/${id}/tables/${DATABASE}/${table}`)).body);
  const existingOf = async (run: Run, table: string) => (await detailOf(run, table)).plan?.existing;
  const stepsOf = async (run: Run, table: string): Promise<readonly string[]> =>
    (await detailOf(run, table)).steps.map(({ key }) => key).sort();
  const VERIFIED = [
    ['days', 'VERIFIED'],
    ['flat', 'VERIFIED'],
    ['noted', 'VERIFIED'],
    ['purged', 'REFUSED'],
    ['some_days', 'VERIFIED'],
    ['wide', 'VERIFIED'],
  ];

  beforeAll(async () => {
    stage = await openStage('dr-sync', { environment: lakeKeys(bucket) });
    await clean(stage, bucket);
    await stage.api.registerCluster(lakeCluster(stage.lab, bucket, locationIn(bucket, DATABASE)));
    await makeTables(stage);
    await replicate(stage, `/data/${DATABASE}`);
    first = await sync();
  }, 300_000);

  afterAll(async () => {
    await clean(stage, bucket);
    await stage.close();
  });

  it('creates what is not there, and refuses a table of the target that owns its files', async () => {
    expect(await statesOf(first)).toEqual(VERIFIED);
    expect((await detailOf(first, 'purged')).issues.map(({ code }) => code)).toEqual(['TARGET_HAS_PURGE']);
    expect(await stage.target.query(`select count(*) from ${DATABASE}.purged`)).toEqual([['1']]);
  });

  it('switches discovery on when the table is proved', async () => {
    expect(await propertyOf(stage, 'days', 'discover.partitions')).toBe('true');
    expect(await propertyOf(stage, 'days', 'external.table.purge')).toBe('false');
    const { steps } = await detailOf(first, 'days');
    const ended = (key: string): string => steps.find((step) => step.key === key)?.endedAt ?? '';
    expect(ended('verify-before-discovery') < ended('discover-partitions')).toBe(true);
    expect(ended('discover-partitions') < ended('verify')).toBe(true);
    expect(steps.find(({ key }) => key === 'discover-partitions')?.result).toMatchObject({ statements: 2, attached: 0 });
  });

  it('does nothing but prove it when it is repeated', async () => {
    const again = await sync({ partitionDiscovery: { auto: true, msckSync: false } });
    expect(await statesOf(again)).toEqual(VERIFIED);
    for (const table of ['days', 'flat', 'noted', 'some_days', 'wide']) expect((await existingOf(again, table))?.definition).toBe('kept');
    expect((await detailOf(again, 'days')).plan?.statements).toEqual([]);
    expect(await stepsOf(again, 'days')).toEqual(['await-copy', 'database', 'measure-source', 'measure-target', 'verify']);
    expect(await stepsOf(again, 'some_days')).toEqual(['database', 'verify']);
  });

  it('amends exactly what changed at the source', async () => {
    await changeSource(stage);
    const third = await sync();
    expect(await statesOf(third)).toEqual(VERIFIED);
    expect(await existingOf(third, 'days')).toEqual({
      definition: 'kept',
      partitions: { added: names('d=4'), replaced: names('d=2'), dropped: names('d=1') },
    });
    expect((await existingOf(third, 'noted'))?.definition).toBe('amended');
    expect((await existingOf(third, 'wide'))?.definition).toBe('replaced');
    expect((await existingOf(third, 'some_days'))?.definition).toBe('replaced');
    expect(await existingOf(third, 'flat')).toEqual({ definition: 'kept' });
    expect((await detailOf(third, 'wide')).hazards.map(({ code, allowed }) => [code, allowed])).toEqual([['TARGET_REPLACED', true]]);
    expect(await stage.target.query(`select d, name from ${DATABASE}.days order by d`)).toEqual([
      ['2', 'b'],
      ['3', 'c'],
      ['4', 'd'],
    ]);
    expect(await stage.target.query(`show partitions ${DATABASE}.days`)).toEqual([['d=2'], ['d=3'], ['d=4']]);
    expect(await propertyOf(stage, 'noted', 'team.name')).toBe('b');
    expect(await stage.target.query(`select name, price from ${DATABASE}.wide`)).toEqual([['w', null]]);
  });

  it('attaches a directory that nobody registered, and the verdict tells it', async () => {
    for (const side of ['source', 'target'] as const) {
      await new Hdfs(stage.lab.clusters[side].hdfs).write(`/data/${DATABASE}/days/d=9/a.txt`, 'stray\n');
    }
    const fourth = await sync({ selection: { databases: [DATABASE], includeTables: ['days'] } });
    const { state, evidence } = await detailOf(fourth, 'days');
    for (const side of ['source', 'target'] as const) await new Hdfs(stage.lab.clusters[side].hdfs).remove(`/data/${DATABASE}/days/d=9`);
    expect([state, evidence?.findings.map(({ code, subject }) => [code, subject])]).toEqual([
      'NOT_VERIFIED',
      expect.arrayContaining([['PARTITION_UNEXPECTED', `${DATABASE}.days/d=9`]]),
    ]);
  });

  it('copies into a table that it keeps where that is allowed', async () => {
    await new Hdfs(stage.lab.clusters.source.hdfs).write(`/data/${DATABASE}/flat/b.txt`, 'g\n');
    const flat = { selection: { databases: [DATABASE], includeTables: ['flat'] }, copy: { by: 'distcp' } };
    expect((await detailOf(await sync(flat), 'flat')).issues.map(({ code }) => code)).toEqual(['TARGET_EXISTS']);
    const run = await sync({ ...flat, allowedHazards: ['IN_PLACE_REFRESH'] });
    expect(await statesOf(run)).toEqual([['flat', 'VERIFIED']]);
    expect(await stepsOf(run, 'flat')).toEqual(['copy-1', 'database', 'measure-source', 'measure-target', 'preflight', 'verify']);
    expect(await stage.target.query(`select name from ${DATABASE}.flat order by name`)).toEqual([['f'], ['g']]);
  });

  it('keeps tables whose files are in a bucket', async () => {
    const days = {
      targets: ['lake'],
      databasePrefix: 'lake_',
      locations: mapToLake(stage.lab, DATABASE, below(locationIn(bucket, DATABASE), ['data'])),
      selection: { databases: [DATABASE], includeTables: ['days'] },
    };
    expect(await statesOf(await sync({ ...days, copy: { by: 'distcp' } }))).toEqual([['days', 'VERIFIED']]);
    const again = await sync(days);
    expect(await statesOf(again)).toEqual([['days', 'VERIFIED']]);
    const { plan, steps } = await detailOf(again, 'days');
    expect(plan?.existing).toEqual({ definition: 'kept', partitions: { added: names(), replaced: names(), dropped: names() } });
    expect(steps.find(({ key }) => key === 'discover-partitions')?.result).toMatchObject({ statements: 1, attached: 0 });
  });

  it('keeps tables that point at the files of the source', async () => {
    const linked = {
      strategy: 'LINKED',
      databasePrefix: 'linked_',
      onExisting: 'sync',
      partitionDiscovery: { msckSync: true },
      selection: { databases: [DATABASE], includeTables: ['flat', 'wide'] },
    };
    for (const definition of [undefined, 'kept']) {
      const run = await stage.migrate({ databases: [DATABASE] }, linked);
      expect(await statesOf(run)).toEqual([
        ['flat', 'VERIFIED'],
        ['wide', 'VERIFIED'],
      ]);
      expect((await existingOf(run, 'wide'))?.definition).toBe(definition);
    }
  });
});

const names = (...examples: readonly string[]) => ({ count: examples.length, examples });

async function propertyOf({ target }: Stage, table: string, key: string): Promise<string | null | undefined> {
  const rows = await target.query(`show tblproperties ${DATABASE}.${table}`);
  return rows.find(([name]) => name === key)?.[1];
}

async function clean(stage: Stage, bucket: LabBucket): Promise<void> {
  for (const database of [LINKED, LAKE]) await stage.target.execute(`drop database if exists ${database} cascade`);
  await bucket.store().files.remove(locationIn(bucket, DATABASE));
  await stage.dropDatabases([DATABASE]);
}

async function makeTables({ source, target, lab }: Stage): Promise<void> {
  const files = new Hdfs(lab.clusters.source.hdfs);
  for (const [day, name] of ['a', 'b', 'c'].entries()) await files.write(`/data/${DATABASE}/days/d=${String(day + 1)}/a.txt`, `${name}\n`);
  for (const [table, row] of [
    ['flat', 'f'],
    ['noted', 'n'],
    ['purged', 'p'],
    ['wide', 'w'],
  ] as const) {
    await files.write(`/data/${DATABASE}/${table}/a.txt`, `${row}\n`);
  }
  await source.execute(`create database ${DATABASE}`);
  for (const table of ['flat', 'noted', 'purged', 'wide']) {
    await source.execute(`create external table ${DATABASE}.${table} (name string) ${placed(lab.clusters.source.hdfs, table)}`);
  }
  await source.execute(`alter table ${DATABASE}.noted set tblproperties ('team.name'='a', 'gone.name'='x', 'external.table.purge'='true')`);
  await source.execute(
    `create external table ${DATABASE}.days (name string) partitioned by (d string) ${placed(lab.clusters.source.hdfs, 'days')}`,
  );
  await source.execute(`alter table ${DATABASE}.days add partition (d='1') partition (d='2') partition (d='3')`);
  await source.execute(`create view ${DATABASE}.some_days as select name from ${DATABASE}.days where d > '1'`);
  await target.execute(`create database ${DATABASE}`);
  const purging = `tblproperties ('external.table.purge'='true')`;
  await target.execute(`create external table ${DATABASE}.purged (name string) ${placed(lab.clusters.target.hdfs, 'purged')} ${purging}`);
}

function placed({ namespace }: { readonly namespace: string }, table: string): string {
  return `row format delimited fields terminated by ',' location '${namespace}/data/${DATABASE}/${table}'`;
}

/** A column, a property, a view, and a partition each that comes, goes and moves; the files follow by others. */
async function changeSource(stage: Stage): Promise<void> {
  const { source, lab } = stage;
  const files = new Hdfs(lab.clusters.source.hdfs);
  await source.execute(`alter table ${DATABASE}.wide add columns (price int)`);
  await source.execute(`alter table ${DATABASE}.noted set tblproperties ('team.name'='b')`);
  await source.execute(`alter table ${DATABASE}.noted unset tblproperties ('gone.name')`);
  await source.execute(`alter view ${DATABASE}.some_days as select name from ${DATABASE}.days where d > '2'`);
  await files.write(`/data/${DATABASE}/days/d=4/a.txt`, 'd\n');
  await source.execute(`alter table ${DATABASE}.days add partition (d='4')`);
  await files.makeDirectory(`/data/${DATABASE}/moved`);
  await files.rename(`/data/${DATABASE}/days/d=2`, `/data/${DATABASE}/moved/d=2`);
  await source.execute(
    `alter table ${DATABASE}.days partition (d='2') set location '${lab.clusters.source.hdfs.namespace}/data/${DATABASE}/moved/d=2'`,
  );
  await source.execute(`alter table ${DATABASE}.days drop partition (d='1')`);
  await files.remove(`/data/${DATABASE}/days/d=1`);
  await new Hdfs(lab.clusters.target.hdfs).remove(`/data/${DATABASE}/days`);
  await replicate(stage, `/data/${DATABASE}`);
}

/** What a replication of the storage does, below one directory. */
async function replicate(stage: Stage, directory: string): Promise<void> {
  const [from, to] = [new Hdfs(stage.lab.clusters.source.hdfs), new Hdfs(stage.lab.clusters.target.hdfs)];
  for (const name of await from.names(directory)) {
    const path = `${directory}/${name}`;
    if (name.endsWith('.txt')) await to.write(path, await from.read(path));
    else await replicate(stage, path);
  }
}
