/** Clusters of which nothing but HiveServer2 and the files can be reached: read by HiveQL, partitions attached by HiveQL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'hs2_only';
const DATA = `/data/${DATABASE}`;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage('hive-server-only');
  for (const cluster of labClusters(stage.lab)) {
    await stage.api.registerCluster({ ...cluster, name: `${cluster.name}-hs2`, metastore: { reader: 'hiveserver2' } });
  }
  await stage.dropDatabases([DATABASE]);
  await makeTables(stage);
}, 300_000);

afterAll(async () => {
  await stage.dropDatabases([DATABASE]);
  for (const { hdfs } of Object.values(stage.lab.clusters)) await new Hdfs(hdfs).remove(DATA);
  await stage.close();
});

it('are migrated to the rows; a partition that HiveQL cannot say is refused with the reason', async () => {
  const run = await stage.migrate({ databases: [DATABASE] }, { source: 'source-hs2', targets: ['target-hs2'] });
  const tables = await stage.api.tables(run.id);
  expect(tables.map(({ source, state, failure, evidence }) => [source.table, state, failure?.code ?? evidence?.counts.rows])).toEqual([
    ['days', 'VERIFIED', '2'],
    ['mixed', 'FAILED', 'METASTORE_URI_MISSING'],
  ]);
  expect(tables[1]?.failure?.message).toContain(
    'partition d=2 cannot be added by HiveQL: its formats and SerDe are not those of the table',
  );
  expect(await stage.target.query(`select name from ${DATABASE}.days where d = 'a=b/1'`)).toEqual([['1']]);
});

async function makeTables({ source, lab }: Stage): Promise<void> {
  const files = new Hdfs(lab.clusters.source.hdfs);
  const at = `${lab.clusters.source.hdfs.namespace}${DATA}`;
  await files.write(`${DATA}/days/one/a.txt`, '1,1\n');
  await files.write(`${DATA}/days/two/a.txt`, '2,1\n');
  const format = (table: string): string =>
    `partitioned by (d string) row format delimited fields terminated by ',' stored as textfile location '${at}/${table}'`;
  await source.execute(`create database ${DATABASE}`);
  for (const table of ['days', 'mixed'])
    await source.execute(`create external table ${DATABASE}.${table} (name string, n int) ${format(table)}`);
  await source.execute(
    `alter table ${DATABASE}.days add partition (d='a=b/1') location '${at}/days/one' partition (d='2') location '${at}/days/two'`,
  );
  await source.execute(`alter table ${DATABASE}.mixed add partition (d='1') partition (d='2')`);
  await source.execute(`alter table ${DATABASE}.mixed partition (d='2') set fileformat orc`);
}
