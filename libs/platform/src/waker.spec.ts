import { expect, it } from 'vitest';
import { Waker } from './waker.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it.each(Array.from({ length: 12 }, (_, ticks) => ticks))('runs once more when it is woken %i microtasks after it began', async (ticks) => {
  let runs = 0;
  const waker = new Waker(
    async () => {
      await Promise.resolve();
      runs += 1;
    },
    () => undefined,
  );
  waker.wake();
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
  waker.wake();
  await turn();
  expect(runs).toBe(2);
});

it('waits for the run that is under way when it is stopped, and begins no other, whoever calls', async () => {
  const work = Promise.withResolvers<undefined>();
  let runs = 0;
  const waker = new Waker(
    async () => {
      runs += 1;
      await work.promise;
    },
    () => undefined,
  );
  waker.wake();
  waker.wake();
  let isStopped = false;
  const stopped = waker.stop().then(() => (isStopped = true));
  await turn();
  expect([runs, isStopped]).toEqual([1, false]);
  work.resolve(undefined);
  await stopped;
  waker.wake();
  await turn();
  expect(runs).toBe(1);
});

it('tells what was thrown, and runs again when it is woken', async () => {
  const told: unknown[] = [];
  const waker = new Waker(
    () => Promise.reject(new Error(`run ${String(told.length)}`)),
    (error) => told.push(error),
  );
  for (let run = 0; run < 2; run += 1) {
    waker.wake();
    await turn();
  }
  expect(told).toEqual([new Error('run 0'), new Error('run 1')]);
});
