import { expect, it } from 'vitest';
import { StepLists } from './step-lists.ts';

const steps = (...ids: readonly string[]) => ids.map((id) => ({ id, attempt: 1 }));

it('has a list once that is said again, in whatever order', () => {
  const lists = new StepLists();
  const [both, again, one] = [steps('a', 'b'), steps('b', 'a'), steps('b')].map((list) => lists.sliceOf(list));
  expect([both, again, one]).toMatchObject([
    { first: 1, last: 2 },
    { first: 1, last: 2 },
    { first: 3, last: 3 },
  ]);
  expect(lists.steps.map(({ id }) => id)).toEqual(['a', 'b', 'b']);
});

it('gives an empty list an empty slice', () => {
  const lists = new StepLists();
  lists.sliceOf(steps('a'));
  const { first, last } = lists.sliceOf([]);
  expect([last - first, lists.steps.length]).toEqual([-1, 1]);
});

it('keeps lists apart that are as long and say something else', () => {
  const lists = new StepLists();
  const slices = [steps('a', 'b'), steps('a', 'c')].map((list) => lists.sliceOf(list));
  expect(slices).toMatchObject([
    { first: 1, last: 2 },
    { first: 3, last: 4 },
  ]);
});
