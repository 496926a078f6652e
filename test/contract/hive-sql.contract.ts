/** What every HiveSql must do; run on both Hives of the lab. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEASURING_SETTINGS } from '@hiveferry/core';
import type { HiveSession, HiveSql } from '@hiveferry/ports';
import { TcpRelay } from '../support/tcp-relay.ts';

export interface HiveSqlStage {
  readonly host: string;
  readonly port: number;
  /** Another way to authenticate than the server's. */
  open(place: { readonly host: string; readonly port: number; readonly maxSessions: number; readonly acquireTimeoutMs?: number }): HiveSql;
  openWithWrongAuthentication(openTimeoutMs: number): HiveSql;
}

const DATABASE = 'ct_hive_sql';
/** Needs a job, so it runs for a second or more. */
const SLOW_QUERY = "select count(1) from (select explode(split(space(20000), ' ')) as x) t";

export function hiveSqlContract(title: string, stage: HiveSqlStage): void {
  describe(title, () => {
    const { host, port } = stage;
    let hive: HiveSql;
    let session: HiveSession;

    beforeAll(async () => {
      hive = stage.open({ host, port, maxSessions: 2 });
      session = await hive.openSession();
      await session.execute(`drop database if exists ${DATABASE} cascade`);
      await session.execute(`create database ${DATABASE}`);
    });
    afterAll(async () => {
      await session.execute(`drop database if exists ${DATABASE} cascade`);
      await hive.close();
    });

    it('gives cells as text with all digits', async () => {
      const sql =
        "select cast('9007199254740993' as bigint), cast('-9223372036854775807' as bigint), cast('12345678901234567890.10' as decimal(38,2)), " +
        "true, cast(-7 as tinyint), cast(300 as smallint), 70000, 1.5e0, cast('2024-02-29' as date), 'größe 日本', array(1,2)";
      expect(await session.query(sql)).toEqual([
        [
          '9007199254740993',
          '-9223372036854775807',
          expect.stringMatching(/^12345678901234567890\.10?$/),
          'true',
          '-7',
          '300',
          '70000',
          '1.5',
          '2024-02-29',
          'größe 日本',
          '[1,2]',
        ],
      ]);
    });

    it('opens sessions with the settings for counting, each as it was asked for', async () => {
      const counting = await hive.openSession({ settings: MEASURING_SETTINGS });
      try {
        for (const [key, value] of Object.entries(MEASURING_SETTINGS))
          expect(await counting.query(`set ${key}`)).toEqual([[`${key}=${value}`]]);
        // Substituted, it would be the empty text or the user's name.
        expect(await counting.query("select '${system:user.name}'")).toEqual([['${system:user.name}']]);
      } finally {
        await counting.close();
      }
    });

    it('tells null from empty text, also beyond eight rows', async () => {
      const rows = await session.query(
        "select if(pos % 3 = 0, cast(null as string), if(pos % 3 = 1, '', 'x')) from (select posexplode(split(space(19), ' ')) as (pos, val)) t",
      );
      expect(rows.map(([cell]) => cell)).toEqual(Array.from({ length: 20 }, (_, i) => [null, '', 'x'][i % 3]));
    });

    it('keeps columns of equal names apart', async () => {
      expect(await session.query('select a.x, b.x from (select 1 x) a cross join (select 2 x) b')).toEqual([['1', '2']]);
    });

    it('gives all rows of a result of several fetches', async () => {
      const rows = await session.query("select pos from (select posexplode(split(space(2499), ' ')) as (pos, val)) t");
      expect(rows.map(([cell]) => cell)).toEqual(Array.from({ length: 2500 }, (_, i) => String(i)));
    });

    it('gives no rows for a statement without a result', async () => {
      expect(await session.query(`create table if not exists ${DATABASE}.t (id int)`)).toEqual([]);
      expect(await session.query(`select * from ${DATABASE}.t`)).toEqual([]);
    });

    it('says in one line why a statement does not parse, and keeps the full text', async () => {
      const fault = await faultOf(session.execute('selec 1'));
      expect(fault).toMatchObject({ code: 'HIVE_STATEMENT_FAILED', detail: { errorCode: 40000, sqlState: '42000', statement: 'selec 1' } });
      expect(fault.message).toMatch(/refused the statement: ParseException line 1:0 .*'selec'/);
      expect(fault.message).not.toMatch(/Error while|\n/);
      expect(fault.detail['text']).toContain('Error while compiling statement');
    });

    it('says that a table is not there', async () => {
      const fault = await faultOf(session.query(`select * from ${DATABASE}.nosuch`));
      expect(fault).toMatchObject({ code: 'HIVE_STATEMENT_FAILED', detail: { errorCode: 10001, sqlState: '42S02' } });
      expect(fault.message).toContain('Table not found');
    });

    it('says why a statement fails while it runs', async () => {
      const fault = await faultOf(session.execute(`create external table ${DATABASE}.bad (id int) location 'nosuchscheme://x/y'`));
      expect(fault.code).toBe('HIVE_STATEMENT_FAILED');
      expect(fault.message).toMatch(/nosuchscheme/);
      expect(fault.message).not.toMatch(/return code|Error while/);
    });

    it('opens a session with its own settings', async () => {
      const other = await hive.openSession({
        settings: { 'hive.fetch.task.conversion': 'none', 'hive.compute.query.using.stats': 'false' },
      });
      expect(await other.query('set hive.fetch.task.conversion')).toEqual([['hive.fetch.task.conversion=none']]);
      expect(await session.query('set hive.fetch.task.conversion')).not.toEqual([['hive.fetch.task.conversion=none']]);
      await other.close();
    });

    it('ends a statement at its time limit, in whichever phase, and can go on', async () => {
      // 1 ms: while Hive compiles. The other: while the job runs, or on a busy machine still before.
      for (const timeoutMs of [1, 400]) {
        const slow = await hive.openSession();
        expect(await faultOf(slow.query(SLOW_QUERY, { timeoutMs }))).toMatchObject({ code: 'HIVE_TIMEOUT' });
        await slow.close();
      }
      const next = await hive.openSession();
      expect(await next.query('select 1')).toEqual([['1']]);
      await next.close();
    });

    it('ends a statement that is aborted', async () => {
      const other = await hive.openSession();
      const abort = new AbortController();
      const running = faultOf(other.query(SLOW_QUERY, { signal: abort.signal }));
      setTimeout(() => abort.abort(), 200);
      expect(await running).toMatchObject({ code: 'HIVE_STATEMENT_CANCELLED' });
      await other.close();
    });

    it('lets the next in line have a session when one closes', async () => {
      const narrow = stage.open({ host, port, maxSessions: 1 });
      const first = await narrow.openSession();
      const order: string[] = [];
      const waiting = ['second', 'third'].map(async (name) => {
        const opened = await narrow.openSession();
        order.push(name);
        await opened.close();
      });
      await first.close();
      await Promise.all(waiting);
      expect(order).toEqual(['second', 'third']);
      await narrow.close();
    });

    it('says when no session gets free in time', async () => {
      const narrow = stage.open({ host, port, maxSessions: 1, acquireTimeoutMs: 50 });
      await narrow.openSession();
      expect(await faultOf(narrow.openSession())).toMatchObject({
        code: 'HIVE_TIMEOUT',
        message: expect.stringContaining('waiting for one of 1 sessions') as string,
      });
      await narrow.close();
    });

    it('opens no session any more when it is closed meanwhile', async () => {
      const closing = stage.open({ host, port, maxSessions: 1 });
      const opening = faultOf(closing.openSession());
      await closing.close();
      expect(await opening).toMatchObject({ code: 'HIVE_CLOSED', retry: 'now' });
    });

    it('does not wait for ever for a server that authenticates in another way', async () => {
      const wrong = stage.openWithWrongAuthentication(1_500);
      const fault = await faultOf(wrong.openSession());
      expect(['HIVE_TIMEOUT', 'HIVE_UNREACHABLE']).toContain(fault.code);
      await wrong.close();
    });

    it('says that the connection was lost, and connects again for the next session', async () => {
      const relay = await TcpRelay.to(host, port);
      const relayed = stage.open({ host: '127.0.0.1', port: relay.port, maxSessions: 1 });
      const broken = await relayed.openSession();
      const running = faultOf(broken.query(SLOW_QUERY));
      setTimeout(() => relay.breakConnections(), 100);
      expect(await running).toMatchObject({ code: 'HIVE_UNREACHABLE' });
      expect(await faultOf(broken.query('select 1'))).toMatchObject({ code: 'HIVE_UNREACHABLE' });
      await broken.close();
      const next = await relayed.openSession();
      expect(await next.query('select 1')).toEqual([['1']]);
      await relayed.close();
      await relay.close();
    });
  });
}

interface Fault extends Error {
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const fault: unknown = await work.then(
    () => expect.fail('it did not fail'),
    (cause: unknown) => cause,
  );
  // The suite compares the rest; a fault of another shape fails there.
  return fault as Fault;
}
