import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase } from '../../../../test/support/postgres.ts';
import { TcpRelay } from '../../../../test/support/tcp-relay.ts';
import { until } from '../../../../test/support/until.ts';
import { openDataSource } from './data-source.ts';
import { databaseOf } from './sql.ts';

let test: Awaited<ReturnType<typeof createTestDatabase>>;
let open: DataSource[] = [];

beforeAll(async () => {
  test = await createTestDatabase(inject('postgresUrl'));
});
afterAll(async () => {
  for (const dataSource of open) await dataSource.destroy().catch(() => undefined);
  await test.drop();
});

async function aDatabase(options: { readonly url?: string; readonly statementTimeoutMs?: number; readonly noAnswerTimeoutMs?: number }) {
  const dataSource = await openDataSource({ url: test.url, poolSize: 1, ...options });
  open = [...open, dataSource];
  return databaseOf(dataSource);
}

describe('statements', () => {
  it('that wait too long for a lock are ended by the server, and the connection serves the next', async () => {
    const { sql } = await aDatabase({ statementTimeoutMs: 2_000 });
    await expect(sql.rows('select pg_sleep(60)')).rejects.toThrow(/statement timeout/);
    expect(await sql.rows('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('that get no answer at all are given up with their connection, and another one is opened', async () => {
    const { hostname, port } = new URL(test.url);
    const relay = await TcpRelay.to(hostname, Number(port));
    const through = new URL(test.url);
    through.host = `127.0.0.1:${String(relay.port)}`;
    const database = await aDatabase({ url: through.href, statementTimeoutMs: 4_000, noAnswerTimeoutMs: 5_000 });
    await database.sql.rows('select 1');
    relay.hold();
    const startedAtMs = performance.now();
    await expect(database.transaction((sql) => sql.rows('select 1'))).rejects.toThrow(/read timeout/);
    expect(performance.now() - startedAtMs).toBeLessThan(60_000);
    relay.release();
    expect(await database.sql.rows('select 2 as two')).toEqual([{ two: 2 }]);
    await relay.close();
  });
});

describe('a statement that is alone', () => {
  it('is repeated when a deadlock was ended by ending it', async () => {
    const { sql } = await aDatabase({});
    await sql.rows(`create table locked (id integer primary key, writer text)`);
    await sql.rows(`insert into locked select n from generate_series(1, 2) n`);
    const held = await openDataSource({ url: test.url, poolSize: 1 });
    open = [...open, held];
    const runner = held.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`set local deadlock_timeout = '60s'`);
    await runner.query(`update locked set writer = 'the other' where id = 1`);
    const alone = sql.rows(
      `with second as (update locked set writer = 'alone' where id = 2 returning id) update locked set writer = 'alone' from second where locked.id = 1`,
    );
    await until(async () => (await runner.query(`select from pg_locks where not granted`, [], true)).records.length > 0);
    await runner.query(`update locked set writer = 'the other' where id = 2`);
    await runner.commitTransaction();
    await runner.release();
    await alone;
    expect(await held.query(`select id, writer from locked order by id`)).toEqual([1, 2].map((id) => ({ id, writer: 'alone' })));
  });
});

describe('work that is one transaction', () => {
  it('is undone as a whole when a part of it fails, whoever wrote it', async () => {
    const database = await aDatabase({});
    const write = (name: string): Promise<unknown> =>
      database.transaction((sql) => sql.rows(`insert into idempotency_key (key, request_hash) values ($1, '')`, [name]));
    const work = database.together(async () => {
      await write('one');
      await sleep(5);
      await database.sql.rows(`insert into idempotency_key (key, request_hash) values ('two', '')`);
      throw new Error('the last part fails');
    });
    await expect(work).rejects.toThrow('the last part fails');
    expect(await database.sql.rows('select key from idempotency_key')).toEqual([]);
  });
});
