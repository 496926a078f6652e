/** Sources that cannot be copied: each table says why, and every other table goes through. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableView } from '../../scripts/support/api-client.ts';
import { Hdfs } from '../support/hdfs.ts';
import { openStage, type Stage } from '../support/stage.ts';

const DATABASE = 'flt';
const TABLES = ['directory_deleted', 'file_unreadable', 'target_taken', 'good_one', 'good_two', 'good_three'];

describe('sources that cannot be copied', () => {
  let stage: Stage;
  let runId: string;
  let tables: ReadonlyMap<string, TableView>;

  beforeAll(async () => {
    stage = await openStage('faults');
    await stage.dropDatabases([DATABASE]);
    await createSource(stage);
    const run = await stage.migrate({ databases: [DATABASE] });
    runId = run.id;
    tables = await tablesOf(stage, run.id);
  }, 600_000);

  afterAll(async () => {
    await stage.dropDatabases([DATABASE]);
    await stage.close();
  });

  it('says of a table whose directory was deleted which directory is missing', () => {
    const table = tables.get('directory_deleted');
    expect(table?.state).toBe('FAILED');
    expect(table?.failure?.code).toBe('FILE_NOT_FOUND');
    expect(table?.failure?.message).toContain(`/data/${DATABASE}/directory_deleted`);
  });

  it('says of a table with an unreadable file who may not read what', () => {
    const table = tables.get('file_unreadable');
    expect(table?.state).toBe('FAILED');
    expect(table?.failure?.code).toBe('DISTCP_ACCESS_DENIED');
    expect(table?.failure?.message).toContain('secret.txt');
  });

  it("keeps its hands off a target directory that holds somebody else's files", async () => {
    const table = tables.get('target_taken');
    expect(table?.state).toBe('FAILED');
    expect(table?.failure?.code).toBe('TARGET_NOT_EMPTY');
    expect(table?.failure?.message).toContain('precious.txt');
    const kept = await new Hdfs(stage.lab.clusters.target.hdfs).read(`/data/${DATABASE}/target_taken/a.txt`);
    expect(new TextDecoder().decode(kept)).toBe('the only copy\n');
  });

  it('publishes no table whose data did not arrive', async () => {
    const rows = await stage.target.query(`show tables in ${DATABASE}`);
    expect(rows.map((row) => row[0]).sort()).toEqual(['good_one', 'good_three', 'good_two']);
  });

  it.each(['good_one', 'good_two', 'good_three'])('moves %s all the same', (name) => {
    expect(tables.get(name)?.state).toBe('VERIFIED');
  });

  it('ends the run INCOMPLETE', async () => {
    expect((await stage.api.run(runId)).state).toBe('INCOMPLETE');
  });

  it('resumes to VERIFIED when the causes are removed', async () => {
    const hdfs = new Hdfs(stage.lab.clusters.source.hdfs);
    await hdfs.write(`/data/${DATABASE}/directory_deleted/a.txt`, 'a,1\n');
    await hdfs.setPermission(`/data/${DATABASE}/file_unreadable/secret.txt`, '644');
    await new Hdfs(stage.lab.clusters.target.hdfs).remove(`/data/${DATABASE}/target_taken`);
    await stage.api.waitFor(await stage.api.command(runId, 'resume'));
    const states = [...(await tablesOf(stage, runId)).values()].map((table) => table.state);
    expect(states).toEqual(TABLES.map(() => 'VERIFIED'));
    expect((await stage.api.run(runId)).state).toBe('SUCCEEDED');
  });
});

async function createSource(stage: Stage): Promise<void> {
  const { hdfs: side } = stage.lab.clusters.source;
  const hdfs = new Hdfs(side);
  await stage.source.execute(`create database ${DATABASE}`);
  for (const name of TABLES) {
    await stage.source.execute(
      `create external table ${DATABASE}.${name} (name string, n int) row format delimited fields terminated by ',' ` +
        `location '${side.namespace}/data/${DATABASE}/${name}'`,
    );
    await hdfs.write(`/data/${DATABASE}/${name}/a.txt`, 'a,1\nb,2\n');
  }
  const target = new Hdfs(stage.lab.clusters.target.hdfs);
  await target.write(`/data/${DATABASE}/target_taken/a.txt`, 'the only copy\n');
  await target.write(`/data/${DATABASE}/target_taken/precious.txt`, 'x\n');
  await hdfs.remove(`/data/${DATABASE}/directory_deleted`);
  await hdfs.write(`/data/${DATABASE}/file_unreadable/secret.txt`, 'c,3\n');
  await hdfs.setOwner(`/data/${DATABASE}/file_unreadable/secret.txt`, 'somebody');
  await hdfs.setPermission(`/data/${DATABASE}/file_unreadable/secret.txt`, '600');
}

async function tablesOf(stage: Stage, runId: string): Promise<ReadonlyMap<string, TableView>> {
  return new Map((await stage.api.tables(runId)).map((table) => [table.source.table, table]));
}
