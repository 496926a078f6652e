import { describe, expect, it } from 'vitest';
import { MigrationError } from '@hiveferry/core';
import type { HiveSql, Row } from '@hiveferry/ports';
import { createHiveMetastoreReader } from './hive.metastore-reader.ts';

type Answer = readonly Row[] | MigrationError;

/** Answers as each case needs them; statements that are not known are answered by nothing. */
function aHive(answer: (statement: string, session: number) => Answer | undefined): {
  readonly sql: HiveSql;
  readonly sessions: () => number;
} {
  let opened = 0;
  const sql: HiveSql = {
    openSession: async () => {
      opened += 1;
      const session = opened;
      const query = async (statement: string): Promise<readonly Row[]> => {
        const found = answer(statement, session) ?? [];
        if (found instanceof MigrationError) throw found;
        return found;
      };
      return {
        query,
        execute: async (statement) => {
          await query(statement);
        },
        close: async () => undefined,
      };
    },
    close: async () => undefined,
  };
  return { sql, sessions: () => opened };
}

const refused = (message: string, errorCode = 1): MigrationError =>
  new MigrationError('HIVE_STATEMENT_FAILED', message, {
    category: 'environment',
    retry: 'operator',
    subject: 'h:1',
    detail: { errorCode },
  });

const described = (name: string, more: object = {}): readonly Row[] => [
  [
    JSON.stringify({
      tableInfo: { dbName: 'db', tableName: name, tableType: 'EXTERNAL_TABLE', sd: { cols: [{ name: 'id', type: 'int' }] }, ...more },
    }),
  ],
];

const readerOf = (sql: HiveSql) => createHiveMetastoreReader(sql, { sessions: 1 });

describe('a metastore through HiveServer2', () => {
  it('gives all tables but the bad ones, and tells of these', async () => {
    const { sql } = aHive((statement) => {
      if (statement === 'show databases') return [['db']];
      return statement.includes('bad') ? refused('ClassNotFoundException: x.y.SerDe') : described(statement.split('`')[3] ?? '');
    });
    const told: string[] = [];
    const tables = await readerOf(sql).tables('db', ['a', 'bad', 'c'], {
      onUnreadable: ({ table }, { code }) => told.push(`${table} ${code}`),
    });
    expect(tables.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(told).toEqual(['bad METASTORE_TABLE_UNREADABLE']);
    await expect(readerOf(sql).tables('db', ['bad'])).rejects.toMatchObject({
      subject: 'db.bad',
      detail: { reason: expect.stringContaining('SerDe') as string },
    });
  });

  it('does not take a Hive that answers nothing for bad tables', async () => {
    const { sql } = aHive((statement) => (statement.startsWith('set ') ? undefined : refused('Could not connect to meta store')));
    const told: unknown[] = [];
    const reading = readerOf(sql).tables('db', ['a'], { onUnreadable: (name) => told.push(name) });
    await expect(reading).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
    expect(told).toEqual([]);
  });

  it('asks again in a new session when the server ended the old one', async () => {
    const asked: number[] = [];
    const { sql, sessions } = aHive((_, session) => (asked.push(session) === 2 ? refused('Invalid SessionHandle: x') : [['db']]));
    const reader = readerOf(sql);
    expect(await reader.databaseNames()).toEqual(['db']);
    expect(await reader.databaseNames()).toEqual(['db']);
    expect(sessions()).toBe(2);
  });

  it('reads what is printed for people when JSON is not allowed, and asks for JSON no more', async () => {
    const asked: string[] = [];
    const { sql } = aHive((statement) => {
      asked.push(statement.split(' ', 2).join(' '));
      if (statement.startsWith('set ')) return refused('Cannot modify hive.ddl.output.format at runtime');
      if (statement.startsWith('describe database')) return [['db', '', 'hdfs://h:1/db', '', 'etl', 'ROLE', '', '', '']];
      return statement.startsWith('show create') ? [['CREATE DATABASE `db`'], ['LOCATION'], ["  'hdfs://h:1/db'"]] : undefined;
    });
    const reader = readerOf(sql);
    const database = { name: 'db', locationUri: 'hdfs://h:1/db', owner: { name: 'etl', type: 'ROLE' }, parameters: {} };
    expect([await reader.database('db'), await reader.database('db')]).toEqual([database, database]);
    const texts = ['describe database', 'show create'];
    expect(asked).toEqual(['set hive.ddl.output.format=json', ...texts, ...texts]);
  });

  it('takes a text that it cannot read for a bad table', async () => {
    const { sql } = aHive((statement) => {
      if (statement.startsWith('set ')) return refused('Cannot modify hive.ddl.output.format at runtime');
      return statement.startsWith('describe') ? [['# Detailed Table Information', null, null]] : [['CREATE ODD `t`']];
    });
    await expect(readerOf(sql).tables('db', ['t'])).rejects.toMatchObject({
      code: 'METASTORE_TABLE_UNREADABLE',
      subject: 'db.t',
      detail: { reason: expect.stringContaining('SHOW CREATE TABLE cannot be read: line 1, column 8') as string },
    });
  });

  it('takes partition keys and sums, which Hive 3 puts into what it describes, out again', async () => {
    const keys = [{ name: 'dt', type: 'string' }];
    const sd = { cols: [{ name: 'id', type: 'int' }, ...keys] };
    const { sql } = aHive(() => described('t', { sd, partitionKeys: keys, parameters: { numRows: '7', EXTERNAL: 'TRUE' } }));
    const [table] = await readerOf(sql).tables('db', ['t']);
    expect(table).toMatchObject({ storage: { columns: [{ name: 'id', type: 'int' }] }, parameters: { EXTERNAL: 'TRUE' } });
    expect(Object.keys(table?.parameters ?? {})).not.toContain('numRows');
  });
});
