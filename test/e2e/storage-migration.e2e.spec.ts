/** Strategy STORAGE_MIGRATION: tables of one cluster go to another directory and to a bucket, and stay the same tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { below } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeKeys, locationIn } from '../support/lake.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const DATABASE = 'e2e_storage';
const CLUSTER = 'storage';
const TABLES = ['days', 'flat', 'odd_1'];
const FOLDER = `/data/${DATABASE}`;

describe('strategy STORAGE_MIGRATION', () => {
  const bucket = new LabBucket();
  const root = locationIn(bucket, 'e2e-storage');
  let stage: Stage;
  let hdfs: Hdfs;
  let before: readonly unknown[];

  const place = (path: string): string => `${stage.lab.clusters.target.hdfs.namespace}${FOLDER}/${path}`;
  const move = async (from: string, to: string): Promise<Run> =>
    await stage.migrate(
      { databases: [DATABASE] },
      { source: CLUSTER, targets: [CLUSTER], strategy: 'STORAGE_MIGRATION', locations: { map: [{ from, to }] } },
    );
  const outcomesOf = async (run: Run): Promise<readonly unknown[]> => (await stage.api.tables(run.id)).map(outcome);

  beforeAll(async () => {
    stage = await openStage('storage', { environment: lakeKeys(bucket) });
    hdfs = new Hdfs(stage.lab.clusters.target.hdfs);
    await clean(stage, bucket, root);
    await createTables(stage, place('old'));
    await stage.api.registerCluster(ownCluster(stage, bucket));
    before = await rowsOf(stage);
  }, 600_000);

  afterAll(async () => {
    await clean(stage, bucket, root);
    await stage.close();
  });

  it('moves tables to another directory: each is VERIFIED at its rows, read there, and leaves its old files as they were', async () => {
    const old = await hdfs.filesBelow(`${FOLDER}/old`);
    const run = await move(place('old'), place('new'));
    expect(await outcomesOf(run)).toEqual([
      ...TABLES.map((table) => [table, 'VERIFIED', 'rows', []]),
      ['recent', 'VERIFIED', 'metadata', []],
    ]);
    expect(await rowsOf(stage)).toEqual(before);
    expect(await filesRead(stage)).toEqual(TABLES.map((table) => [table, [place('new')]]));
    expect(await hdfs.filesBelow(`${FOLDER}/old`)).toEqual(old);
    const days = (await stage.api.tables(run.id)).find(({ source }) => source.table === 'days');
    expect(days?.evidence?.['leftBehind']).toEqual([
      { location: place('old/days'), files: 4, bytes: expect.any(Number) },
      { location: place('old/elsewhere'), files: 1, bytes: expect.any(Number) },
    ]);
  }, 600_000);

  it('leaves a table where it is when one byte of its copy differs, and moves it when the copy is whole', async () => {
    const name = (await hdfs.names(`${FOLDER}/new/flat`)).find((each) => !/^[._]/.test(each)) ?? '';
    const damaged = below(root, ['flat', name]);
    // As a copy that was damaged on its way: of the same size, and newer.
    await bucket.write(damaged, await hdfs.read(`${FOLDER}/new/flat/${name}`));
    await bucket.flipByte(damaged);
    const run = await move(place('new'), root);
    expect(await outcomesOf(run)).toEqual([
      ['days', 'VERIFIED', 'rows', []],
      ['flat', 'NOT_VERIFIED', undefined, expect.arrayContaining(['CHECKSUM_DIFFERS', 'LOCATION_DIFFERS'])],
      ['odd_1', 'VERIFIED', 'rows', []],
      ['recent', 'VERIFIED', 'metadata', []],
    ]);
    expect(await rowsOf(stage)).toEqual(before);
    expect(Object.fromEntries(await filesRead(stage))).toEqual({ days: [root], flat: [place('new')], odd_1: [root] });
    await bucket.store().files.remove(damaged);
    await stage.api.waitFor(await stage.api.command(run.id, 'resume'));
    const [, flat] = await outcomesOf(run);
    expect(flat).toEqual(['flat', 'VERIFIED', 'rows', []]);
    expect(await rowsOf(stage)).toEqual(before);
    expect(await filesRead(stage)).toEqual(TABLES.map((table) => [table, [root]]));
  }, 600_000);

  it('has nothing to do for tables that lie there', async () => {
    const run = await stage.plan(
      { databases: [DATABASE] },
      {
        source: CLUSTER,
        targets: [CLUSTER],
        strategy: 'STORAGE_MIGRATION',
        locations: { map: [{ from: place('new'), to: root }] },
      },
    );
    const planned = await stage.api.tables(run.id);
    expect(planned.map(({ source, issues }) => [source.table, issues.map(({ code }) => code)])).toEqual([
      ['days', expect.arrayContaining(['LIES_THERE_ALREADY'])],
      ['flat', ['LIES_THERE_ALREADY']],
      ['odd_1', ['LIES_THERE_ALREADY']],
      ['recent', []],
    ]);
  }, 300_000);

  it('moves none of two tables that share their files: the second copy would go over what the first has written since', async () => {
    const twins = ['twin_a', 'twin_b'];
    for (const table of twins)
      await stage.target.execute(`create external table ${DATABASE}.${table} (id int) location '${place('old/twins')}'`);
    const run = await stage.plan(
      { databases: [DATABASE] },
      {
        source: CLUSTER,
        targets: [CLUSTER],
        strategy: 'STORAGE_MIGRATION',
        locations: { map: [{ from: place('old'), to: place('new') }] },
      },
    );
    const planned = (await stage.api.tables(run.id)).filter(({ source }) => twins.includes(source.table));
    expect(planned.map(refusals)).toEqual(twins.map((table) => [table, ['MOVES_SHARED_FILES']]));
  }, 300_000);
});

const refusals = ({ source, issues }: TableView): readonly unknown[] => [
  source.table,
  issues.filter(({ severity }) => severity === 'refusal').map(({ code }) => code),
];

const outcome = ({ source, state, evidence, failure }: TableView): readonly unknown[] => [
  source.table,
  state,
  evidence?.level,
  failure?.message ?? evidence?.findings.map(({ code }) => code),
];

/** The lab's target, to which the lab's bucket belongs as well. */
function ownCluster({ lab }: Stage, bucket: LabBucket) {
  const target = labClusters(lab).find(({ name }) => name === 'target');
  const keys = { accessKeyRef: 'env:LAKE_ACCESS_KEY', secretKeyRef: 'env:LAKE_SECRET_KEY' };
  const store = { kind: 's3', namespace: bucket.namespace, endpoint: bucket.endpoint, pathStyle: true, ...keys };
  return { ...target, name: CLUSTER, objectStores: [store] };
}

