import type { INestApplicationContext } from '@nestjs/common';
import { describeIssue } from '@hiveferry/core';
import type { MigrationSpec } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { runUntil } from '../support/until.ts';

const DATABASES = [
  { name: 'sales', parameters: {} },
  { name: 'hr', parameters: {} },
];
const NAMES = ['kept', 'old', 'older', 'theirs'];

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let ferry: INestApplicationContext | undefined;

/** As a sync would have left them; `theirs` is of another source that has the same name. */
function standing(database: string) {
  return NAMES.map((name) => {
    const source = name === 'theirs' ? 'far' : 'left';
    const parameters = {
      EXTERNAL: 'TRUE',
      bucketing_version: '2',
      'external.table.purge': 'false',
      'hiveferry.source': `left@hdfs://${source}:8020:${database}.${name}`,
    };
    return { table: aTable(name, { database, parameters }), partitions: [] };
  });
}

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  const kept = DATABASES.map(({ name }) => ({ table: aTable('kept', { database: name }), partitions: [] }));
  left = fakeCluster(connectionOf('left', 3), { databases: DATABASES, tables: kept });
  right = fakeCluster(connectionOf('right', 4), { databases: DATABASES, tables: DATABASES.flatMap(({ name }) => standing(name)) });
  right.onStatement = async (sql) => {
    const [, database = '', table = ''] = /^DROP TABLE IF EXISTS `(\w+)`\.`(\w+)`$/.exec(sql) ?? [];
    right.metastore.dropTable({ database, table });
  };
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
  ferry = await startFerry(stores, fakeGateway([left, right]));
});
afterEach(async () => {
  await ferry?.close();
  await stores.drop();
});

async function sync(changes: Partial<MigrationSpec>): Promise<readonly (readonly [string, string, string | undefined])[]> {
  const selection = { databases: DATABASES.map(({ name }) => name) };
  const spec = aSpec({ strategy: 'LINKED', proof: 'metadata', onExisting: 'sync', selection, ...changes });
  const { runId } = await stores.runs.createMigration(spec, { executeAfterPlan: true });
  await runUntil(stores, runId, ({ state }) => ['SUCCEEDED', 'INCOMPLETE', 'FAILED'].includes(state));
  const { items } = await stores.runs.tables({ runId, pageSize: 100 });
  return items.map(({ source, state, issues }) => [
    `${source.database}.${source.table}`,
    state,
    issues.find(({ severity }) => severity === 'refusal')?.code,
  ]);
}

async function there(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name } of DATABASES)
    for await (const page of right.metastore.tableNames(name)) found.push(...page.map((table) => `${name}.${table}`));
  return found;
}

const all = DATABASES.flatMap(({ name }) => NAMES.map((table) => `${name}.${table}`));

describe('what the source lost', () => {
  it('is left alone when nobody says that it may go', async () => {
    expect(await sync({})).toEqual([
      ['hr.kept', 'VERIFIED', undefined],
      ['sales.kept', 'VERIFIED', undefined],
    ]);
    expect(await there()).toEqual(all);
  });

  it('goes from all databases of a run, but for what is not selected or is not its own', async () => {
    const selection = { databases: DATABASES.map(({ name }) => name), excludeTables: ['older'] };
    expect(await sync({ selection, vanished: { atMost: 4 } })).toEqual([
      ['hr.kept', 'VERIFIED', undefined],
      ['hr.old', 'VERIFIED', undefined],
      ['sales.kept', 'VERIFIED', undefined],
      ['sales.old', 'VERIFIED', undefined],
    ]);
    expect(await there()).toEqual(all.filter((name) => !name.endsWith('.old')));
    const rows = await stores.rows<{ issues: readonly { code: string; severity: 'note'; subject: string; detail: object }[] }>(
      `select plan -> 'issues' as issues from run_database order by database`,
    );
    const notes = rows.flatMap(({ issues }) => issues.filter(({ code }) => code === 'VANISHED_LEFT_ALONE'));
    expect(notes.map((one) => describeIssue({ ...one, detail: { ...one.detail } }).text)).toEqual([
      'The source does not have them, and no sync of it marked them: 1 objects of hr are left alone (hr.theirs).',
      'The source does not have them, and no sync of it marked them: 1 objects of sales are left alone (sales.theirs).',
    ]);
  });

  it.each<[string, MigrationSpec['vanished'], Partial<MigrationSpec['selection']>]>([
    ['in number', { atMost: 5 }, {}],
    ['of all', { atMost: 100, atMostPercent: 74 }, {}],
    ['of what is selected', { atMost: 100, atMostPercent: 99 }, { excludeTables: ['kept'] }],
  ])(
    'stays when all databases of the run lost too many %s, with what is not its own',
    async (_title, vanished = { atMost: 0 }, more = {}) => {
      const selection = { databases: DATABASES.map(({ name }) => name), ...more };
      expect((await sync({ selection, vanished })).filter(([, , code]) => code === 'VANISHED_TOO_MANY').map(([name]) => name)).toEqual([
        'hr.old',
        'hr.older',
        'sales.old',
        'sales.older',
      ]);
      expect(await there()).toEqual(all);
    },
  );

  it('stays while its database of the source is empty; that of another database goes', async () => {
    left.metastore.dropTable({ database: 'hr', table: 'kept' });
    expect((await sync({ vanished: { atMost: 100 } })).map(([name, , code]) => [name, code])).toEqual([
      ['hr.kept', 'SOURCE_DATABASE_EMPTY'],
      ['hr.old', 'SOURCE_DATABASE_EMPTY'],
      ['hr.older', 'SOURCE_DATABASE_EMPTY'],
      ['sales.kept', undefined],
      ['sales.old', undefined],
      ['sales.older', undefined],
    ]);
    expect(await there()).toEqual(all.filter((name) => !name.startsWith('sales.old')));
  });
});
