import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LazyCommits } from './lazy-commits.ts';
import type { GroupOffsets } from './lazy-commits.ts';

const AT_LEAST_MS = 250;
const AGAIN_AFTER_MS = 2_000;
const WAIT_AT_END_MS = 2_000;

/** Resolved and not committed yet, by partition. */
let resolved: Map<number, string>;
/** What each request said, by partition. */
let requests: Readonly<Record<number, string>>[];
let answer: () => Promise<void>;
let isRunning: boolean;
let commits: LazyCommits;

const offsets: GroupOffsets = {
  uncommittedOffsets: () => ({
    topics: [{ topic: 't', partitions: [...resolved].map(([partition, offset]) => ({ partition, offset })) }],
  }),
  commitOffsetsIfNecessary: async (told) => {
    const partitions = told?.topics.flatMap((topic) => topic.partitions) ?? [];
    requests.push(Object.fromEntries(partitions.map(({ partition, offset }) => [partition, offset])));
    await answer();
    for (const { partition, offset } of partitions) if (resolved.get(partition) === offset) resolved.delete(partition);
  },
  isRunning: () => isRunning,
};

function handle(partition: number, offset: string): Promise<void> {
  resolved.set(partition, offset);
  return commits.handled(offsets);
}

beforeEach(() => {
  vi.useFakeTimers();
  resolved = new Map();
  requests = [];
  answer = () => Promise.resolve();
  isRunning = true;
  commits = new LazyCommits();
});
afterEach(() => vi.useRealTimers());

describe('while its consumer runs', () => {
  it('commits what several partitions handled in one request, and lets no handler wait for it', async () => {
    await Promise.all([handle(0, '4'), handle(1, '7')]);
    await handle(0, '5');
    expect(requests).toEqual([]);
    await vi.advanceTimersByTimeAsync(AT_LEAST_MS);
    expect(requests).toEqual([{ 0: '5', 1: '7' }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toHaveLength(1);
  });

  it('commits what is handled later, however long messages go on', async () => {
    for (let offset = 1; offset <= 10; offset += 1) {
      await handle(0, String(offset));
      await vi.advanceTimersByTimeAsync(AT_LEAST_MS / 2);
    }
    expect(requests).toEqual(['2', '4', '6', '8', '10'].map((offset) => ({ 0: offset })));
  });

  it('tries again what could not be committed, with what came after it', async () => {
    answer = () => Promise.reject(new Error('no coordinator'));
    await handle(0, '1');
    await vi.advanceTimersByTimeAsync(AT_LEAST_MS + AGAIN_AFTER_MS);
    expect(requests).toEqual([{ 0: '1' }, { 0: '1' }]);
    answer = () => Promise.resolve();
    await handle(1, '3');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests.slice(2)).toEqual([{ 0: '1', 1: '3' }]);
  });

  it('leaves what could not be committed when the consumer has stopped', async () => {
    answer = () => Promise.reject(new Error('not of this group'));
    isRunning = false;
    await handle(0, '1');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toHaveLength(1);
  });
});

describe('while a commit is not answered', () => {
  let answered: PromiseWithResolvers<undefined>;
  beforeEach(async () => {
    answered = Promise.withResolvers();
    answer = () => answered.promise;
    await handle(0, '1');
    await vi.advanceTimersByTimeAsync(AT_LEAST_MS);
    for (let offset = 2; offset <= 9; offset += 1) {
      await handle(0, String(offset));
      await vi.advanceTimersByTimeAsync(AT_LEAST_MS);
    }
  });

  it('no other begins, and one for all that was handled follows it', async () => {
    expect(requests).toEqual([{ 0: '1' }]);
    answered.resolve(undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toEqual([{ 0: '1' }, { 0: '9' }]);
  });

  it('one waits behind it however often it is asked for, and goes on at once', async () => {
    const asked = [commits.now(), commits.now(), commits.now()];
    answered.resolve(undefined);
    await Promise.all(asked);
    expect(requests).toEqual([{ 0: '1' }, { 0: '9' }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toHaveLength(2);
  });

  it('that which waits behind it pauses too when it fails', async () => {
    const asked = commits.now();
    answered.reject(new Error('no coordinator'));
    answer = () => Promise.resolve();
    await asked;
    await handle(0, '10');
    await vi.advanceTimersByTimeAsync(AGAIN_AFTER_MS - 1);
    expect(requests).toEqual([{ 0: '1' }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests).toEqual([{ 0: '1' }, { 0: '10' }]);
  });
});

it('commits at once when it is told to, and nothing later', async () => {
  await handle(0, '1');
  await commits.now();
  expect(requests).toEqual([{ 0: '1' }]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(1);
});

describe('when it is closed', () => {
  it('commits at once, and what is handled after that before its handler goes on', async () => {
    await handle(0, '1');
    await commits.close();
    expect(requests).toEqual([{ 0: '1' }]);
    await handle(0, '2');
    expect(requests).toEqual([{ 0: '1' }, { 0: '2' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for the commit that is under way, and then commits the rest', async () => {
    const answered = Promise.withResolvers<undefined>();
    answer = () => answered.promise;
    await handle(0, '1');
    await vi.advanceTimersByTimeAsync(AT_LEAST_MS);
    await handle(1, '1');
    let isClosed = false;
    const closed = commits.close().then(() => (isClosed = true));
    await vi.advanceTimersByTimeAsync(WAIT_AT_END_MS - 1);
    expect([requests, isClosed]).toEqual([[{ 0: '1' }], false]);
    answered.resolve(undefined);
    await closed;
    expect(requests).toEqual([{ 0: '1' }, { 1: '1' }]);
  });

  it('waits two seconds for one that is not answered, and as long before a handler goes on', async () => {
    answer = () => new Promise(() => undefined);
    await handle(0, '1');
    let ended = 0;
    const count = () => void (ended += 1);
    const closed = commits.close().then(count);
    await vi.advanceTimersByTimeAsync(WAIT_AT_END_MS);
    expect(ended).toBe(1);
    const handled = handle(0, '2').then(count);
    await vi.advanceTimersByTimeAsync(WAIT_AT_END_MS);
    expect([ended, vi.getTimerCount()]).toEqual([2, 0]);
    await Promise.all([closed, handled]);
  });

  it('ends though nothing can be committed, and asks for nothing when nothing was handled', async () => {
    await new LazyCommits().close();
    expect(requests).toEqual([]);
    answer = () => Promise.reject(new Error('no broker'));
    await handle(0, '1');
    await commits.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toHaveLength(1);
  });
});
