import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { databaseOf } from './sql.ts';
import { readyUnblocked } from './step-graph.sql.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterEach(() => stores.drop());

it('keeps a step that becomes READY while a claim takes off the row that it left behind', async () => {
  const { runId } = await anExecutingRun(stores, []);
  await stores.rows(`update step set state = 'BLOCKED'`);
  const page = { runId, target: 'right', after: { database: '', tableName: '' }, through: undefined };
  await databaseOf(stores.dataSource).transaction(async (sql) => {
    expect(await readyUnblocked(sql, page)).toHaveLength(1);
    expect(await claim(stores)).toEqual([]);
  });
  expect(await claim(stores)).toHaveLength(1);
});
