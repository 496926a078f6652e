/** Strategy SQL with `transactionalTables: migrate`: full ACID and insert-only tables become managed transactional tables of the target. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage } from '../support/stage.ts';
import type { Sql, Stage } from '../support/stage.ts';

const DATABASE = 'e2e_sql_transactional';
const TRANSACTIONAL = ['accounts', 'journal'];
const PLAIN = 'events';
const PREFIX = 'cancelled_';

describe('strategy SQL, with transactional tables that stay so', () => {
  let stage: Stage;
  let runId: string;
  let tables: readonly TableView[];
  let before: readonly unknown[];

  beforeAll(async () => {
    stage = await openStage('e2e-sql-transactional');
    await stage.dropDatabases([DATABASE, `${PREFIX}${DATABASE}`]);
    await createSource(stage);
    before = await rowsOf(stage.source);
    const run = await stage.migrate({ databases: [DATABASE] }, { strategy: 'SQL', transactionalTables: 'migrate' });
    runId = run.id;
    tables = await stage.api.tables(runId);
  }, 300_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE, `${PREFIX}${DATABASE}`]);
    await stage.close();
  });

  it('moves each table, VERIFIED at its rows', () => {
    expect(tables.map(({ source, state, evidence, failure }) => [source.table, state, evidence?.level, failure?.message])).toEqual(
      [...TRANSACTIONAL, PLAIN].toSorted().map((table) => [table, 'VERIFIED', 'rows', undefined]),
    );
  });

  it('brings every row with its partition values, deleted and updated ones as readers of the source see them', async () => {
    expect(await rowsOf(stage.target)).toEqual(before);
    expect((await stage.target.query(`show partitions ${DATABASE}.accounts`)).flat()).toEqual([
      'region=__HIVE_DEFAULT_PARTITION__',
      'region=empty',
      'region=north',
      'region=south',
    ]);
  });

  it('makes managed tables of the same kind, with the same buckets, where the target keeps such tables; others stay external', async () => {
    const texts: string[] = [];
    // One after the other: transactions of Hive are of the session, and statements at once mix them up.
    for (const table of [...TRANSACTIONAL, PLAIN])
      texts.push((await stage.target.query(`show create table ${DATABASE}.${table}`)).flat().join('\n'));
    const [accounts = '', journal = '', events = ''] = texts;
    const place = `${stage.lab.clusters.target.warehouse.managed}/${DATABASE}.db`;
    expect(accounts).toMatch(/CREATE TABLE[^]*INTO 2 BUCKETS[^]*'transactional'='true'[^]*'transactional_properties'='default'/);
    expect(accounts).toContain(`'${place}/accounts'`);
    expect(journal).toMatch(/CREATE TABLE[^]*'transactional_properties'='insert_only'/);
    expect(journal).toContain(`'${place}/journal'`);
    expect(events).toMatch(/CREATE EXTERNAL TABLE/);
  });

  it('leaves tables whose rows can be updated, deleted and added to', async () => {
    await stage.target.execute(`update ${DATABASE}.accounts set name = 'changed' where id = 1`);
    await stage.target.execute(`delete from ${DATABASE}.accounts where id = 4`);
    await stage.target.execute(`insert into ${DATABASE}.accounts partition (region) values (5, 'e', 'empty')`);
    await stage.target.execute(`insert into ${DATABASE}.journal values (4, 'four')`);
    expect(await stage.target.query(`select id, name, region from ${DATABASE}.accounts order by id`)).toEqual([
      ['1', 'changed', 'north'],
      ['2', 'new', 'south'],
      ['5', 'e', 'empty'],
    ]);
    expect(await stage.target.query(`select count(*) from ${DATABASE}.journal`)).toEqual([['4']]);
  });

  it('refuses such a table when one of its name is there, whatever its kind', async () => {
    const run = await stage.plan({ databases: [DATABASE] }, { strategy: 'SQL', transactionalTables: 'migrate' });
    const found = await stage.api.tables(run.id);
    expect(found.map(({ source, issues }) => [source.table, issues.map(({ code }) => code)])).toEqual([
      ['accounts', ['TRANSACTIONAL_TARGET_EXISTS']],
      ['events', ['TARGET_EXISTS']],
      ['journal', ['TRANSACTIONAL_TARGET_EXISTS']],
    ]);
  });

  it('leaves the source as it was, and nothing temporary on either side', async () => {
    expect(await rowsOf(stage.source)).toEqual(before);
    expect(await leftOf(stage, runId)).toEqual([]);
  });

  it('leaves nothing of a run that is cancelled once its rows were transferred', async () => {
    const selection = { databases: [DATABASE], includeTables: ['accounts'] };
    const request = { source: 'source', targets: ['target'], strategy: 'SQL', transactionalTables: 'migrate', databasePrefix: PREFIX };
    const operation = await stage.api.createMigration({ ...request, selection, execute: true });
    while ((await stepsOf(stage, operation.runId)).every(({ kind, state }) => kind !== 'transfer-rows' || state !== 'DONE'))
      await sleep(50);
    await stage.api.waitFor(await stage.api.command(operation.runId, 'cancel'));
    expect((await stage.api.run(operation.runId)).state).toBe('CANCELLED');
    expect((await stepsOf(stage, operation.runId)).find(({ key }) => key === 'clean-up-source')?.state).toBe('CANCELLED');
    expect(await leftOf(stage, operation.runId)).toEqual([]);
    expect((await stage.target.query(`show tables in ${PREFIX}${DATABASE}`)).flat()).toEqual([]);
  });
});

interface StepView {
  readonly id: string;
  readonly key: string;
  readonly kind: string;
  readonly state: string;
}

/** None before it is planned. */
async function stepsOf({ api }: Stage, runId: string): Promise<readonly StepView[]> {
  const answer = await api.send('GET', `/v1/runs/${runId}/tables/${DATABASE}/accounts`);
  // The shape is that of the OpenAPI document.
  return answer.status === 404 ? [] : (answer.body as { readonly steps: readonly StepView[] }).steps;
}

