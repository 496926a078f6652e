/** One request, two targets: Hive 3.1.3 on HDFS goes to HDFS and to a bucket, by five processes with Kafka between them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableDetail, TablePage } from '@hiveferry/contracts';
import { below } from '@hiveferry/core';
import type { Operation } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeCluster, lakeKeys, locationIn, mapToLake } from '../support/lake.ts';
import { startServices } from '../support/services.ts';
import type { ProcessSpec, Services } from '../support/services.ts';
import { dropDatabase, sqlOf } from '../support/stage.ts';
import type { Sql } from '../support/stage.ts';

const DATABASE = 'two_targets';
const PREFIX = 'lake_';
const TABLES = ['columnar', 'days', 'flat'];
const DAYS = ['2024-01-01', 'x=y/z'];

describe('a migration to HDFS and to a bucket at once', () => {
  const bucket = new LabBucket();
  const root = locationIn(bucket, 'two-targets');
  const environment = lakeKeys(bucket);
  const processes: readonly ProcessSpec[] = [
    { name: 'api', environment },
    { name: 'planner' },
    ...['source', 'target', 'lake'].map((cluster): ProcessSpec => ({
      name: 'executor',
      environment: { ...environment, FERRY_CLUSTER: cluster },
    })),
  ];
  let services: Services;
  let sides: readonly (Sql & { close(): Promise<void> })[];
  let operation: Operation;

  const clean = async (): Promise<void> => {
    await dropDatabase(services.lab, sides, DATABASE);
    await sides[1]?.execute(`drop database if exists ${PREFIX}${DATABASE} cascade`);
    await bucket.store().files.remove(root);
  };
  const tablesOn = async (target: string) =>
    TablePage.parse(await services.api.call('GET', `/v1/runs/${operation.runId}/tables?target=${target}`)).items;

  beforeAll(async () => {
    services = await startServices(processes);
    sides = [await sqlOf(services.lab, 'source'), await sqlOf(services.lab, 'target')];
    await clean();
    await makeTables(services, sides[0]);
    await services.api.registerCluster(lakeCluster(services.lab, bucket, root));
    const locations = mapToLake(services.lab, DATABASE, below(root, ['data']));
    operation = await services.api.createMigration({
      source: 'source',
      targets: ['target', { cluster: 'lake', databasePrefix: PREFIX, locations }],
      selection: { databases: [DATABASE] },
      strategy: 'SCHEMA_ONLY',
      proof: 'rows',
      execute: true,
    });
    await services.api.waitFor(operation);
  }, 600_000);

  afterAll(async () => {
    await clean();
    await Promise.all(sides.map((side) => side.close()));
    await services.close();
  });

  it.each(['target', 'lake'])('is VERIFIED to the rows on %s', async (target) => {
    const outcomes = (await tablesOn(target)).map(({ source, state, evidence, failure }) => [
      source.table,
      state,
      failure?.message ?? evidence?.level,
      evidence?.findings,
    ]);
    expect(outcomes).toEqual(TABLES.map((table) => [table, 'VERIFIED', 'rows', []]));
  });

  it('compares checksums of HDFS with checksums of HDFS, and with what was read back from the bucket', async () => {
    const readBack = async (target: string) =>
      (await tablesOn(target)).map(({ evidence }) => [evidence?.checksumAlgorithm, evidence?.reRead?.bytes]);
    const bytes = (await tablesOn('target')).map(({ evidence }) => evidence?.counts.bytes);
    expect(await readBack('target')).toEqual(TABLES.map(() => ['COMPOSITE-CRC32C', undefined]));
    expect(await readBack('lake')).toEqual(bytes.map((each) => ['COMPOSITE-CRC32C', each]));
  });

  it.each([
    ['target', 'hdfs:', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC', '-direct'],
    ['lake', 's3a:', '-direct', '-Ddfs.checksum.combine.mode=COMPOSITE_CRC'],
  ])('is copied by the executor of %s to %s', async (target, scheme, said, unsaid) => {
    const path = `/v1/runs/${operation.runId}/tables/${DATABASE}/flat?target=${target}`;
    const { steps } = TableDetail.parse(await services.api.call('GET', path));
    const copy = steps.find(({ key }) => key === 'copy-1');
    const argv = copy?.result?.['argv'] as readonly string[];
    expect(copy?.cluster).toBe(target);
    expect(argv.at(-1)).toMatch(new RegExp(`^${scheme}`));
    expect([argv.includes(said), argv.includes(unsaid)]).toEqual([true, false]);
  });

  it('answers the same on both', async () => {
    const rowsOf = async (database: string) => await sides[1]?.query(`select name, d from ${database}.days order by name`);
    const rows = await rowsOf(DATABASE);
    expect(rows).toEqual(DAYS.map((day, index) => [`n${String(index)}`, day]));
    expect(await rowsOf(`${PREFIX}${DATABASE}`)).toEqual(rows);
  });
});

async function makeTables({ lab }: Services, source: Sql | undefined): Promise<void> {
  const at = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`;
  const statements = [
    `create database ${DATABASE}`,
    `create external table ${DATABASE}.flat (name string, n int) row format delimited fields terminated by ',' location '${at}/flat'`,
    `create external table ${DATABASE}.columnar (name string, n int) stored as orc location '${at}/columnar'`,
    `insert into ${DATABASE}.columnar select name, n from ${DATABASE}.flat`,
    `create external table ${DATABASE}.days (name string) partitioned by (d string) location '${at}/days'`,
    ...DAYS.map((day, index) => `insert into ${DATABASE}.days partition (d='${day}') values ('n${String(index)}')`),
  ];
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/flat/a b.txt`, 'a,1\nb,2\n');
  for (const statement of statements) await source?.execute(statement);
}
