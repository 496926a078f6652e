/** Strategy EXPORT_IMPORT: the source exports tables, the target imports them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { openStage } from '../support/stage.ts';
import type { Stage } from '../support/stage.ts';

const DATABASE = 'e2e_export';
const TABLES = ['events'];

describe('strategy EXPORT_IMPORT', () => {
  let stage: Stage;
  let run: Run;
  let tables: readonly TableView[];

  beforeAll(async () => {
    stage = await openStage('e2e-export', { environment: { FERRY_ATTEMPTS: '2' } });
    await stage.dropDatabases([DATABASE]);
    const { source, lab } = stage;
    const place = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`;
    await source.execute(`create database ${DATABASE}`);
    await source.execute(
      `create external table ${DATABASE}.events (id int, name string) partitioned by (day string, n int) stored as orc location '${place}/events'`,
    );
    await source.execute(`alter table ${DATABASE}.events add partition (day='far', n=9) location '${place}/elsewhere'`);
    await source.execute(
      `insert into ${DATABASE}.events partition (day, n) values (1,'a','2024-01-01',1), (2,'b','x/y =%',2), (3,'c',null,null), (4,'d','far',9)`,
    );
    run = await stage.migrate({ databases: [DATABASE] }, { strategy: 'EXPORT_IMPORT' });
    tables = await stage.api.tables(run.id);
  }, 300_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('moves a partitioned table, VERIFIED at its rows', () => {
    expect(tables.map(({ source, state, evidence, failure }) => [source.table, state, evidence?.level, failure?.message])).toEqual(
      TABLES.map((table) => [table, 'VERIFIED', 'rows', undefined]),
    );
  });
});
