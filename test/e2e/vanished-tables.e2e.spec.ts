/** A sync that may drop from the metastore of the target what its source lost: its own, within limits, as planned, and no file. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableDetail } from '@hiveferry/contracts';
import type { Run } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'vanished_sync';
const TABLES = ['guarded', 'kept', 'moved', 'old'];
const SYNC = { copy: { by: 'external' }, onExisting: 'sync', proof: 'files' };

describe('a sync that drops what vanished', () => {
  let stage: Stage;

  const plan = async (atMost: number): Promise<Run> =>
    await stage.plan({ databases: [DATABASE] }, { ...SYNC, vanished: { drop: true, atMost } });
  const outcomes = async ({ id }: Run): Promise<readonly unknown[]> =>
    (await stage.api.tables(id)).map(({ source, state, failure, issues }) => [
      source.table,
      state,
      failure?.code ?? issues.find(({ severity }) => severity === 'refusal')?.code,
    ]);
  const onTarget = async (): Promise<readonly unknown[]> => (await stage.target.query(`show tables in ${DATABASE}`)).flat();

  beforeAll(async () => {
    stage = await openStage('vanished');
    await stage.dropDatabases([DATABASE]);
    await makeTables(stage);
  }, 300_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('marks what it keeps', async () => {
    const run = await stage.api.execute(await plan(10));
    await stage.api.waitFor(run);
    expect((await stage.api.tables(run.runId)).map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'VERIFIED'));
    expect(await stage.target.query(`show tblproperties ${DATABASE}.old('hiveferry.source')`)).toEqual([
      ['hiveferry.source', `source@${stage.lab.clusters.source.hdfs.namespace}:${DATABASE}.old`],
    ]);
  });

  it('refuses to drop more than it may, with the numbers, and what owns its files', async () => {
    await loseTables(stage);
    const run = await plan(4);
    expect(await outcomes(run)).toEqual([
      ['guarded', 'REFUSED', 'VANISHED_OWNS_FILES'],
      ['kept', 'PLANNED', undefined],
      ['moved', 'REFUSED', 'VANISHED_TOO_MANY'],
      ['old', 'REFUSED', 'VANISHED_TOO_MANY'],
      ['old_names', 'REFUSED', 'VANISHED_TOO_MANY'],
    ]);
    const [text] = (await stage.api.tables(run.id)).flatMap(({ source, issues }) => (source.table === 'old' ? [issues[0]?.text] : []));
    expect(text).toContain(
      'none of 5 selected ones that stand on the target, of 6 there, whoever made them; nothing is dropped when they are more than 4',
    );
  });

  it('drops what the approved plan lists and is still the same, and no file; names what is not its own', async () => {
    const planned = await plan(10);
    expect((await detailOf(stage, planned, 'old')).hazards.map(({ code, allowed }) => [code, allowed])).toEqual([['TARGET_DROPPED', true]]);
    expect(JSON.stringify((await stage.api.send('GET', `/v1/runs/${planned.id}`)).body)).toContain(`left alone (${DATABASE}.theirs)`);
    await stage.target.execute(`alter table ${DATABASE}.moved set location '${placeIn(stage, 'target')}/elsewhere'`);
    await stage.api.waitFor(await stage.api.execute(planned));
    expect(await outcomes(planned)).toEqual([
      ['guarded', 'REFUSED', 'VANISHED_OWNS_FILES'],
      ['kept', 'VERIFIED', undefined],
      ['moved', 'FAILED', 'TARGET_CHANGED'],
      ['old', 'VERIFIED', undefined],
      ['old_names', 'VERIFIED', undefined],
    ]);
    expect(await onTarget()).toEqual(['guarded', 'kept', 'moved', 'theirs']);
    expect(await new Hdfs(stage.lab.clusters.target.hdfs).names(`/data/${DATABASE}/old`)).toEqual(['a.txt']);
  });

  it('drops nothing while the database of the source is empty', async () => {
    await stage.source.execute(`drop table ${DATABASE}.kept`);
    expect(await outcomes(await stage.migrate({ databases: [DATABASE] }, { ...SYNC, vanished: { drop: true, atMost: 1_000 } }))).toEqual([
      ['guarded', 'REFUSED', 'VANISHED_OWNS_FILES'],
      ['kept', 'REFUSED', 'SOURCE_DATABASE_EMPTY'],
      ['moved', 'REFUSED', 'SOURCE_DATABASE_EMPTY'],
    ]);
    expect(await onTarget()).toEqual(['guarded', 'kept', 'moved', 'theirs']);
  });

  it('is asked for by a sync, or refused', async () => {
    const { status, body } = await stage.api.send('POST', '/v1/migrations', {
      source: 'source',
      targets: ['target'],
      selection: { databases: [DATABASE] },
      vanished: { drop: true },
    });
    expect([status, JSON.stringify(body)]).toEqual([expect.any(Number), expect.stringContaining('SETTING_NOT_USED')]);
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

const placeIn = ({ lab }: Stage, side: 'source' | 'target'): string => `${lab.clusters[side].hdfs.namespace}/data/${DATABASE}`;

async function detailOf({ api }: Stage, { id }: Run, table: string): Promise<TableDetail> {
  return TableDetail.parse((await api.send('GET', `/v1/runs/${id}/tables/${DATABASE}/${table}`)).body);
}

/** The files are on both sides already. */
async function makeTables(stage: Stage): Promise<void> {
  const { source, target, lab } = stage;
  await source.execute(`create database ${DATABASE}`);
  for (const table of TABLES) {
    for (const side of ['source', 'target'] as const)
      await new Hdfs(lab.clusters[side].hdfs).write(`/data/${DATABASE}/${table}/a.txt`, 'x\n');
    await source.execute(`create external table ${DATABASE}.${table} (name string) location '${placeIn(stage, 'source')}/${table}'`);
  }
  await source.execute(`create view ${DATABASE}.old_names as select name from ${DATABASE}.old`);
  await target.execute(`create database ${DATABASE}`);
  await target.execute(`create external table ${DATABASE}.theirs (name string) location '${placeIn(stage, 'target')}/theirs'`);
}

async function loseTables({ source, target }: Stage): Promise<void> {
  await source.execute(`drop view ${DATABASE}.old_names`);
  for (const table of ['guarded', 'moved', 'old']) await source.execute(`drop table ${DATABASE}.${table}`);
  await target.execute(`alter table ${DATABASE}.guarded set tblproperties ('external.table.purge'='true')`);
}
