/** Strategy SQL: Hive moves the rows, of transactional tables too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage } from '../support/stage.ts';
import type { Sql, Stage } from '../support/stage.ts';

const DATABASE = 'e2e_sql';
const TABLES = ['accounts', 'events', 'journal'];
/** A table that Hive may not read. */
const LOCKED = 'locked';

describe('strategy SQL', () => {
  let stage: Stage;
  let run: Run;
  let tables: readonly TableView[];
  let locked: TableView | undefined;
  let before: readonly unknown[];

  beforeAll(async () => {
    stage = await openStage('e2e-sql', { environment: { FERRY_ATTEMPTS: '2' } });
    await stage.dropDatabases([DATABASE]);
    await createSource(stage);
    before = await rowsOf(stage.source);
    run = await stage.migrate({ databases: [DATABASE] }, { strategy: 'SQL' });
    tables = await stage.api.tables(run.id);
    locked = tables.find(({ source }) => source.table === LOCKED);
    tables = tables.filter((table) => table !== locked);
  }, 300_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('moves a partitioned table, a full ACID one and an insert-only one, each VERIFIED at its rows', () => {
    expect(tables.map(({ source, state, evidence, failure }) => [source.table, state, evidence?.level, failure?.message])).toEqual(
      TABLES.map((table) => [table, 'VERIFIED', 'rows', undefined]),
    );
    for (const { evidence } of tables) expect(evidence?.notCompared.join()).toContain('Hive wrote the rows anew');
  });

  it('brings every row with its partition values, deleted and updated ones as readers of the source see them', async () => {
    expect(await rowsOf(stage.target)).toEqual(before);
  });

  it('makes external tables without transactions, at their mapped places and without purge', async () => {
    for (const table of TABLES) {
      const text = (await stage.target.query(`show create table ${DATABASE}.${table}`)).flat().join('\n');
      expect(text).toMatch(/CREATE EXTERNAL TABLE/);
      expect(text).not.toMatch(/transactional/);
      expect(text).toMatch(/'external\.table\.purge'='false'/i);
    }
  });

  it('says of a table whose storage Hive of the target cannot read what is wrong and what to do, before anything is written', async () => {
    expect([locked?.state, locked?.failure?.code]).toEqual(['FAILED', 'SOURCE_STORAGE_UNSEEN']);
    expect(locked?.failure?.message).toMatch(
      new RegExp(`^${DATABASE}.${LOCKED}: Hive of target cannot read .*Permission denied.*Make the file systems of source known`, 's'),
    );
    expect((await stage.target.query(`show tables in ${DATABASE} like '${LOCKED}'`)).flat()).toEqual([]);
  });

  it('leaves the source as it was, and nothing temporary on either side', async () => {
    expect(await rowsOf(stage.source)).toEqual(before);
    expect(await left(stage, run)).toEqual([]);
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
  await source.execute(
    `create table ${DATABASE}.accounts (id int, owner struct<name:string,tags:array<string>>) partitioned by (region string) stored as orc tblproperties ('transactional'='true')`,
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
  const hdfs = new Hdfs(lab.clusters.source.hdfs);
  await source.execute(`create external table ${DATABASE}.${LOCKED} (id int) location '${place}/${LOCKED}'`);
  await hdfs.write(`/data/${DATABASE}/${LOCKED}/a.txt`, '1\n');
  await hdfs.setOwner(`/data/${DATABASE}/${LOCKED}`, 'somebody');
  await hdfs.setPermission(`/data/${DATABASE}/${LOCKED}`, '700');
}

async function rowsOf(side: Sql): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const table of TABLES) rows.push([table, await side.query(`select * from ${DATABASE}.${table} order by id`)]);
  return rows;
}

/** Tables, databases and directories of the product that are there. */
async function left({ api, source, target, lab }: Stage, run: Run): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const steps = await stepsOf(api, run);
  const isMade = (name: string | null): boolean => name?.includes(DATABASE) === true || steps.some((id) => name?.includes(id) === true);
  found.push(...(await source.query('show databases')).flat().filter((name) => name === 'hiveferry_transfer'));
  found.push(...(await target.query('show tables in hiveferry_preflight')).flat().filter(isMade));
  const hdfs = { source: new Hdfs(lab.clusters.source.hdfs), target: new Hdfs(lab.clusters.target.hdfs) };
  for (const path of ['/warehouse/external', `/data/${DATABASE}`]) found.push(...(await hdfs.source.names(path)).filter(isOurs));
  for (const path of [`/warehouse/external/${DATABASE}.db`, `/data/${DATABASE}`])
    found.push(...(await hdfs.target.names(path)).filter(isOurs));
  return found;
}

const isOurs = (name: string): boolean => name.startsWith('.hiveferry');

/** As they are in names of tables. */
async function stepsOf(api: Stage['api'], run: Run): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const table of TABLES) {
    // The shape is that of the OpenAPI document.
    const detail = (await api.call('GET', `/v1/runs/${run.id}/tables/${DATABASE}/${table}`)) as {
      readonly steps: readonly { readonly id: string }[];
    };
    ids.push(...detail.steps.map(({ id }) => id.replaceAll('-', '')));
  }
  return ids;
}
