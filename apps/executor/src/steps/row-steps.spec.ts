import { MigrationError, attemptTables, planTable, stemOf } from '@hiveferry/core';
import type { StepKind, Table, TableName, TablePlan } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { aTable, fakeCluster, refusedByHive } from '../../../../test/support/fake-cluster.ts';
import type { FakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf, location } from '../../../../test/support/stores.ts';
import { cleanUp } from './clean-up.step.ts';
import { insertRows } from './insert-rows.step.ts';
import { publish } from './publish.step.ts';
import type { StepContext } from './step-handler.ts';
import { transferRows } from './transfer-rows.step.ts';

const STEP = '0b7f7e5e-0000-4000-8000-00000000002a';
const AT = location('hdfs://left:8020/warehouse/external/sales.db/orders/f');
const DESTINATION = location('hdfs://right:8020/warehouse/external/sales.db/orders');
const HELD = location(`hdfs://right:8020/warehouse/external/sales.db/.hiveferry-${stemOf(STEP)}7`);

let source: FakeCluster;
let target: FakeCluster;

beforeEach(() => {
  const working = ['hiveferry_preflight', 'hiveferry_transfer', 'sales'].map((name) => ({ name, parameters: {} }));
  source = fakeCluster(connectionOf('left', 3), { databases: working });
  target = fakeCluster(connectionOf('right', 4), { databases: working });
  source.files.putFile(AT, 3);
});

const acid = aTable('orders', { tableType: 'MANAGED_TABLE', parameters: { transactional: 'true' } });
/** Transactional tables stay so. */
const planOf = (table: Table): TablePlan =>
  planTable({
    source: { table, partitions: [] },
    neighbours: [],
    clusters: { source: source.facts, target: target.facts },
    settings: {
      strategy: 'SQL',
      proof: 'rows',
      transactionalTables: 'migrate',
      locationMap: [],
      allowedHazards: [],
      databasePrefix: '',
      distcp: {},
    },
  });

/** Fence 7 of the step, unless said otherwise. */
function contextOf(
  table: Table,
  {
    fence = '7',
    side = 'target',
    results = {},
  }: { readonly fence?: string; readonly side?: 'source' | 'target'; readonly results?: object } = {},
): StepContext {
  const step: Partial<ClaimedStep> = { stepId: STEP, fence, side, database: 'sales', table: 'orders', key: 'k' };
  const store: Partial<StepStore> = {
    plan: () => Promise.resolve({ plan: planOf(table), tableHash: '' }),
    results: (_table, kind: StepKind) => Promise.resolve(new Map([[kind, { ...resultOf('7'), ...results }]])),
  };
  // Only what the steps ask of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    source,
    target,
    store: store as StepStore,
    signal: new AbortController().signal,
    renew: () => Promise.resolve(),
  };
  return context as StepContext;
}

const resultOf = (fence: string): object => ({ stem: stemOf(STEP), attempt: `${stemOf(STEP)}${fence}`, location: HELD });