async function createTables({ target }: Stage, at: string): Promise<void> {
  await target.execute(`create database ${DATABASE}`);
  await target.execute(`create external table ${DATABASE}.flat (id int, name string) stored as orc location '${at}/flat'`);
  await target.execute(`alter table ${DATABASE}.flat set serdeproperties ('path'='${at}/flat')`);
  await target.execute(`insert into ${DATABASE}.flat values (1,'a'), (2,'b')`);
  await target.execute(
    `create external table ${DATABASE}.days (id int, name string) partitioned by (day string, n int) row format delimited stored as textfile location '${at}/days'`,
  );
  await target.execute(`alter table ${DATABASE}.days add partition (day='far', n=9) location '${at}/elsewhere'`);
  await target.execute(
    `insert into ${DATABASE}.days partition (day, n) values (1,'a','2024-01-01',1), (2,'b','x/y =%',2), (3,'c',null,null), (4,'d','far',9)`,
  );
  // Rows of another format than the table's: an INSERT would write its own.
  await target.execute(`create external table ${DATABASE}.own (id int, name string) stored as orc location '${at}/days/own'`);
  await target.execute(`insert into ${DATABASE}.own values (5,'e')`);
  await target.execute(`drop table ${DATABASE}.own`);
  await target.execute(`alter table ${DATABASE}.days add partition (day='own', n=5) location '${at}/days/own'`);
  await target.execute(`alter table ${DATABASE}.days partition (day='own', n=5) set fileformat orc`);
  await target.execute(`create external table ${DATABASE}.odd_1 (\`größe 1\` int) location '${at}/größe=1'`);
  await target.execute(`insert into ${DATABASE}.odd_1 values (1)`);
  await target.execute(`create view ${DATABASE}.recent as select id from ${DATABASE}.flat`);
}

async function rowsOf({ target }: Stage): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const table of [...TABLES, 'recent']) rows.push([table, await target.query(`select * from ${DATABASE}.${table} order by 1`)]);
  return rows;
}

/** Of each table, the folder of the suite that its rows come from. */
async function filesRead({ target }: Stage): Promise<readonly (readonly [string, readonly string[]])[]> {
  const found: (readonly [string, readonly string[]])[] = [];
  for (const table of TABLES) {
    const names = (await target.query(`select distinct INPUT__FILE__NAME from ${DATABASE}.${table}`)).flat();
    found.push([table, [...new Set(names.map((name) => /^.*\/(?:old|new|e2e-storage)(?=\/)/.exec(name ?? '')?.[0] ?? ''))]]);
  }
  return found;
}

async function clean(stage: Stage, bucket: LabBucket, root: Location): Promise<void> {
  await stage.dropDatabases([DATABASE]);
  await bucket.store().files.remove(root);
}
