/** `ferry plan -e`: a request for two live clusters, planned, reviewed by its hash, copied by DistCp and proved, without a server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLab } from '../../lab/src/index.ts';
import { labClusters } from '../../scripts/support/lab-clusters.ts';
import { buildService } from '../../scripts/support/service.ts';
import { ferryUser, statesIn } from '../support/ferry-command.ts';
import { Hdfs } from '../support/hdfs.ts';
import { dropDatabase, sqlOf, type Sql } from '../support/stage.ts';

const DATABASE = 'plan_execute';

describe('ferry plan -e', () => {
  const lab = readLab();
  const { home, ferry, remove } = ferryUser(lab);
  const out = join(home, 'out');
  let source: Sql & { close(): Promise<void> };
  let target: Sql & { close(): Promise<void> };

  beforeAll(async () => {
    buildService();
    [source, target] = [await sqlOf(lab, 'source'), await sqlOf(lab, 'target')];
    await dropDatabase(lab, [source, target], DATABASE);
    await new Hdfs(lab.clusters.source.hdfs).write(`/data/${DATABASE}/flat/a.txt`, 'a\nb\n');
    await source.execute(`create database ${DATABASE}`);
    await source.execute(
      `create external table ${DATABASE}.flat (name string) location '${lab.clusters.source.hdfs.namespace}/data/${DATABASE}/flat'`,
    );
    for (const cluster of labClusters(lab)) writeFileSync(join(home, `${cluster.name}.json`), JSON.stringify(cluster));
    const request = { source: 'source', targets: ['target'], selection: { databases: [DATABASE] }, onExisting: 'sync' };
    writeFileSync(join(home, 'request.json'), JSON.stringify(request));
  }, 300_000);

  afterAll(async () => {
    await dropDatabase(lab, [source, target], DATABASE);
    await Promise.all([source.close(), target.close()]);
    remove();
  });

  const plan = async (...more: readonly string[]) => {
    const clusters = ['--source-cluster', join(home, 'source.json'), '--target-cluster', join(home, 'target.json')];
    return await ferry(['plan', '-e', '-f', join(home, 'request.json'), ...clusters, '--out', out, ...more]);
  };

  it('executes nothing but the plan that was reviewed', async () => {
    const { code, text } = await plan('--plan-hash', '0123456789abcdef');
    expect([code, text]).toEqual([2, expect.stringContaining('PLAN_HASH_MISMATCH: target: expected 0123456789abcdef')]);
    expect(await target.query(`show databases like '${DATABASE}'`)).toEqual([]);
  }, 120_000);

  it('executes the reviewed plan, and proves each table', async () => {
    const planHash = /^ {2}planHash: (\w+)$/m.exec(readFileSync(join(out, 'run-status.yaml'), 'utf8'))?.[1] ?? '';
    const { code, text } = await plan('--plan-hash', planHash);
    expect([code, statesIn(text)], text).toEqual([0, [`${DATABASE}.flat VERIFIED`]]);
    expect(text).toContain('proved by rows: 1 files, 4 bytes, 1 checksums, 2 rows');
    expect(await target.query(`select name from ${DATABASE}.flat order by name`)).toEqual([['a'], ['b']]);
    expect(readFileSync(join(out, 'evidence.json'), 'utf8')).toContain('"verdict": "VERIFIED"');
  }, 120_000);

  it('refuses what is for plans of files', async () => {
    const { code, text } = await plan('--source', 'left.jsonl');
    expect([code, text]).toEqual([2, expect.stringContaining('--source is for plans of files')]);
  });
});
