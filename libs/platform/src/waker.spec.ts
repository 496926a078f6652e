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
