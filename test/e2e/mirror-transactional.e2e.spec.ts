/** `ferry hms-mirror -d SQL -mao -e`: a transactional table stays one on the target, and nothing else is moved. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { buildService } from '../../scripts/support/service.ts';
import { ferryUser, statesIn, writeMirrorConfiguration } from '../support/ferry-command.ts';
import { dropDatabase, sqlOf, type Sql } from '../support/stage.ts';

const DATABASE = 'mirror_ledgers';
const PREFIX = 'exported_';
/** A directory of /data whose name is no database's: a prefix of databases does not change it. */
const FILES = 'mirror_plain_files';

describe('ferry hms-mirror -e with transactional tables', () => {
  const lab = readLab();
  const { home, ferry, remove } = ferryUser(lab);
  let source: Sql & { close(): Promise<void> };
  let target: Sql & { close(): Promise<void> };

  beforeAll(async () => {
    buildService();
    const left = lab.clusters.source;
    writeMirrorConfiguration(home, lab);
    [source, target] = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    for (const name of [DATABASE, `${PREFIX}${DATABASE}`, FILES]) await dropDatabase(lab, [source, target], name);
    await source.execute(`create database ${DATABASE}`);
    await source.execute(`create table ${DATABASE}.ledger (id int) stored as orc tblproperties ('transactional'='true')`);
    await source.execute(`insert into ${DATABASE}.ledger values (1), (2), (3)`);
    await source.execute(`delete from ${DATABASE}.ledger where id = 2`);
    await source.execute(`create external table ${DATABASE}.plain (id int) location '${left.hdfs.namespace}/data/${FILES}/plain'`);
  }, 300_000);

  afterAll(async () => {
    for (const name of [DATABASE, `${PREFIX}${DATABASE}`, FILES]) await dropDatabase(lab, [source, target], name);
    await Promise.all([source.close(), target.close()]);
    remove();
  });

  it('moves their rows, and they can be written to afterwards', async () => {
    const { code, text } = await ferry(['hms-mirror', '-d', 'SQL', '-db', DATABASE, '-mao', '-e']);
    expect([code, statesIn(text)], text).toEqual([0, [`${DATABASE}.ledger VERIFIED`]]);
    await target.execute(`delete from ${DATABASE}.ledger where id = 1`);
    expect(await target.query(`select id from ${DATABASE}.ledger order by id`)).toEqual([['3']]);
    expect(await target.query(`show tables in ${DATABASE}`)).toEqual([['ledger']]);
  }, 200_000);

  it('exports and imports them, and others as external tables', async () => {
    const { code, text } = await ferry(['hms-mirror', '-d', 'EXPORT_IMPORT', '-db', DATABASE, '-dbp', PREFIX, '-ma', '-e']);
    expect([code, statesIn(text)], text).toEqual([0, [`${DATABASE}.ledger VERIFIED`, `${DATABASE}.plain VERIFIED`]]);
    await target.execute(`delete from ${PREFIX}${DATABASE}.ledger where id = 1`);
    expect(await target.query(`select id from ${PREFIX}${DATABASE}.ledger order by id`)).toEqual([['3']]);
    expect((await target.query(`show create table ${PREFIX}${DATABASE}.plain`)).flat().join('\n')).toMatch(/CREATE EXTERNAL TABLE/);
  }, 200_000);
});
