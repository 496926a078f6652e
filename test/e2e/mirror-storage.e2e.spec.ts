/** `ferry hms-mirror -d STORAGE_MIGRATION -smn .. -e`: tables of LEFT go to a bucket, where the scripts of the same line would bring them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readLab } from '../../lab/src/index.ts';
import { buildService } from '../../scripts/support/service.ts';
import { ferryUser, statesIn } from '../support/ferry-command.ts';
import { LabBucket } from '../support/lab-bucket.ts';
import { locationIn } from '../support/lake.ts';
import { dropDatabase, sqlOf, type Sql } from '../support/stage.ts';

const DATABASE = 'mirror_storage';
/** Its one table is a view, which goes nowhere. */
const IDLE = `${DATABASE}_idle`;
const LINE = ['hms-mirror', '-d', 'STORAGE_MIGRATION', '-db', `${DATABASE},${IDLE}`, '-dc'];

describe('ferry hms-mirror -e with tables that move to another storage', () => {
  const lab = readLab();
  const bucket = new LabBucket();
  const root = locationIn(bucket, 'mirror-storage');
  const { home, ferry, remove } = ferryUser(lab);
  const plans = [DATABASE, IDLE].map((database) => `${database}=/mirror-storage/external:/mirror-storage/managed`);
  const line = [...LINE, '-smn', bucket.namespace, '-wps', plans.join(',')];
  let target: Sql & { close(): Promise<void> };

  beforeAll(async () => {
    buildService();
    const { hdfs, hiveServer2 } = lab.clusters.target;
    const { host, port, user, password } = lab.postgres;
    const LEFT = {
      legacyHive: false,
      hcfsNamespace: hdfs.namespace,
      hiveServer2: {
        uri: `jdbc:hive2://${hiveServer2.host}:${String(hiveServer2.port)}/`,
        connectionProperties: { user: hiveServer2.user },
      },
      metastore_direct: {
        uri: `jdbc:postgresql://${host}:${String(port)}/hms_target`,
        type: 'POSTGRES',
        connectionProperties: { user, password },
      },
    };
    mkdirSync(join(home, '.hms-mirror/cfg'), { recursive: true });
    writeFileSync(join(home, '.hms-mirror/cfg/default.yaml'), stringify({ clusters: { LEFT } }));
    target = await sqlOf(lab, 'target');
    await clean();
    const at = `${hdfs.namespace}/data/${DATABASE}`;
    await target.execute(`create database ${DATABASE}`);
    await target.execute(`create external table ${DATABASE}.flat (id int) location '${at}/flat'`);
    await target.execute(`insert into ${DATABASE}.flat values (1), (2)`);
    await target.execute(`create external table ${DATABASE}.days (id int) partitioned by (d string) stored as orc location '${at}/days'`);
    await target.execute(`insert into ${DATABASE}.days partition (d) values (1, 'a'), (2, 'b')`);
    await target.execute(`create view ${DATABASE}.recent as select id from ${DATABASE}.flat`);
    await target.execute(`create database ${IDLE}`);
    await target.execute(`create view ${IDLE}.recent as select id from ${DATABASE}.flat`);
  }, 600_000);

  afterAll(async () => {
    await clean();
    await target.close();
    remove();
  });

  const clean = async (): Promise<void> => {
    for (const database of [DATABASE, IDLE]) await dropDatabase(lab, [target], database);
    await bucket.store().files.remove(root);
  };
  const rows = async (): Promise<readonly unknown[]> => [
    await target.query(`select id from ${DATABASE}.flat order by id`),
    await target.query(`select id, d from ${DATABASE}.days order by id`),
  ];

  it('refuses a second table beside the old one by name, before anything is done', async () => {
    const { code, text } = await ferry([...LINE, '-dms', 'SQL', '-e']);
    expect([code, text]).toEqual([
      2,
      expect.stringContaining('EXECUTE_NOT_AVAILABLE: dataMovementStrategy SQL (-dms) with STORAGE_MIGRATION'),
    ]);
  }, 120_000);

  it('moves them where its scripts say, VERIFIED, and leaves views and the old files', async () => {
    const before = await rows();
    const { code, text } = await ferry([...line, '-e']);
    expect([code, statesIn(text)], text).toEqual([0, [`${DATABASE}.days VERIFIED`, `${DATABASE}.flat VERIFIED`]]);
    expect(text).toContain('-e leaves the locations of databases as they are');
    expect(text).toContain(`${IDLE}: no table of it is to be moved`);
    expect(await rows()).toEqual(before);
    const script = readFileSync(join(home, `.hms-mirror/reports/hiveferry/${DATABASE}_LEFT_execute.sql`), 'utf8');
    for (const table of ['flat', 'days']) {
      const names = (await target.query(`select distinct INPUT__FILE__NAME from ${DATABASE}.${table}`)).flat();
      const place = `${root}/external/${DATABASE}.db/${table}`;
      expect(names.filter((name) => name?.startsWith(`${place}/`))).toEqual(names);
      expect(script).toContain(`SET LOCATION '${place}'`);
    }
  }, 600_000);
});
