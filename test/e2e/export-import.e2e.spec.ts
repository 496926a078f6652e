/** Strategies EXPORT_IMPORT and HYBRID: the source exports tables, the target imports them; a service that is killed in the middle goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage } from '../support/stage.ts';
import type { Sql, Stage } from '../support/stage.ts';

const DATABASE = 'e2e_export';
const TRANSACTIONAL = ['accounts', 'journal'];
const PLAIN = ['events', 'ledger', 'odd'];
const TABLES = [...TRANSACTIONAL, ...PLAIN];
/** HYBRID, to databases of its own. */
const PREFIX = 'hybrid_';
const ODD_PLACE = "it's $(id); `id` 100% %2F größe 表";
const ODD_COLUMN = 'größe 100% $(id); drop; it\'s "x"';

describe('strategies EXPORT_IMPORT and HYBRID', () => {
  let stage: Stage;
  let run: Run;
  let hybrid: Run;
  let tables: readonly TableView[];
  let chosen: readonly TableView[];
  let before: readonly unknown[];

  beforeAll(async () => {
    stage = await openStage('e2e-export', { environment: { FERRY_LEASE_SECONDS: '5', FERRY_ATTEMPTS: '10' } });
    await stage.dropDatabases([DATABASE, `${PREFIX}${DATABASE}`]);
    await createSource(stage);
    before = await rowsOf(stage.source, DATABASE);

    run = await stage.plan({ databases: [DATABASE] }, { strategy: 'EXPORT_IMPORT', transactionalTables: 'migrate' });
    await stage.api.execute(run);
    await untilExported(stage);
    await stage.kill();
    await stage.start();
    run = await ended(stage, run);
    tables = await stage.api.tables(run.id);

    const { source, target } = stage.lab.clusters;
    const map = [{ from: `${source.hdfs.namespace}/data/${DATABASE}`, to: `${target.hdfs.namespace}/data/${PREFIX}${DATABASE}` }];
    const exports = { at: `${target.hdfs.namespace}/data/${PREFIX}${DATABASE}/exports` };
    const own = { hybrid: { exportPartitionLimit: 3 }, databasePrefix: PREFIX, locations: { map }, exports };
    hybrid = await stage.migrate({ databases: [DATABASE] }, { strategy: 'HYBRID', ...own });
    chosen = await stage.api.tables(hybrid.id);
  }, 600_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE, `${PREFIX}${DATABASE}`]);
    await stage.close();
  });

  it('move each table, VERIFIED at its rows, although the service was killed after an export had begun', () => {
    expect(tables.map(({ source, state, evidence, failure }) => [source.table, state, evidence?.level, failure?.message])).toEqual(
      TABLES.toSorted().map((table) => [table, 'VERIFIED', 'rows', undefined]),
    );
    expect(run.state).toBe('SUCCEEDED');
  });

  it('bring every row with its partition values, deleted and updated ones as readers of the source see them', async () => {
    expect(await rowsOf(stage.target, DATABASE)).toEqual(before);
    expect(await rowsOf(stage.target, `${PREFIX}${DATABASE}`)).toEqual(before);
  });

  it('keep transactional tables what they are where that is asked for: they can be written to afterwards', async () => {
    const accounts = (await stage.target.query(`show create table ${DATABASE}.accounts`)).flat().join('\n');
    const journal = (await stage.target.query(`show create table ${DATABASE}.journal`)).flat().join('\n');
    const place = `${stage.lab.clusters.target.warehouse.managed}/${DATABASE}.db`;
    expect(accounts).toMatch(/CREATE TABLE[^]*INTO 2 BUCKETS[^]*'transactional'='true'/);
    expect(accounts).toContain(`'${place}/accounts'`);
    expect(journal).toMatch(/CREATE TABLE[^]*'transactional_properties'='insert_only'/);
    await stage.target.execute(`delete from ${DATABASE}.accounts where id = 1`);
    await stage.target.execute(`insert into ${DATABASE}.journal values (4,'four')`);
    expect((await stage.target.query(`select id from ${DATABASE}.accounts order by id`)).flat()).toEqual(['2', '4']);
    expect((await stage.target.query(`select count(*) from ${DATABASE}.journal`)).flat()).toEqual(['4']);
  });

  it('make external tables of all others, at their mapped places and without purge', async () => {
    for (const table of PLAIN) {
      const text = (await stage.target.query(`show create table ${DATABASE}.${table}`)).flat().join('\n');
      expect(text).toMatch(/CREATE EXTERNAL TABLE/);
      expect(text).toMatch(/'external\.table\.purge'='false'/i);
    }
  });

  it('choose for each table by its partitions, and verify it either way', async () => {
    expect(chosen.map(({ source, state, failure }) => [source.table, state, failure?.message])).toEqual(
      TABLES.toSorted().map((table) => [table, 'VERIFIED', undefined]),
    );
    const strategies = await Promise.all(TABLES.toSorted().map(async (table) => (await detailOf(stage.api, hybrid, table)).plan.strategy));
    expect(strategies).toEqual(['EXPORT_IMPORT', 'SQL', 'SQL', 'EXPORT_IMPORT', 'EXPORT_IMPORT']);
  });

  it('leave the source as it was, and nothing temporary on either side', async () => {
    expect(await rowsOf(stage.source, DATABASE)).toEqual(before);
    expect((await stage.source.query(`show tables in ${DATABASE}`)).flat()).toEqual(TABLES.toSorted());
    expect(await left(stage, [run, hybrid])).toEqual([]);
  });
});

