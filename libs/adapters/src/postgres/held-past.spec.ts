import { expect, it } from 'vitest';
import { HeldPast } from './held-past.ts';
import type { Sql } from './sql.ts';

/** Numbers that were looked from; the first message of another topic is always the same. */
function looks(first: number): { readonly sql: Sql; readonly from: number[] } {
  const from: number[] = [];
  const rows = (_text: string, parameters: readonly unknown[] = []): Promise<readonly unknown[]> => {
    from.push(Number(parameters[1]));
    return Promise.resolve([{ first: String(first) }]);
  };
  // Only its rows are asked.
  return { sql: { rows } as Sql, from };
}

it('passes by what is held, but for the last of it, where something may be committed late', async () => {
  const past = new HeldPast(() => 1);
  const { sql, from } = looks(300_000);
  expect(await past.from(sql, ['lake'])).toBe(290_000);
  expect(await past.from(sql, ['lake'])).toBe(290_000);
  expect(from).toEqual([0, 290_000]);
});

it('looks at all again when another topic is held, or one is no more, and now and then', async () => {
  let now = 1;
  const past = new HeldPast(() => now);
  const { sql, from } = looks(300_000);
  await past.from(sql, ['lake']);
  await past.from(sql, ['lake', 'right']);
  await past.from(sql, ['right', 'lake']);
  await past.from(sql, ['lake']);
  now += 10_000;
  await past.from(sql, ['lake']);
  expect(from).toEqual([0, 0, 290_000, 0, 0]);
});

it('asks nothing when nothing is held', async () => {
  const { sql, from } = looks(1);
  expect([await new HeldPast().from(sql, []), from]).toEqual([0, []]);
});
