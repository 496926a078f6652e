/** hms-mirror's own file and line for disaster recovery: planned, then executed on a bucket that others fill. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab, type Lab } from '../../lab/src/index.ts';
import { buildService } from '../../scripts/support/service.ts';
import { ferryUser, statesIn } from '../support/ferry-command.ts';
import { Hdfs } from '../support/hdfs.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { locationIn } from '../support/lake.ts';
import { dropDatabase, sqlOf, type Sql } from '../support/stage.ts';

const DATABASE = 'from_mirror';
/** One that is no sync. */
const SECOND = 'from_mirror_once';
const FILES = { 'flat/a.txt': 'a,1\nb,2\n', 'days/d=1/a.txt': '1,1\n', 'days/d=2/a.txt': '2,1\n' };
/** The line of hms-mirror's page on disaster recovery. */
const LINE = ['--hadoop-classpath', '-d', 'SCHEMA_ONLY', '-db', DATABASE, '-ro', '-sync'];

describe("hms-mirror's configuration and line for disaster recovery", () => {
  const lab = readLab();
  const bucket = new LabBucket();
  const { home, state, ferry, remove } = ferryUser(lab);
  const reports = join(home, '.hms-mirror/reports/hiveferry');
  let source: Sql & { close(): Promise<void> };
  let target: Sql & { close(): Promise<void> };

  beforeAll(async () => {
    buildService();
    mkdirSync(join(home, '.hms-mirror/cfg'), { recursive: true });
    writeFileSync(join(home, '.hms-mirror/cfg/default.yaml'), filled(lab, bucket));
    [source, target] = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await clean();
    for (const database of [DATABASE, SECOND]) await makeTables(source, lab, database);
  }, 300_000);

  afterAll(async () => {
    await clean();
    await Promise.all([source.close(), target.close()]);
    remove();
  });

  const clean = async (): Promise<void> => {
    for (const database of [DATABASE, SECOND]) {
      await dropDatabase(lab, [source, target], database);
      await bucket.store().files.remove(locationIn(bucket, `data/${database}`));
    }
  };

  const mirror = async (options: readonly string[], interruptAt?: string) => await ferry(['hms-mirror', ...options], interruptAt);
  const tablesOfTarget = async (database: string): Promise<readonly unknown[]> =>
    (await target.query(`show databases like '${database}'`)).length === 0 ? [] : (await target.query(`show tables in ${database}`)).flat();
  const read = (name: string): string => readFileSync(join(reports, name), 'utf8');

  it('writes scripts in a dry run, and changes nothing on the target', async () => {
    const { code, text } = await mirror(LINE);
    expect([code, text]).toEqual([0, expect.stringContaining(`${DATABASE}: 2 MIGRATE`)]);
    expect(readdirSync(reports)).toEqual(expect.arrayContaining([`${DATABASE}_RIGHT_execute.sql`, 'report.html']));
    const script = read(`${DATABASE}_RIGHT_execute.sql`);
    expect(script).toContain(`'${bucket.namespace}/data/${DATABASE}/days'`);
    expect(script).toContain('SET DBPROPERTIES');
    expect(await tablesOfTarget(DATABASE)).toEqual([]);
  }, 60_000);

  it('refuses by name what it cannot execute, before anything is done', async () => {
    const { code, text } = await mirror([...LINE, '-e', '-dbo']);
    expect([code, text]).toEqual([2, expect.stringContaining('EXECUTE_NOT_AVAILABLE: databaseOnly (-dbo)')]);
    expect(await tablesOfTarget(DATABASE)).toEqual([]);
  });

  it('makes no table with -e while its files are not there, and says what remains', async () => {
    const { code, text } = await mirror([...LINE, '-e']);
    expect([code, statesIn(text)], text).toEqual([1, [`${DATABASE}.days WAITING`, `${DATABASE}.flat WAITING`]]);
    expect(text).toContain('2 tables wait for their files');
    expect(await tablesOfTarget(DATABASE)).toEqual([]);
    expect(readdirSync(reports)).toContain(`${DATABASE}_distcp_script.sh`);
  }, 120_000);

  it('makes and proves them by the same line when the files have come', async () => {
    await replicate(bucket, DATABASE);
    const { code, text } = await mirror([...LINE, '-e']);
    expect([code, statesIn(text)], text).toEqual([0, [`${DATABASE}.days VERIFIED`, `${DATABASE}.flat VERIFIED`]]);
    expect(text).toContain('proved by rows: 2 files, 8 bytes, 2 partitions, 2 checksums, 2 rows');
    expect(read('run-status.yaml')).toContain('state: EXECUTED');
    expect(JSON.parse(read(`${DATABASE}_evidence.json`))).toHaveLength(2);
  }, 120_000);

  it('leaves tables that do not own their files, and discovers partitions', async () => {
    const properties = await propertiesOf(target, 'days');
    expect(properties['external.table.purge']?.toLowerCase()).not.toBe('true');
    expect(properties['discover.partitions']).toBe('true');
    expect((await propertiesOf(target, 'flat'))['external.table.purge']?.toLowerCase()).not.toBe('true');
    expect(await target.query(`select name, d from ${DATABASE}.days order by d`)).toEqual([
      ['1', '1'],
      ['2', '2'],
    ]);
    const [file] = await target.query(`select INPUT__FILE__NAME from ${DATABASE}.flat limit 1`);
    expect(file?.[0]).toBe(`${bucket.namespace}/data/${DATABASE}/flat/a.txt`);
  });

  it('brings what changed at the source when the line is repeated', async () => {
    await source.execute(`alter table ${DATABASE}.days drop partition (d='1')`);
    await new Hdfs(lab.clusters.source.hdfs).remove(`/data/${DATABASE}/days/d=1`);
    await bucket.store().files.remove(locationIn(bucket, `data/${DATABASE}/days/d=1`));
    const { code, text } = await mirror([...LINE, '-e']);
    expect([code, statesIn(text)], text).toEqual([0, [`${DATABASE}.days VERIFIED`, `${DATABASE}.flat VERIFIED`]]);
    expect(await target.query(`show partitions ${DATABASE}.days`)).toEqual([['d=2']]);
  }, 120_000);

  it('goes on where it was interrupted', async () => {
    const line = ['-d', 'SCHEMA_ONLY', '-db', SECOND, '-ro', '-e'];
    const first = await mirror(line, 'waiting for files');
    expect([first.code, first.text]).toEqual([130, expect.stringContaining('the same command goes on from here')]);
    expect(await tablesOfTarget(SECOND)).toEqual([]);
    await replicate(bucket, SECOND);
    const second = await mirror(line);
    expect(second.text).toContain('Going on with what an earlier command has planned');
    expect([second.code, statesIn(second.text)], second.text).toEqual([0, [`${SECOND}.days VERIFIED`, `${SECOND}.flat VERIFIED`]]);
    expect(readdirSync(state)).toEqual([]);
  }, 120_000);
});

