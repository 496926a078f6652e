import { STEP_KINDS } from '@hiveferry/core';
import type { ClaimRequest, ClaimedStep, LinkRoom } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { ReadyClaims } from './ready-claims.ts';
import { databaseOf } from './sql.ts';
import type { Database, Sql } from './sql.ts';

let stores: TestStores;
let database: Database;
let nowMs: number;
let nameOf: ReadonlyMap<string, string>;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  database = databaseOf(stores.dataSource);
  nowMs = 1_000;
});
afterEach(() => stores.drop());

const RIGHT = { cluster: 'right', target: 'right', taken: 0 };
const ahead = (limit: number): Required<LinkRoom>['ahead'] => ({ kinds: ['preflight'], limit });
const wanting = (count: number): ClaimRequest => requestOf([{ ...RIGHT, ahead: ahead(count - 1) }]);
const requestOf = (rooms: readonly LinkRoom[]): ClaimRequest => ({
  owner: 'test-executor',
  limit: 1,
  leaseMs: 30_000,
  kinds: STEP_KINDS,
  isOfRooms: true,
  rooms,
});
const claimsOf = (sql: Sql = database.sql): ReadyClaims => new ReadyClaims(sql, () => nowMs);
const namesOf = (steps: readonly ClaimedStep[]): string =>
  steps
    .map(({ stepId }) => nameOf.get(stepId))
    .toSorted()
    .join(' ');
const stepOf = (steps: readonly ClaimedStep[], name: string): ClaimedStep =>
  steps.find(({ stepId }) => nameOf.get(stepId) === name) ?? expect.fail(`${name} is not there`);

/** Steps that look at tables are READY; they are named in the order of their queue. */
async function readySteps(names: string): Promise<void> {
  await readyTables(names.split(' ').length);
  const rows = await stores.rows<{ id: string }>('select step_id as id from ready_step order by position desc, step_id');
  nameOf = new Map(rows.map(({ id }, index) => [id, names.split(' ')[index] ?? '']));
}

async function readyTables(count: number): Promise<void> {
  await anExecutingRun(
    stores,
    Array.from({ length: count }, (_, index) => aPlan(`t${String(index)}`)),
  );
  for (const step of await claim(stores)) await stores.steps.complete(step, { result: {} });
}

async function change(names: string, column: 'position' | 'cluster', value: string | number): Promise<void> {
  const ids = [...nameOf].flatMap(([id, name]) => (names.split(' ').includes(name) ? [id] : []));
  await stores.rows(`update ready_step set ${column} = $2 where step_id = any($1)`, [ids, value]);
  await stores.rows(`update step set ${column} = $2 where id = any($1)`, [ids, value]);
}

/** Rows of the queue that each statement looked at, also those that it could not see. */
function countingReads(): { readonly sql: Sql; readonly reads: number[] } {
  const reads: number[] = [];
  const rows: Sql['rows'] = (statement, parameters) =>
    database.transaction(async (sql) => {
      const readSoFar = async (): Promise<number> => {
        const [row] = await sql.rows<{ read: string }>(`select pg_stat_get_xact_tuples_returned('ready_step_queue'::regclass) as read`);
        return Number(row?.read);
      };
      const before = await readSoFar();
      const result = await sql.rows(statement, parameters);
      reads.push((await readSoFar()) - before);
      return result as never;
    });
  return { sql: { rows }, reads };
}

it('passes over no row that was taken, while a transaction can see them still', async () => {
  await readyTables(600);
  await stores.rows('analyze ready_step');
  const backup = stores.dataSource.createQueryRunner();
  await backup.startTransaction('REPEATABLE READ');
  await backup.query('select count(*) from ready_step');
  const { sql, reads } = countingReads();
  const claims = claimsOf(sql);
  const request = { ...wanting(100), kinds: ['preflight'] as const };
  for (let round = 0; round < 3; round += 1) expect(await claims.claim(request)).toHaveLength(100);
  nowMs += 500;
  expect(await claims.claim(request)).toHaveLength(100);
  await backup.rollbackTransaction();
  await backup.release();
  expect(reads).toEqual([100, 100, 100, 400]);
});

it('has a step that was given back half a second later at the latest, while there are others', async () => {
  await readySteps('a b c d e f g h i j');
  const claims = claimsOf();
  const first = await claims.claim(wanting(3));
  expect(namesOf(first)).toBe('a b c');
  await stores.steps.giveBack(stepOf(first, 'b'));
  nowMs += 499;
  expect(namesOf(await claims.claim(wanting(3)))).toBe('d e f');
  nowMs += 1;
  expect(namesOf(await claims.claim(wanting(3)))).toBe('b g h');
});