async function createSource({ source, lab }: Stage): Promise<void> {
  const place = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`;
  await source.execute(`create database ${DATABASE}`);
  await source.execute(
    `create external table ${DATABASE}.events (id int, name string) partitioned by (day string, n int) stored as orc location '${place}/events'`,
  );
  await source.execute(`alter table ${DATABASE}.events add partition (day='far', n=9) location '${place}/elsewhere'`);
  await source.execute(
    `insert into ${DATABASE}.events partition (day, n) values (1,'a','2024-01-01',1), (2,'b','x/y =%',2), (3,'c',null,null), (4,'d','far',9)`,
  );
  await source.execute(`create table ${DATABASE}.ledger (id int, note string) stored as textfile`);
  await source.execute(`insert into ${DATABASE}.ledger values (1,'one'), (2,'two')`);
  const column = `\`${ODD_COLUMN}\``;
  const location = `${place}/${ODD_PLACE}`.replaceAll("'", String.raw`\'`).replaceAll(';', String.raw`\;`);
  await source.execute(`create external table ${DATABASE}.odd (id int, ${column} string) stored as orc location '${location}'`);
  await source.execute(`insert into ${DATABASE}.odd values (1,'strange')`);
  await source.execute(
    `create table ${DATABASE}.accounts (id int, owner struct<name:string,tags:array<string>>) partitioned by (region string) ` +
      `clustered by (id) into 2 buckets stored as orc tblproperties ('transactional'='true')`,
  );
  await source.execute(
    `insert into ${DATABASE}.accounts partition (region) select s.id, named_struct('name', s.name, 'tags', array(s.name)), s.region ` +
      `from (select stack(4, 1,'a','north', 2,'b','south', 3,'c','south', 4,'d',null) as (id, name, region)) s`,
  );
  await source.execute(`delete from ${DATABASE}.accounts where id = 3`);
  await source.execute(`update ${DATABASE}.accounts set owner = named_struct('name', 'new', 'tags', array('x')) where id = 2`);
  await source.execute(
    `create table ${DATABASE}.journal (id int, note string) stored as textfile tblproperties ('transactional'='true', 'transactional_properties'='insert_only')`,
  );
  await source.execute(`insert into ${DATABASE}.journal values (1,'one'), (2,'two')`);
  await source.execute(`insert into ${DATABASE}.journal values (3,'three')`);
}

/** Until an attempt of any table has begun to write. */
async function untilExported({ lab }: Stage): Promise<void> {
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  while (!(await hdfs.names('/warehouse/external')).some((name) => name.endsWith('_exports'))) await sleep(20);
}

async function ended({ api }: Stage, { id }: Run): Promise<Run> {
  for (;;) {
    const run = await api.run(id);
    if (run.state !== 'EXECUTING') return run;
    await sleep(200);
  }
}

async function rowsOf(side: Sql, database: string): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const table of TABLES) rows.push([table, await side.query(`select * from ${database}.${table} order by id`)]);
  return rows;
}

/** Tables, databases and directories of the product that are there. */
async function left(stage: Stage, runs: readonly Run[]): Promise<readonly unknown[]> {
  const { source, target, lab } = stage;
  const found: unknown[] = [];
  const steps = (await Promise.all(runs.map((run) => stepsOf(stage.api, run)))).flat();
  const isMade = (name: string | null): boolean => name?.includes(DATABASE) === true || steps.some((id) => name?.includes(id) === true);
  // Gone, or there because of somebody else.
  found.push(...(await source.query('show tables in hiveferry_transfer').catch(() => [])).flat().filter(isMade));
  found.push(...(await target.query('show tables in hiveferry_preflight')).flat().filter(isMade));
  const hdfs = { source: new Hdfs(lab.clusters.source.hdfs), target: new Hdfs(lab.clusters.target.hdfs) };
  const external = [DATABASE, `${PREFIX}${DATABASE}`].map((database) => `/warehouse/external/${database}.db`);
  for (const path of ['/warehouse/external', `/data/${DATABASE}`])
    found.push(...(await hdfs.source.names(path)).filter((name) => isOurs(name) && isMade(name)));
  const places = [`/data/${DATABASE}`, `/data/${PREFIX}${DATABASE}`, `/data/${PREFIX}${DATABASE}/exports`];
  for (const path of [...external, ...places]) found.push(...(await hdfs.target.names(path)).filter(isOurs));
  return found;
}

const isOurs = (name: string): boolean => name.startsWith('.hiveferry');

/** As they are in names of tables. */
async function stepsOf(api: Stage['api'], run: Run): Promise<readonly string[]> {
  const details = await Promise.all(TABLES.map((table) => detailOf(api, run, table)));
  return details.flatMap(({ steps }) => steps.map(({ id }) => id.replaceAll('-', '')));
}

interface Detail {
  readonly plan: { readonly strategy: string };
  readonly steps: readonly { readonly id: string }[];
}

async function detailOf(api: Stage['api'], run: Run, table: string): Promise<Detail> {
  // The shape is that of the OpenAPI document.
  return (await api.call('GET', `/v1/runs/${run.id}/tables/${DATABASE}/${table}`)) as Detail;
}