describe('publish', () => {
  it('renames what the accepted attempt inserted, and finds it done the second time', async () => {
    await target.files.makeDirectory(HELD);
    expect(await publish(contextOf(aTable('orders')))).toMatchObject({ result: { isRenamed: true } });
    expect(await publish(contextOf(aTable('orders'), { fence: '8' }))).toMatchObject({ result: { isRenamed: false } });
    expect(await target.files.status(DESTINATION)).toBeDefined();
  });

  it('moves nothing over files that came meanwhile, and asks a person', async () => {
    await target.files.makeDirectory(HELD);
    target.files.putFile(location(`${DESTINATION}/of-somebody`), 3);
    await expect(publish(contextOf(aTable('orders')))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY', retry: 'operator' });
    expect(await target.files.status(HELD)).toBeDefined();
  });

  it('says when the rows are gone', async () => {
    await expect(publish(contextOf(aTable('orders')))).rejects.toMatchObject({ code: 'ROWS_GONE' });
  });
});

/** The managed table of fence 7. */
const attempt = { database: 'hiveferry_preflight', table: `hiveferry_working_${stemOf(STEP)}7` };
const put = ({ database, table }: TableName): void =>
  target.metastore.putTable({ table: { ...acid, database, name: table }, partitions: [] });

describe('publish of a transactional table', () => {
  const final = { database: 'sales', table: 'orders' };
  const renamed = (): void => {
    target.metastore.dropTable(attempt);
    put(final);
  };

  beforeEach(() => {
    put(attempt);
    target.onStatement = async () => renamed();
  });

  it('renames the table of the accepted attempt, and finds it done the second time', async () => {
    expect(await publish(contextOf(acid))).toEqual({ result: { to: 'sales.orders', isRenamed: true } });
    expect(await publish(contextOf(acid, { fence: '8' }))).toEqual({ result: { to: 'sales.orders', isRenamed: false } });
    expect(target.statements).toEqual([`ALTER TABLE \`hiveferry_preflight\`.\`${attempt.table}\` RENAME TO \`sales\`.\`orders\``]);
  });

  it('finds it done when the rename of an executor that was stopped came in between', async () => {
    target.onStatement = (sql) => {
      renamed();
      return Promise.reject(refusedByHive(sql));
    };
    expect(await publish(contextOf(acid))).toMatchObject({ result: { isRenamed: false } });
  });

  it('takes no name that somebody took meanwhile', async () => {
    put(final);
    await expect(publish(contextOf(acid))).rejects.toMatchObject({ code: 'TARGET_APPEARED', retry: 'operator' });
    expect(target.statements).toEqual([]);
  });

  it('says that a directory without a table is in the way', async () => {
    target.onStatement = (sql) => Promise.reject(refusedByHive(sql));
    await target.files.makeDirectory(location(planOf(acid).rows?.destination ?? ''));
    await expect(publish(contextOf(acid))).rejects.toMatchObject({ code: 'TARGET_NOT_EMPTY', retry: 'operator' });
  });

  it('says when the rows are gone', async () => {
    target.metastore.dropTable(attempt);
    await expect(publish(contextOf(acid))).rejects.toMatchObject({ code: 'ROWS_GONE' });
  });

  it('says what Hive says of a rename that changed nothing, also where nobody else may look', async () => {
    target.onStatement = (sql) => Promise.reject(refusedByHive(sql));
    const facts = { category: 'environment', retry: 'operator', subject: 'warehouse' } as const;
    target.files.status = () => Promise.reject(new MigrationError('FILE_ACCESS_DENIED', 'Permission denied', facts));
    await expect(publish(contextOf(acid))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
  });
});

describe('insert-rows', () => {
  it('names nothing that another attempt names', async () => {
    await insertRows(contextOf(aTable('orders')));
    const first = target.statements.splice(0);
    await insertRows(contextOf(aTable('orders'), { fence: '8' }));
    expect(first).toHaveLength(3);
    expect(target.statements.filter((sql) => sql.includes(`${stemOf(STEP)}7`))).toEqual([]);
    expect(target.statements.every((sql) => sql.includes(`${stemOf(STEP)}8`))).toBe(true);
  });

  it('removes its own tables and directory when it fails, and no other', async () => {
    await target.files.makeDirectory(HELD);
    const other = location(HELD.replace(/7$/, '8'));
    await target.files.makeDirectory(other);
    target.onStatement = (sql) => (sql.includes('INSERT') ? Promise.reject(refusedByHive(sql)) : Promise.resolve());
    await expect(insertRows(contextOf(aTable('orders')))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
    expect(target.statements.slice(-2).map((sql) => sql.replaceAll(stemOf(STEP), ''))).toEqual([
      'DROP TABLE IF EXISTS `hiveferry_preflight`.`hiveferry_shadow_7`',
      'DROP TABLE IF EXISTS `hiveferry_preflight`.`hiveferry_working_7`',
    ]);
    expect(await target.files.status(HELD)).toBeUndefined();
    expect(await target.files.status(other)).toBeDefined();
    expect(await source.files.status(AT)).toBeDefined();
  });

  it('is to be done again when the source was written to meanwhile', async () => {
    target.onStatement = async (sql) => {
      if (sql.includes('INSERT')) source.files.putFile(location(`${AT}2`), 3);
    };
    await expect(insertRows(contextOf(aTable('orders')))).rejects.toMatchObject({ code: 'SOURCE_CHANGING', retry: 'later' });
  });

  it('reads the transfer that was reported, when there is one', async () => {
    target.onStatement = async (sql) => {
      if (sql.startsWith('CREATE TABLE')) put(attempt);
    };
    const { result } = await insertRows(contextOf(acid, { results: { location: 'hdfs://left:8020/reported' } }));
    expect(result).toMatchObject({ attempt: `${stemOf(STEP)}7`, location: acid.storage.location });
    expect(target.statements[0]).toContain(`LOCATION\n  'hdfs://left:8020/reported'`);
  });
});

describe('transfer-rows', () => {
  it('makes its database again when a clean-up took it between its look and its CREATE', async () => {
    const missing = new Set(['once']);
    source.onStatement = async (sql) => {
      if (!sql.includes('CREATE EXTERNAL') || !missing.delete('once')) return;
      source.metastore.database = (name) =>
        Promise.resolve(
          source.statements.some((each) => each.includes(`DATABASE IF NOT EXISTS \`${name}`)) ? { name, parameters: {} } : undefined,
        );
      throw refusedByHive(sql);
    };
    await transferRows(contextOf(acid, { side: 'source' }));
    expect(source.statements.map((sql) => sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'CREATE EXTERNAL',
      'CREATE DATABASE',
      'CREATE EXTERNAL',
      'FROM `sales`.`orders`',
    ]);
  });
});

describe('clean-up', () => {
  it('aborts what still writes to a managed table of an attempt, and nothing else', async () => {
    put(attempt);
    const lock = (database: string, table: string, transaction: string): readonly string[] => [
      '7.1',
      database,
      table,
      'NULL',
      'ACQUIRED',
      '',
      'SHARED_READ',
      transaction,
    ];
    target.onQuery = () => [
      lock(attempt.database, attempt.table, '12'),
      lock('sales', attempt.table, '13'),
      lock(attempt.database, 'other', '14'),
      lock(attempt.database, attempt.table, '0'),
    ];
    await cleanUp(contextOf(acid));
    expect(target.statements).toEqual([
      'SHOW LOCKS',
      'ABORT TRANSACTIONS 12',
      `DROP TABLE IF EXISTS \`${attempt.database}\`.\`${attempt.table}\``,
    ]);
  });

  it('finds a directory again that could not be removed the first time', async () => {
    const { rows } = planOf(aTable('orders'));
    if (rows === undefined || 'exports' in rows) throw new Error('the plan inserts no rows');
    const { working } = attemptTables(rows, `${stemOf(STEP)}8`);
    target.metastore.putTable({ table: working, partitions: [] });
    target.onStatement = async (sql) => {
      if (sql.startsWith('DROP TABLE')) target.metastore.dropTable({ database: working.database, table: working.name });
    };
    const directory = location(working.storage.location ?? '');
    await target.files.makeDirectory(directory);
    const remove = target.files.remove.bind(target.files);
    target.files.remove = () => Promise.reject(new Error('the NameNode does not answer'));
    await expect(cleanUp(contextOf(aTable('orders')))).rejects.toThrow('does not answer');
    target.files.remove = remove;
    await cleanUp(contextOf(aTable('orders')));
    expect(await target.files.status(directory)).toBeUndefined();
  });

  it('drops the tables of all attempts of the step with their directories, and leaves those of others', async () => {
    const { rows } = planOf(aTable('orders'));
    if (rows === undefined || 'exports' in rows) throw new Error('the plan inserts no rows');
    for (const attempt of [`${stemOf(STEP)}7`, `${stemOf(STEP)}8`, 'other_1']) {
      const { working } = attemptTables(rows, attempt);
      target.metastore.putTable({ table: working, partitions: [] });
      await target.files.makeDirectory(location(working.storage.location ?? ''));
    }
    expect(await cleanUp(contextOf(aTable('orders')))).toEqual({ result: { tables: 2 } });
    expect(target.statements.filter((sql) => sql.includes('other_1'))).toEqual([]);
    expect(await target.files.status(HELD)).toBeUndefined();
    expect(await target.files.status(location(HELD.replace(`${stemOf(STEP)}7`, 'other_1')))).toBeDefined();
  });
});