/** The file as hms-mirror's page has it, with the lab's addresses. */
function filled(lab: Lab, { namespace }: LabBucket): string {
  const [left, right] = [lab.clusters.source, lab.clusters.target];
  const values: Readonly<Record<string, string>> = {
    's3a://<my_source_s3_bucket>': left.hdfs.namespace,
    's3a://<my_target_s3_bucket>': namespace,
    '<my_source_hs2_endpoint>': `${left.hiveServer2.host}:${left.hiveServer2.port}/;auth=noSasl`,
    '<my_target_hs2_endpoint>': `${right.hiveServer2.host}:${right.hiveServer2.port}/`,
    '<user>': left.hiveServer2.user,
  };
  const template = readFileSync(join(import.meta.dirname, 'from-hms-mirror/default.yaml'), 'utf8');
  return Object.entries(values).reduce((text, [placeholder, value]) => text.replaceAll(placeholder, value), template);
}

async function makeTables(source: Sql, lab: Lab, database: string): Promise<void> {
  const files = new Hdfs(lab.clusters.source.hdfs);
  for (const [path, content] of Object.entries(FILES)) await files.write(`/data/${database}/${path}`, content);
  const at = `${lab.clusters.source.hdfs.namespace}/data/${database}`;
  const format = (table: string): string =>
    `row format delimited fields terminated by ',' location '${at}/${table}' tblproperties ('external.table.purge'='true')`;
  await source.execute(`create database ${database} with dbproperties ('EXTERNAL_TABLES_ONLY'='TRUE')`);
  await source.execute(`create external table ${database}.flat (name string, n int) ${format('flat')}`);
  await source.execute(`create external table ${database}.days (name string, n int) partitioned by (d string) ${format('days')}`);
  await source.execute(`alter table ${database}.days add partition (d='1') partition (d='2')`);
}

/** As replication between buckets would bring it. */
async function replicate(bucket: LabBucket, database: string): Promise<void> {
  for (const [path, content] of Object.entries(FILES)) await bucket.write(locationIn(bucket, `data/${database}/${path}`), content);
}

async function propertiesOf(target: Sql, table: string): Promise<Readonly<Record<string, string>>> {
  const rows = await target.query(`show tblproperties ${DATABASE}.${table}`);
  return Object.fromEntries(rows.map(([key, value]) => [key ?? '', value ?? '']));
}
