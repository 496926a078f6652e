/** `ferry hms-mirror -d LINKED -e`, then `-d CONVERT_LINKED -e` of the same database: what read the source reads files of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { buildService } from '../../scripts/support/service.ts';
import { ferryUser, statesIn, writeMirrorConfiguration } from '../support/ferry-command.ts';
import { Hdfs } from '../support/hdfs.ts';
import { dropDatabase, sqlOf, type Sql } from '../support/stage.ts';

const DATABASE = 'mirror_links';
const VERIFIED = [`${DATABASE}.days VERIFIED`, `${DATABASE}.flat VERIFIED`];

describe('ferry hms-mirror -e with linked tables', () => {
  const lab = readLab();
  const left = lab.clusters.source;
  const { home, ferry, remove } = ferryUser(lab);
  let source: Sql & { close(): Promise<void> };
  let target: Sql & { close(): Promise<void> };

  const mirror = async (...options: readonly string[]) => await ferry(['hms-mirror', '-db', DATABASE, '-e', ...options]);

  beforeAll(async () => {
    buildService();
    writeMirrorConfiguration(home, lab);
    [source, target] = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await dropDatabase(lab, [source, target], DATABASE);
    await makeTables(source, left.hdfs);
  }, 300_000);

  afterAll(async () => {
    await dropDatabase(lab, [source, target], DATABASE);
    await Promise.all([source.close(), target.close()]);
    remove();
  });

  it('turns the links to files that DistCp copies', async () => {
    const linked = await mirror('-d', 'LINKED');
    expect([linked.code, statesIn(linked.text)], linked.text).toEqual([0, VERIFIED]);
    const { code, text } = await mirror('-d', 'CONVERT_LINKED', '-dc');
    expect([code, statesIn(text)], text).toEqual([0, VERIFIED]);
    await new Hdfs(left.hdfs).remove(`/data/${DATABASE}`);
    expect(await target.query(`select d, name from ${DATABASE}.days order by d`)).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    expect(await target.query(`select name from ${DATABASE}.flat`)).toEqual([['x']]);
  }, 300_000);
});

async function makeTables(source: Sql, hdfs: { readonly webHdfsUri: string; readonly namespace: string }): Promise<void> {
  const files = new Hdfs(hdfs);
  const placed = (table: string): string => `stored as textfile location '${hdfs.namespace}/data/${DATABASE}/${table}'`;
  await source.execute(`create database ${DATABASE}`);
  await files.write(`/data/${DATABASE}/flat/a.txt`, 'x\n');
  await source.execute(`create external table ${DATABASE}.flat (name string) ${placed('flat')}`);
  await source.execute(`create external table ${DATABASE}.days (name string) partitioned by (d string) ${placed('days')}`);
  for (const [day, name] of [
    ['1', 'a'],
    ['2', 'b'],
  ] as const) {
    await files.write(`/data/${DATABASE}/days/d=${day}/a.txt`, `${name}\n`);
    await source.execute(`alter table ${DATABASE}.days add partition (d='${day}')`);
  }
}
