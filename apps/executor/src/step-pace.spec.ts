import { expect, it } from 'vitest';
import { StepPace } from './step-pace.ts';

it('holds nothing ahead of kinds that were not seen yet', () => {
  expect(new StepPace().stepsAhead(16)).toBe(0);
});

it('holds what the places do in half a second, as the slowest of the quick kinds goes', () => {
  const pace = new StepPace();
  pace.ended('preflight', 2);
  pace.ended('verify', 20);
  pace.ended('create-table', 900);
  expect([pace.quickKinds(), pace.stepsAhead(4)]).toEqual([['preflight', 'verify'], 100]);
});

it('holds no more than four thousand, however quick they are', () => {
  const pace = new StepPace();
  pace.ended('preflight', 0.001);
  expect(pace.stepsAhead(16)).toBe(4_000);
});

it('takes a kind for slow when it becomes slow, and for quick again later', () => {
  const pace = new StepPace();
  pace.ended('preflight', 1);
  pace.ended('preflight', 1_000);
  expect(pace.quickKinds()).toEqual([]);
  for (let step = 0; step < 20; step += 1) pace.ended('preflight', 1);
  expect(pace.quickKinds()).toEqual(['preflight']);
});

it('knows nothing after it was told to forget', () => {
  const pace = new StepPace();
  pace.ended('preflight', 1);
  pace.forget();
  expect(pace.stepsAhead(16)).toBe(0);
});
