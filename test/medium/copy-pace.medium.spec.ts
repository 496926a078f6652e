import type { INestApplicationContext } from '@nestjs/common';
import type { DistCpRequest } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { limitsOf } from '../../apps/executor/src/executor-options.ts';
import { aTable, fakeCluster, fakeGateway } from '../support/fake-cluster.ts';
import type { FakeCluster } from '../support/fake-cluster.ts';
import { startFerry } from '../support/ferry-process.ts';
import { aSpec, connectionOf, location, openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { until as waitUntil } from '../support/until.ts';

const GIB = 1024 ** 3;
const SIZES: Readonly<Record<string, number>> = { huge: 4096 * GIB, large: 40 * GIB, middle: GIB, small: 1000 };
const sales = { name: 'sales', parameters: {} };

let stores: TestStores;
let left: FakeCluster;
let right: FakeCluster;
let ferry: INestApplicationContext;
const asked: DistCpRequest[] = [];

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  asked.length = 0;
  const tables = Object.entries(SIZES).map(([name, bytes]) => ({
    table: { ...aTable(name), parameters: { totalSize: String(bytes), numFiles: '400' } },
    partitions: [],
  }));
  left = fakeCluster(connectionOf('left', 3), { databases: [sales], tables });
  for (const name of Object.keys(SIZES)) left.files.putFile(location(`hdfs://left:8020/warehouse/external/sales.db/${name}/f`), 10, 5);
  right = fakeCluster(connectionOf('right', 4), { databases: [sales, { name: 'hiveferry_preflight', parameters: {} }], copiesFrom: left });
  right.onCopy = (request) => {
    asked.push(request);
    return Promise.resolve();
  };
  await stores.runs.putCluster('left', connectionOf('left', 3), {});
  await stores.runs.putCluster('right', connectionOf('right', 4), {});
  ferry = await startFerry(stores, fakeGateway([left, right]), { limits: limitsOf({ sql: 1, copy: 1, measure: 1 }) });
});
afterEach(async () => {
  await ferry.close();
  await stores.drop();
});

describe('copies', () => {
  it('have places by their size, those of a large one higher, and run within their share of the link', async () => {
    const distcp = { slots: 2, maxMappers: 10, maxMbPerSecond: 100, bandwidthMbPerMapper: 15, queue: 'root.night' };
    await stores.runs.createMigration(aSpec({ distcp }), { executeAfterPlan: true });
    await until(() => Promise.resolve(asked.length === Object.keys(SIZES).length));
    const rows = await stores.rows<{ table: string }>(`select table_name as table from step where kind = 'copy' order by position desc`);
    expect(rows.map(({ table }) => table)).toEqual(['huge', 'large', 'middle', 'small']);
    const links = Object.fromEntries(asked.map(({ subject, link }) => [subject, link]));
    expect(links['sales.huge']).toEqual({ mappers: 5, bandwidthMbPerMapper: 10, queue: 'root.night' });
    expect(links['sales.small']).toEqual({ mappers: 4, bandwidthMbPerMapper: 12, queue: 'root.night' });
  });

  it('are no more at a time than the request has slots, whatever the places of executors', async () => {
    await ferry.close();
    ferry = await startFerry(stores, fakeGateway([left, right]), { limits: limitsOf({ sql: 1, copy: 4, measure: 1 }) });
    const released = Promise.withResolvers<undefined>();
    right.onCopy = async (request) => {
      asked.push(request);
      await released.promise;
    };
    await stores.runs.createMigration(aSpec({ distcp: { slots: 2 } }), { executeAfterPlan: true });
    const waiting = `select from step where kind = 'copy' and state = 'WAITING' and failure ->> 'code' = 'COPY_SLOTS_TAKEN'`;
    await until(async () => asked.length >= 2 && (await stores.rows(waiting)).length === 2);
    expect(asked).toHaveLength(2);
    released.resolve(undefined);
    await until(() => Promise.resolve(asked.length === Object.keys(SIZES).length));
    expect(await stores.rows(`select distinct tries from step where kind = 'copy'`)).toEqual([{ tries: 0 }]);
  });

  it('wait while the time window is closed, say until when, and end with their run', async () => {
    const window = { opens: timeIn(2), closes: timeIn(3) };
    const { runId } = await stores.runs.createMigration(aSpec({ distcp: { window } }), { executeAfterPlan: true });
    const count = async (): Promise<number> => (await stores.rows(`select from step where kind = 'copy' and state = 'WAITING'`)).length;
    await until(async () => (await count()) === Object.keys(SIZES).length);
    const source = { database: 'sales', table: 'small' };
    const waiting = (await stores.runs.steps(runId, 'right', source)).find(({ key }) => key === 'copy-1');
    expect(waiting).toMatchObject({ state: 'WAITING', failure: { code: 'COPY_WINDOW_CLOSED' } });
    const inMinutes = (Date.parse(waiting?.waitsUntil ?? '') - Date.now()) / 60_000;
    expect([inMinutes > 58, inMinutes < 121, asked]).toEqual([true, true, []]);
    await stores.runs.cancelRun(runId);
    await until(async () => (await stores.runs.run(runId))?.state === 'CANCELLED');
  });
});

/** The time of day in so many hours, UTC. */
function timeIn(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
}

const until = (isSo: () => Promise<boolean>): Promise<boolean> =>
  waitUntil(isSo, { state: () => stores.rows('select key, state, attempt, failure from step') });
