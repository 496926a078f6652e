/** Tables that go to a bucket: DistCp writes there, Hive 4 reads there, and every byte is read back for the proof. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { below } from '@hiveferry/core';
import type { Location } from '@hiveferry/core';
import { TableDetail } from '@hiveferry/contracts';
import type { Run, TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { lakeCluster, lakeKeys, locationIn, mapToLake } from '../support/lake.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 's3_target';
const PREFIX = 'lake_';
const PUSH_PREFIX = 'pushed_';
const KILL_PREFIX = 'killed_';
const TABLES = ['columnar', 'days', 'empty', 'flat', 'managed'];
/** Values that Hive escapes in names of directories, and one that URLs do. */
const ODD_DAYS = ['2024-01-01 00:00', 'a/b', 'x=y', '100%', 'ü é', '__HIVE_DEFAULT_PARTITION__'];

describe('a migration to a bucket', () => {
  const bucket = new LabBucket();
  const root = locationIn(bucket, 's3-target');
  let stage: Stage;
  let run: Run;
  let tables: readonly TableView[];

  const lake = (changes: object = {}) => ({ ...lakeCluster(stage.lab, bucket, root), ...changes });
  const migrate = async (more: object = {}): Promise<Run> =>
    await stage.migrate(
      { databases: [DATABASE] },
      { targets: ['lake'], databasePrefix: PREFIX, locations: mapToLake(stage.lab, DATABASE, below(root, ['data'])), ...more },
    );
  const outcomes = (views: readonly TableView[]) =>
    views.map(({ source, state, evidence, failure }) => [source.table, state, failure?.message ?? evidence?.level, evidence?.findings]);

  beforeAll(async () => {
    stage = await openStage('s3-target', { environment: { ...lakeKeys(bucket), FERRY_LEASE_SECONDS: '5' } });
    await clean(stage, bucket, root);
    await makeTables(stage);
    await stage.api.registerCluster(lake());
    run = await migrate();
    tables = await stage.api.tables(run.id);
  }, 600_000);

  afterAll(async () => {
    await clean(stage, bucket, root);
    await stage.close();
  });

  it('starts from a cluster whose service and Hadoop command reach the same bucket', async () => {
    const { parts } = await stage.api.checkCluster('lake');
    expect(parts.filter(({ ok }) => !ok)).toEqual([]);
    expect(parts.find(({ name }) => name === 'objectStores')?.message).toContain('answers here and to the Hadoop command');
    expect(parts.find(({ name }) => name === 'hiveFacts')?.message).toContain(`tables go to ${root}/warehouse`);
  });

  it('is VERIFIED to the rows', () => {
    expect(outcomes(tables)).toEqual(TABLES.map((table) => [table, 'VERIFIED', 'rows', []]));
  });

  it('has read every byte of the target back, and compared it with what HDFS says', () => {
    const read = tables.map(({ source, evidence }) => [source.table, evidence?.['reRead'], evidence?.['checksumAlgorithm']]);
    expect(read).toEqual(
      tables.map(({ source: { table }, evidence }) => {
        const { files, bytes } = evidence?.counts ?? {};
        return table === 'empty' ? [table, undefined, undefined] : [table, { files, bytes }, 'COMPOSITE-CRC32C'];
      }),
    );
    expect(tables.find(({ source }) => source.table === 'days')?.evidence?.counts.checksummedFiles).toBe(ODD_DAYS.length);
  });

  it('lies in the bucket, partition by partition', async () => {
    const rows = await stage.target.query(`select distinct INPUT__FILE__NAME from ${PREFIX}${DATABASE}.days`);
    expect(rows.flat().every((name) => name?.startsWith(`${root}/data/days/d=`))).toBe(true);
    expect(rows).toHaveLength(ODD_DAYS.length);
    const [managed] = await stage.target.query(`select distinct INPUT__FILE__NAME from ${PREFIX}${DATABASE}.managed`);
    expect(managed?.[0]).toContain(`${root}/warehouse/`);
  });

  it('is copied without temporary names, and without checks that a bucket cannot pass', async () => {
    const { steps } = TableDetail.parse((await stage.api.send('GET', `/v1/runs/${run.id}/tables/${DATABASE}/flat`)).body);
    const argv = steps.find(({ key }) => key === 'copy-1')?.result?.['argv'] as readonly string[];
    expect(argv).toEqual(expect.arrayContaining(['-update', '-direct']));
    expect(argv.filter((argument) => /COMPOSITE|blocksize|-pb|skipcrc|s3a\.(?:access|secret)/.test(argument))).toEqual([]);
    const left: string[] = [];
    for await (const { location } of bucket.store().files.walk(root)) if (location.includes('.distcp.tmp')) left.push(location);
    expect(left).toEqual([]);
  });

  it('makes the directory of a table that has no files', async () => {
    expect(await bucket.store().files.status(below(root, ['data', 'empty']))).toMatchObject({ kind: 'directory' });
  });

  it('tells the secret key nowhere', async () => {
    const { secretKey } = stage.lab.s3;
    const paths = ['/v1/clusters/lake', `/v1/runs/${run.id}`, ...TABLES.map((table) => `/v1/runs/${run.id}/tables/${DATABASE}/${table}`)];
    const artefacts = (await stage.api.artefacts(run.id)).map((path) => `/v1/runs/${run.id}/artefacts/${path}`);
    expect(artefacts.length).toBeGreaterThan(0);
    for (const path of [...paths, ...artefacts]) {
      const { status, body } = await stage.api.send('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(JSON.stringify(body)).not.toContain(secretKey);
    }
    expect(readFileSync(stage.logFile, 'utf8')).not.toContain(secretKey);
  });

  it('finds one byte that changed in the bucket, by the name of its file', async () => {
    const [damaged] = await filesBelow(bucket, below(root, ['data', 'flat']));
    if (damaged === undefined) throw new Error('there is no file');
    await bucket.flipByte(damaged);
    await stage.api.waitFor(await stage.api.command(run.id, 'verify'));
    const [flat, ...others] = sortedWith(await stage.api.tables(run.id), 'flat');
    expect(flat?.state).toBe('NOT_VERIFIED');
    expect(flat?.evidence?.findings.map(({ code, subject }) => [code, subject])).toEqual([
      ['CHECKSUM_DIFFERS', expect.stringContaining(damaged.split('/').at(-1) ?? '')],
    ]);
    expect(others.map(({ state }) => state)).toEqual(others.map(() => 'VERIFIED'));
  });

  it('is not fooled by a second copy, which takes a file of the same size for copied', async () => {
    const again = await migrate({ allowedHazards: ['IN_PLACE_REFRESH'] });
    const [flat] = sortedWith(await stage.api.tables(again.id), 'flat');
    expect([flat?.state, flat?.evidence?.findings.map(({ code }) => code)]).toEqual(['NOT_VERIFIED', ['CHECKSUM_DIFFERS']]);
  });

  it('mends a damaged file once it is removed', async () => {
    const [damaged] = await filesBelow(bucket, below(root, ['data', 'flat']));
    if (damaged === undefined) throw new Error('there is no file');
    await bucket.store().files.remove(damaged);
    const again = await migrate({ allowedHazards: ['IN_PLACE_REFRESH'] });
    expect(outcomes(await stage.api.tables(again.id))).toEqual(TABLES.map((table) => [table, 'VERIFIED', 'rows', []]));
  });

  it('is VERIFIED when the source pushes', async () => {
    const selection = { databases: [DATABASE], includeTables: ['flat'] };
    const pushed = await stage.migrate(selection, {
      targets: ['lake'],
      databasePrefix: PUSH_PREFIX,
      locations: mapToLake(stage.lab, DATABASE, below(root, ['pushed'])),
      distcp: { flow: 'PUSH' },
    });
    expect(outcomes(await stage.api.tables(pushed.id))).toEqual([['flat', 'VERIFIED', 'rows', []]]);
  });

  it('is VERIFIED when the service is killed in the middle of the copy', async () => {
    await makeLargeTable(stage);
    const selection = { databases: [DATABASE], includeTables: ['large'] };
    const planned = await stage.plan(selection, {
      targets: ['lake'],
      databasePrefix: KILL_PREFIX,
      locations: mapToLake(stage.lab, DATABASE, below(root, ['killed'])),
      distcp: { bandwidthMbPerMapper: 1 },
    });
    const operation = await stage.api.execute(planned);
    const copy = async (): Promise<string | undefined> => {
      const { body } = await stage.api.send('GET', `/v1/runs/${planned.id}/tables/${DATABASE}/large`);
      return TableDetail.parse(body).steps.find(({ key }) => key === 'copy-1')?.state;
    };
    await expect.poll(copy, { timeout: 60_000 }).toBe('RUNNING');
    await sleep(4_000);
    expect(await copy()).toBe('RUNNING');
    await stage.kill();
    await stage.start();
    await stage.api.waitFor(operation);
    expect(outcomes(await stage.api.tables(planned.id))).toEqual([['large', 'VERIFIED', 'rows', []]]);
    expect(await filesBelow(bucket, below(root, ['killed']))).toEqual([below(root, ['killed', 'large', 'a.txt'])]);
  });

  it('says what is wrong with a bucket that is not there, and with keys that lead nowhere', async () => {
    const { objectStores } = lake();
    const [store] = objectStores;
    const broken = [
      ['absent', { namespace: 's3a://no-such-bucket' }, 'BUCKET_NOT_FOUND'],
      ['keyless', { accessKeyRef: 'env:NO_SUCH_KEY' }, 'SECRET_NOT_FOUND'],
    ] as const;
    for (const [name, change, code] of broken) {
      const hive = { ...lake().hive, externalWarehouse: stage.lab.clusters.target.warehouse.external };
      await stage.api.registerCluster(lake({ name, hive, objectStores: [{ ...store, ...change }] }));
      const { parts } = await stage.api.checkCluster(name);
      expect(parts.find((part) => part.name === 'objectStores')).toMatchObject({ ok: false, code });
    }
  });
});

async function filesBelow(bucket: LabBucket, directory: Location): Promise<readonly Location[]> {
  const files: Location[] = [];
  for await (const { kind, location } of bucket.store().files.walk(directory)) if (kind === 'file') files.push(location);
  return files;
}

const sortedWith = (tables: readonly TableView[], first: string): readonly TableView[] =>
  tables.toSorted((a, b) => Number(b.source.table === first) - Number(a.source.table === first));

async function clean(stage: Stage, bucket: LabBucket, root: Location): Promise<void> {
  await stage.dropDatabases([DATABASE]);
  for (const prefix of [PREFIX, PUSH_PREFIX, KILL_PREFIX])
    await stage.target.execute(`drop database if exists ${prefix}${DATABASE} cascade`);
  await bucket.store().files.remove(root);
}

/** So large that its copy takes some seconds at 1 MB a second. */
async function makeLargeTable({ source, lab }: Stage): Promise<void> {
  const { hdfs } = lab.clusters.source;
  await new Hdfs(hdfs).write(`/data/${DATABASE}/large/a.txt`, 'abcdefg\n'.repeat(1_000_000));
  await source.execute(`create external table ${DATABASE}.large (name string) location '${hdfs.namespace}/data/${DATABASE}/large'`);
}

async function makeTables({ source, lab }: Stage): Promise<void> {
  const at = `${lab.clusters.source.hdfs.namespace}/data/${DATABASE}`;
  const text = (table: string): string => `row format delimited fields terminated by ',' location '${at}/${table}'`;
  await source.execute(`create database ${DATABASE}`);
  await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/flat/a b.txt`, 'a,1\nb,2\nc,3\n');
  await source.execute(`create external table ${DATABASE}.flat (name string, n int) ${text('flat')}`);
  await source.execute(`create external table ${DATABASE}.empty (name string, n int) ${text('empty')}`);
  await source.execute(`create external table ${DATABASE}.columnar (name string, n int) stored as orc location '${at}/columnar'`);
  await source.execute(`insert into ${DATABASE}.columnar select name, n from ${DATABASE}.flat`);
  await source.execute(`create table ${DATABASE}.managed (name string, n int) stored as textfile`);
  await source.execute(`insert into ${DATABASE}.managed values ('x', 1), ('y', 2)`);
  await source.execute(`create external table ${DATABASE}.days (name string) partitioned by (d string) ${text('days')}`);
  const values = ODD_DAYS.map(
    (day, index) => `select 'n${index}' as name, ${day.startsWith('__') ? 'cast(null as string)' : `'${day}'`} as d`,
  );
  await source.execute(`insert into ${DATABASE}.days partition (d) ${values.join(' union all ')}`);
}
