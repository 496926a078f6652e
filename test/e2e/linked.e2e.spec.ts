/** LINKED and COMMON: the target's tables point at the files of the source; nothing is copied, and dropping them removes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'linked';
const FILE = `/data/${DATABASE}/days/d=1/a.txt`;

describe.each([
  ['LINKED', {}],
  ['COMMON', { commonStorage: true }],
])('a migration by %s', (strategy, more) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(strategy.toLowerCase());
    await stage.dropDatabases([DATABASE]);
    await makeTables(stage);
  }, 300_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('lets the target read the files of the source, VERIFIED to its rows', async () => {
    const run = await stage.migrate({ databases: [DATABASE] }, { strategy, ...more });
    const tables = await stage.api.tables(run.id);
    expect(tables.map(({ source, state, failure, evidence }) => [source.table, state, failure?.message ?? evidence?.counts.rows])).toEqual([
      ['days', 'VERIFIED', '2'],
      ['flat', 'VERIFIED', '2'],
    ]);
    expect(tables[0]?.evidence?.notCompared.join()).toContain('points at the files of the source');
    expect(await stage.target.query(`select name from ${DATABASE}.days where d = '1'`)).toEqual([['1']]);
  });

  it('leaves the files alone when the table of the target is dropped', async () => {
    await stage.target.execute(`drop table ${DATABASE}.days`);
    expect(new TextDecoder().decode(await new Hdfs(stage.lab.clusters.source.hdfs).read(FILE))).toBe('1,1\n');
  });
});

async function makeTables({ source, lab }: Stage): Promise<void> {
  const files = new Hdfs(lab.clusters.source.hdfs);
  const at = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`;
  await files.write(`/data/${DATABASE}/flat/a.txt`, 'a,1\nb,2\n');
  for (const day of ['1', '2']) await files.write(`/data/${DATABASE}/days/d=${day}/a.txt`, `${day},1\n`);
  const format = (table: string): string => `row format delimited fields terminated by ',' location '${at}/${table}'`;
  await source.execute(`create database ${DATABASE}`);
  await source.execute(`create external table ${DATABASE}.flat (name string, n int) ${format('flat')}`);
  await source.execute(`create external table ${DATABASE}.days (name string, n int) partitioned by (d string) ${format('days')}`);
  await source.execute(`alter table ${DATABASE}.days add partition (d='1') partition (d='2')`);
}