it('has a step that goes first half a second later at the latest', async () => {
  await readySteps('a b c d e f g h');
  const claims = claimsOf();
  expect(namesOf(await claims.claim(wanting(2)))).toBe('a b');
  await change('h', 'position', 9_000);
  expect(namesOf(await claims.claim(wanting(2)))).toBe('c d');
  nowMs += 500;
  expect(namesOf(await claims.claim(wanting(2)))).toBe('e h');
});

it('looks from the start at once for what it lacks, and each step has the fence of its claim', async () => {
  await readySteps('a b c d e f');
  const claims = claimsOf();
  const first = await claims.claim(wanting(3));
  await stores.steps.giveBack(stepOf(first, 'b'));
  await stores.steps.giveBack(stepOf(first, 'c'));
  const steps = await claims.claim(wanting(4));
  expect(namesOf(steps)).toBe('b d e f');
  expect(stepOf(steps, 'b').fence).not.toBe(stepOf(steps, 'd').fence);
  for (const step of steps) await stores.steps.complete(step, { result: {} });
});

it('asks once for the rest where a queue was found empty', async () => {
  await readySteps('a b c');
  const { sql, reads } = countingReads();
  const claims = claimsOf(sql);
  const statements: number[] = [];
  for (const count of [2, 2, 2]) {
    await claims.claim(wanting(count));
    statements.push(reads.splice(0).length);
  }
  expect(statements).toEqual([1, 2, 1]);
});

it('keeps the order of the queue from one position to the next', async () => {
  await readySteps('a b c d e f g h');
  await change('e f g h', 'position', 9_000);
  const claims = claimsOf();
  const names: string[] = [];
  for (let round = 0; round < 3; round += 1) names.push(namesOf(await claims.claim(wanting(3))));
  expect(names).toEqual(['e f g', 'a b h', 'c d']);
});

it('locks no rows of the next position where there are enough of this one', async () => {
  await readySteps('a b c d e f g h');
  await change('a b c d', 'position', 9_000);
  await database.transaction(async (sql) => {
    const claims = claimsOf(sql);
    await claims.claim(wanting(2));
    expect(namesOf(await claims.claim(wanting(2)))).toBe('c d');
    expect(namesOf(await claim(stores))).toBe('e f g h');
  });
});

it('reads from the start what is not wanted ahead', async () => {
  await readySteps('a b c d');
  const claims = claimsOf();
  const first = await claims.claim(wanting(2));
  await stores.steps.giveBack(stepOf(first, 'a'));
  expect(namesOf(await claims.claim(requestOf([RIGHT])))).toBe('a');
});

it('takes of each link what it wants, and no more where another one lacks some', async () => {
  await readySteps('a b c d e f g h i j k l m n o p');
  await change('i j k l m n', 'cluster', 'left');
  await change('o p', 'cluster', 'elsewhere');
  await stores.rows(`update migration set spec = jsonb_set(spec, '{source}', '"elsewhere"'), source = 'elsewhere'`);
  const claims = claimsOf();
  const rooms = [
    { ...RIGHT, ahead: ahead(5) },
    { ...RIGHT, cluster: 'left', ahead: ahead(1) },
  ];
  const first = await claims.claim(requestOf(rooms));
  expect(namesOf(first)).toBe('a b c d e f i j');
  await stores.steps.giveBack(stepOf(first, 'c'));
  const second = await claims.claim({ ...requestOf(rooms), isOfRooms: false });
  expect(namesOf(second)).toBe('c g h k l o');
});

it('gives no step to two executors that read on side by side, and leaves none', async () => {
  await readyTables(60);
  const work = async (claims: ReadyClaims): Promise<readonly ClaimedStep[]> => {
    const all: ClaimedStep[] = [];
    for (let steps = await claims.claim(wanting(7)); steps.length > 0; steps = await claims.claim(wanting(7))) all.push(...steps);
    return all;
  };
  const taken = (await Promise.all([work(claimsOf()), work(claimsOf())])).flat();
  const ids = taken.map(({ stepId }) => stepId);
  expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  expect(await stores.rows('select from ready_step')).toEqual([]);
});

it('keeps what it took when Postgres fails where it looks for the rest', async () => {
  await readySteps('a b c');
  let isBroken = false;
  let calls = 0;
  const rows: Sql['rows'] = (statement, parameters) => {
    calls += 1;
    return isBroken && calls > 1 ? Promise.reject(new Error('no answer')) : database.sql.rows(statement, parameters);
  };
  const claims = claimsOf({ rows });
  await claims.claim(wanting(2));
  [isBroken, calls] = [true, 0];
  expect(namesOf(await claims.claim(wanting(2)))).toBe('c');
  calls = 0;
  await expect(claims.claim(wanting(2))).rejects.toThrow('no answer');
});
