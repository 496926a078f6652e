/** PUSH: the source's Hadoop runs DistCp and writes to the target; which cluster did it is read from the record of the step. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableDetail } from '@hiveferry/contracts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'push';

describe('a migration that pushes', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage('push');
    await stage.dropDatabases([DATABASE]);
    await makeTables(stage);
  }, 300_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('copies at the source and is VERIFIED to its rows', async () => {
    const run = await stage.migrate({ databases: [DATABASE] }, { distcp: { flow: 'PUSH' } });
    const tables = await stage.api.tables(run.id);
    expect(
      tables.map(({ source, state, evidence, failure }) => [source.table, state, failure?.message ?? evidence?.level, evidence?.findings]),
    ).toEqual([
      ['days', 'VERIFIED', 'rows', []],
      ['flat', 'VERIFIED', 'rows', []],
    ]);
    for (const table of ['days', 'flat']) {
      const { body } = await stage.api.send('GET', `/v1/runs/${run.id}/tables/${DATABASE}/${table}`);
      const { steps } = TableDetail.parse(body);
      const clusters = steps.map(({ key, cluster, state }) => [key, cluster, state]);
      expect(clusters.filter(([key]) => key === 'copy-1' || key === 'create-table')).toEqual([
        ['copy-1', 'source', 'DONE'],
        ['create-table', 'target', 'DONE'],
      ]);
      expect(steps.find(({ key }) => key === 'copy-1')?.result).toMatchObject({ filesCopied: table === 'days' ? 2 : 1 });
    }
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
