/** CONVERT_LINKED: tables that LINKED left over the files of the source are turned to files of their own, at one moment each. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableDetail } from '@hiveferry/contracts';
import { below } from '@hiveferry/core';
import type { Run } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeCluster, lakeKeys, locationIn, mapToLake } from '../support/lake.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'convert_linked';
const LAKE = `lake_${DATABASE}`;
const SELECTED = { databases: [DATABASE] };
const CONVERTED = [
  ['days', 'VERIFIED', '3'],
  ['flat', 'VERIFIED', '2'],
  ['strayed', 'REFUSED', 'LINKED_ELSEWHERE'],
];

describe('a conversion of linked tables', () => {
  const bucket = new LabBucket();
  let stage: Stage;

  const outcomes = async ({ id }: Run): Promise<readonly unknown[]> =>
    (await stage.api.tables(id)).map(({ source, state, failure, evidence, issues }) => [
      source.table,
      state,
      failure?.message ?? evidence?.counts.rows ?? issues.find(({ severity }) => severity === 'refusal')?.code,
    ]);
  const detailOf = async ({ id }: Run, table: string): Promise<TableDetail> =>
    TableDetail.parse((await stage.api.send('GET', `/v1/runs/${id}/tables/${DATABASE}/${table}`)).body);
  const resultOf = async (run: Run, table: string) => (await detailOf(run, table)).steps.find(({ key }) => key === 'convert-link')?.result;

  beforeAll(async () => {
    stage = await openStage('convert-linked', { environment: lakeKeys(bucket) });
    await clean(stage, bucket);
    await stage.api.registerCluster(lakeCluster(stage.lab, bucket, locationIn(bucket, DATABASE)));
    await makeTables(stage);
  }, 300_000);

  afterAll(async () => {
    await clean(stage, bucket);
    await stage.close();
  });

  it('begins with links, one of which somebody points elsewhere', async () => {
    const run = await stage.migrate(SELECTED, { strategy: 'LINKED' });
    expect((await stage.api.tables(run.id)).map(({ state }) => state)).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED']);
    await stage.target.execute(`alter table ${DATABASE}.strayed set location '${placeIn(stage, 'source')}/flat'`);
    await addDay(stage, '3');
  });

  it('copies the files, turns table and partitions to them, adds those that came since, and proves the rows', async () => {
    const run = await stage.migrate(SELECTED, { strategy: 'CONVERT_LINKED' });
    expect(await outcomes(run)).toEqual(CONVERTED);
    expect(await placesOf(stage, DATABASE, "d='2'")).toEqual([`${placeIn(stage, 'target')}/days`, `${placeIn(stage, 'target')}/days/d=2`]);
    expect(await resultOf(run, 'days')).toEqual({ table: true, partitions: 2 });
    const { plan } = await detailOf(run, 'days');
    expect(plan?.existing?.partitions?.added).toEqual({ count: 1, examples: ['d=3'] });
    expect(await stage.target.query(`show tblproperties ${DATABASE}.days('external.table.purge')`)).toEqual([
      ['external.table.purge', 'false'],
    ]);
  });

  it('names a table whose link is to somewhere else, and leaves it as it is', async () => {
    const run = await stage.plan({ ...SELECTED, includeTables: ['strayed'] } as typeof SELECTED, { strategy: 'CONVERT_LINKED' });
    const { issues } = await detailOf(run, 'strayed');
    expect(issues.map(({ text }) => text)).toEqual([
      `${DATABASE}.strayed lies at ${placeIn(stage, 'source')}/flat on the target: it is no link to ${placeIn(stage, 'source')}/strayed, where the table of the source lies, and does not lie at its own place ${placeIn(stage, 'target')}/strayed either.`,
    ]);
    expect(await stage.target.query(`select count(*) from ${DATABASE}.strayed`)).toEqual([['2']]);
  });

  it('proves what is converted when it is repeated, and does nothing else to it', async () => {
    const again = await stage.migrate(SELECTED, { strategy: 'CONVERT_LINKED' });
    expect(await outcomes(again)).toEqual(CONVERTED);
    expect((await detailOf(again, 'days')).steps.map(({ key }) => key).sort()).toEqual([
      'database',
      'measure-source',
      'measure-target',
      'verify',
    ]);
  });

  it('turns to a bucket that others fill, not before the files are there', async () => {
    const lake = { targets: ['lake'], databasePrefix: 'lake_' };
    const selected = { ...SELECTED, includeTables: ['days', 'flat'] } as typeof SELECTED;
    await stage.migrate(selected, { ...lake, strategy: 'LINKED' });
    const locations = mapToLake(stage.lab, DATABASE, below(locationIn(bucket, DATABASE), ['data']));
    const external = { ...lake, strategy: 'CONVERT_LINKED', copy: { by: 'external' }, locations };
    const planned = await stage.plan(selected, external);
    const executing = await stage.api.execute(planned);
    await confirm(stage, planned);
    await stage.api.waitFor(executing);
    expect((await stage.api.tables(planned.id)).map(({ failure }) => failure?.code)).toEqual(['FILES_DIFFER', 'FILES_DIFFER']);
    expect(await placesOf(stage, LAKE, "d='2'")).toEqual([`${placeIn(stage, 'source')}/days`, `${placeIn(stage, 'source')}/days/d=2`]);
    await fill(stage, bucket);
    await stage.api.waitFor(await stage.api.command(planned.id, 'resume'));
    expect(await outcomes(planned)).toEqual(CONVERTED.slice(0, 2));
    const own = `${bucket.namespace}/${DATABASE}/data/days`;
    expect(await placesOf(stage, LAKE, "d='2'")).toEqual([own, `${own}/d=2`]);
  });

  it('leaves tables that need the source no more', async () => {
    await new Hdfs(stage.lab.clusters.source.hdfs).remove(`/data/${DATABASE}`);
    for (const database of [DATABASE, LAKE]) {
      expect(await stage.target.query(`select d, name from ${database}.days order by d`)).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'c'],
      ]);
      expect(await stage.target.query(`select name from ${database}.flat order by name`)).toEqual([['x'], ['y']]);
    }
  });
});

const placeIn = ({ lab }: Stage, side: 'source' | 'target'): string => `${lab.clusters[side].hdfs.namespace}/data/${DATABASE}`;

/** Steps are made a moment after the answer. */
async function confirm({ api }: Stage, { id }: Run): Promise<void> {
  for (;;) {
    const { status } = await api.send('POST', `/v1/runs/${id}:confirm-copied`, {});
    const waiting = (await api.tables(id)).filter(({ failure }) => failure?.code !== 'FILES_DIFFER');
    if (waiting.length === 0) return;
    if (status !== 409 && status >= 300) throw new Error(`confirm-copied answered ${String(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Where table and one partition of `days` lie. */
async function placesOf({ target }: Stage, database: string, partition: string): Promise<readonly unknown[]> {
  const rows = async (what: string) => await target.query(`describe formatted ${database}.days${what}`);
  const locationIn = (found: readonly (readonly (string | null)[])[]) => found.find(([key]) => key?.trim() === 'Location:')?.[1]?.trim();
  return [locationIn(await rows('')), locationIn(await rows(` partition (${partition})`))];
}

async function clean(stage: Stage, bucket: LabBucket): Promise<void> {
  await stage.target.execute(`drop database if exists ${LAKE} cascade`);
  await bucket.store().files.remove(locationIn(bucket, DATABASE));
  await stage.dropDatabases([DATABASE]);
}

const ROWS = { '1': 'a', '2': 'b', '3': 'c' } as const;

async function addDay({ source, lab }: Stage, day: keyof typeof ROWS): Promise<void> {
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/days/d=${day}/a.txt`, `${ROWS[day]}\n`);
  await source.execute(`alter table ${DATABASE}.days add partition (d='${day}')`);
}

async function makeTables(stage: Stage): Promise<void> {
  const { source, lab } = stage;
  const files = new Hdfs(lab.clusters.source.hdfs);
  await source.execute(`create database ${DATABASE}`);
  for (const table of ['flat', 'strayed']) {
    await files.write(`/data/${DATABASE}/${table}/a.txt`, 'x\ny\n');
    await source.execute(
      `create external table ${DATABASE}.${table} (name string) stored as textfile location '${placeIn(stage, 'source')}/${table}'`,
    );
  }
  await source.execute(
    `create external table ${DATABASE}.days (name string) partitioned by (d string) stored as textfile location '${placeIn(stage, 'source')}/days'`,
  );
  for (const day of ['1', '2'] as const) await addDay(stage, day);
}

/** What a replication of the storage brings. */
async function fill({ lab }: Stage, bucket: LabBucket): Promise<void> {
  const files = new Hdfs(lab.clusters.source.hdfs);
  for (const path of ['flat/a.txt', ...Object.keys(ROWS).map((day) => `days/d=${day}/a.txt`)]) {
    const content = await files.read(`/data/${DATABASE}/${path}`);
    await bucket.write(locationIn(bucket, `${DATABASE}/data/${path}`), content);
  }
}
