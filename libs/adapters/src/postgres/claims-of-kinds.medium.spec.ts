import type { ClaimedStep } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';

let stores: TestStores;

/** Five tables are to be looked at, and four others to be created. */
beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  await anExecutingRun(
    stores,
    Array.from({ length: 9 }, (_, index) => aPlan(`t${String(index)}`)),
  );
  for (const limit of [1, 4]) for (const step of await claim(stores, { limit })) await stores.steps.complete(step, { result: {} });
});
afterEach(() => stores.drop());

const KINDS = ['preflight', 'create-table'] as const;
const kindsOf = (steps: readonly ClaimedStep[]): readonly string[] => steps.map(({ kind }) => kind).toSorted();

it('has as many steps of all kinds together as there are places, later ones first', async () => {
  expect(kindsOf(await claim(stores, { kinds: KINDS, limit: 3 }))).toEqual(['create-table', 'create-table', 'create-table']);
  expect(kindsOf(await claim(stores, { kinds: KINDS, limit: 3 }))).toEqual(['create-table', 'preflight', 'preflight']);
});

it('has as many steps of all quick kinds together as there are places and are wanted ahead', async () => {
  const room = { cluster: 'right', target: 'right', taken: 1, ahead: { kinds: KINDS, limit: 3 } };
  const first = await claim(stores, { kinds: KINDS, limit: 3, rooms: [room] });
  expect(kindsOf(first)).toEqual(['create-table', 'create-table', 'create-table', 'create-table', 'preflight']);
});
