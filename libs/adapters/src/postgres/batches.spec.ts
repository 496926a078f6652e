import { describe, expect, it } from 'vitest';
import { Batches } from './batches.ts';

describe('batches', () => {
  it('joins the calls of one turn, and those that come while a batch runs', async () => {
    const seen: (readonly number[])[] = [];
    const batches = new Batches<number, number>(async (items) => {
      seen.push(items);
      if (seen.length === 1) late = Promise.all([3, 4].map((item) => batches.add('run', item)));
      await new Promise((resolve) => setTimeout(resolve, 5));
      return items.map((item) => item * 10);
    });
    let late: Promise<readonly number[]> = Promise.resolve([]);
    expect(await Promise.all([1, 2].map((item) => batches.add('run', item)))).toEqual([10, 20]);
    expect(await late).toEqual([30, 40]);
    expect(seen).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('lets no key wait for another', async () => {
    const stuck = Promise.withResolvers<readonly string[]>();
    const batches = new Batches<string, string>((items) => (items.includes('slow') ? stuck.promise : Promise.resolve(items)));
    const slow = batches.add('a', 'slow');
    expect(await batches.add('b', 'quick')).toBe('quick');
    stuck.resolve(['slow']);
    expect(await slow).toBe('slow');
  });

  it('lets no batch wait for an earlier one when they are side by side', async () => {
    const stuck = Promise.withResolvers<readonly string[]>();
    const batches = new Batches<string, string>((items) => (items.includes('slow') ? stuck.promise : Promise.resolve(items)), {
      isSideBySide: true,
    });
    const slow = batches.add('a', 'slow');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await batches.add('a', 'quick')).toBe('quick');
    stuck.resolve(['slow']);
    expect(await slow).toBe('slow');
  });

  it('runs each item alone when a batch throws, and rejects only the one that throws again', async () => {
    const batches = new Batches<string, string>(async (items) => {
      if (items.includes('bad')) throw new Error('cannot be written');
      return items;
    });
    const results = await Promise.allSettled(['a', 'bad', 'c'].map((item) => batches.add('run', item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('tells each item what became of it alone as soon as that has run, not when all have', async () => {
    const last = Promise.withResolvers<readonly string[]>();
    const batches = new Batches<string, string>((items) => {
      if (items.length > 1) return Promise.reject(new Error('cannot be written'));
      return items.includes('b') ? last.promise : Promise.resolve(items);
    });
    const [a, b] = ['a', 'b'].map((item) => batches.add('run', item));
    expect(await a).toBe('a');
    last.reject(new Error('nor alone'));
    await expect(b).rejects.toThrow('nor alone');
  });

  it('rejects an item whose result is an error, and runs none of the others again', async () => {
    const seen: (readonly string[])[] = [];
    const batches = new Batches<string, string>(async (items) => {
      seen.push(items);
      return items.map((item) => (item === 'refused' ? new Error('came too late') : item));
    });
    const [a, refused, c] = ['a', 'refused', 'c'].map((item) => batches.add('run', item));
    await expect(refused).rejects.toThrow('came too late');
    expect([await a, await c, seen]).toEqual(['a', 'c', [['a', 'refused', 'c']]]);
  });

  it('rejects what it was given no result for', async () => {
    const batches = new Batches<string, string>(async () => []);
    await expect(batches.add('run', 'a')).rejects.toThrow('a batch gave 0 results for 1 items');
  });

  it('does not do again what was done and gave another number of results', async () => {
    let runs = 0;
    const batches = new Batches<string, string>(async () => {
      runs += 1;
      return ['one'];
    });
    const ended = await Promise.allSettled([batches.add('run', 'a'), batches.add('run', 'b')]);
    expect([runs, ended.map(({ status }) => status)]).toEqual([1, ['rejected', 'rejected']]);
  });

  it('holds no more than the limit in one batch', async () => {
    const sizes: number[] = [];
    const batches = new Batches<number, number>(
      async (items) => {
        sizes.push(items.length);
        return items;
      },
      { limit: 2 },
    );
    await Promise.all([1, 2, 3].map((item) => batches.add('run', item)));
    expect(sizes).toEqual([2, 1]);
  });

  it('begins another batch of a key beside one that runs when half of the limit waits, in so many lanes at most', async () => {
    const running: { readonly items: readonly number[]; readonly end: () => void }[] = [];
    const batches = new Batches<number, number>(
      (items) =>
        new Promise((resolve) => {
          running.push({ items, end: () => resolve(items) });
        }),
      { limit: 4, lanes: 2 },
    );
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const add = async (...items: readonly number[]) => {
      for (const item of items) void batches.add('run', item);
      await turn();
    };
    await add(1);
    await add(2);
    const few = running.length;
    await add(3);
    await add(4, 5, 6);
    expect([few, running.map(({ items }) => items)]).toEqual([1, [[1], [2, 3]]]);
    running[1]?.end();
    await turn();
    // What waits is worth a batch.
    expect(running.map(({ items }) => items)).toEqual([[1], [2, 3], [4, 5, 6]]);
    await add(7);
    running[2]?.end();
    await turn();
    // What is less waits for the last one, also what comes after another has ended.
    expect(running).toHaveLength(3);
    running[0]?.end();
    await turn();
    expect(running.at(-1)?.items).toEqual([7]);
    await add(8, 9);
    running[4]?.end();
    await turn();
    await add(10);
    expect(running.map(({ items }) => items).slice(3)).toEqual([[7], [8, 9]]);
  });
});