/** What attempts of the run's steps made, whose names bear the ids of the steps, and the database of transfers. */
async function leftOf(stage: Stage, runId: string): Promise<readonly unknown[]> {
  const ids = (await stepsOf(stage, runId)).map(({ id }) => id.replaceAll('-', ''));
  const isOurs = (name: string | null): boolean => ids.some((id) => name?.includes(id) === true);
  const [source, target] = [new Hdfs(stage.lab.clusters.source.hdfs), new Hdfs(stage.lab.clusters.target.hdfs)];
  const databases = (await stage.source.query(`show databases like 'hiveferry_transfer'`)).flat();
  const transfers = databases.length === 0 ? [] : (await stage.source.query('show tables in hiveferry_transfer')).flat();
  return [
    ...transfers.filter(isOurs),
    ...(await stage.target.query('show tables in hiveferry_preflight')).flat().filter(isOurs),
    ...(await source.names('/warehouse/external')).filter(isOurs),
    ...(await target.names('/warehouse/managed/hiveferry_preflight.db')).filter(isOurs),
  ];
}

async function createSource({ source, lab }: Stage): Promise<void> {
  await source.execute(`create database ${DATABASE}`);
  await source.execute(
    `create table ${DATABASE}.accounts (id int, name string) partitioned by (region string) clustered by (id) into 2 buckets ` +
      `stored as orc tblproperties ('transactional'='true')`,
  );
  await source.execute(`alter table ${DATABASE}.accounts add partition (region='empty')`);
  await source.execute(
    `insert into ${DATABASE}.accounts partition (region) values (1,'a','north'), (2,'b','south'), (3,'c','south'), (4,'d',null)`,
  );
  await source.execute(`delete from ${DATABASE}.accounts where id = 3`);
  await source.execute(`update ${DATABASE}.accounts set name = 'new' where id = 2`);
  await source.execute(
    `create table ${DATABASE}.journal (id int, note string) stored as textfile tblproperties ('transactional'='true', 'transactional_properties'='insert_only')`,
  );
  await source.execute(`insert into ${DATABASE}.journal values (1,'one'), (2,'two')`);
  await source.execute(`insert into ${DATABASE}.journal values (3,'three')`);
  const place = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}/${PLAIN}`;
  await source.execute(
    `create external table ${DATABASE}.${PLAIN} (id int) row format delimited fields terminated by ',' location '${place}'`,
  );
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/${PLAIN}/a.txt`, '1\n2\n');
}

async function rowsOf(side: Sql): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const table of [...TRANSACTIONAL, PLAIN]) rows.push([table, await side.query(`select * from ${DATABASE}.${table} order by id`)]);
  return rows;
}
