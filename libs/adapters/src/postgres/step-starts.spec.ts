import { expect, it } from 'vitest';
import type { MovedStep } from './step-lists.ts';
import { StepStarts } from './step-starts.ts';

const a: MovedStep = { id: 'a', attempt: 1 };
const b: MovedStep = { id: 'b', attempt: 1 };

/** Reports that were put into a batch, and are written when the test says so. */
function aStation() {
  const reports: { readonly steps: ReadonlyMap<string, MovedStep>; readonly written: PromiseWithResolvers<undefined> }[] = [];
  const starts = new StepStarts((_runId, steps) => {
    const written = Promise.withResolvers<undefined>();
    reports.push({ steps, written });
    return written.promise;
  });
  const report = (index: number) => reports[index] ?? expect.fail(`there is no report ${String(index)}`);
  return { starts, reports, report, begin: (index: number) => starts.begin('r', report(index).steps) };
}

/** Whether it has ended after all that is to happen by itself. */
async function hasEnded(promise: Promise<void> | undefined): Promise<boolean> {
  const turn = new Promise<false>((resolve) => {
    setImmediate(() => resolve(false));
  });
  return await Promise.race([Promise.resolve(promise).then(() => true), turn]);
}

it('makes one report of the starts of a run until a batch takes them', () => {
  const { starts, reports, begin } = aStation();
  const written = [starts.add('r', [a]), starts.add('r', [b])];
  void starts.add('other', [{ id: 'c', attempt: 1 }]);
  begin(0);
  written.push(starts.add('r', [{ id: 'd', attempt: 1 }]));
  expect(reports.map(({ steps }) => [...steps.keys()])).toEqual([['a', 'b'], ['c'], ['d']]);
  expect([written[0] === written[1], written[0] === written[2]]).toEqual([true, false]);
});

it('gives a start that waits to who reports the end, once', () => {
  const { starts, report } = aStation();
  void starts.add('r', [a, b]);
  expect([starts.take('other', 'a'), starts.take('r', 'a'), starts.take('r', 'a')]).toEqual([undefined, a, undefined]);
  expect([...report(0).steps.keys()]).toEqual(['b']);
});

it('keeps a start that is being written, and says when it is', async () => {
  const { starts, report, begin } = aStation();
  void starts.add('r', [a]);
  expect(starts.untilWritten('a')).toBeUndefined();
  begin(0);
  expect([starts.take('r', 'a'), [...report(0).steps.keys()]]).toEqual([undefined, ['a']]);
  const written = starts.untilWritten('a');
  expect(await hasEnded(written)).toBe(false);
  report(0).written.resolve(undefined);
  expect(await hasEnded(written)).toBe(true);
  expect(starts.untilWritten('a')).toBeUndefined();
});

it('holds up no end when a start cannot be written', async () => {
  const { starts, report, begin } = aStation();
  const told = starts.add('r', [a]);
  begin(0);
  const written = starts.untilWritten('a');
  report(0).written.reject(new Error('no disk'));
  await expect(told).rejects.toThrow('no disk');
  await written;
  expect(starts.untilWritten('a')).toBeUndefined();
});

it('keeps those that came since apart from those that are written a second time, as parts of a batch that failed', () => {
  const { starts, begin } = aStation();
  void starts.add('r', [a]);
  begin(0);
  void starts.add('r', [b]);
  begin(0);
  expect(starts.take('r', 'b')).toEqual(b);
});

it('waits for the later start of a step, though the earlier one is written', async () => {
  const { starts, report, begin } = aStation();
  const earlier = starts.add('r', [a]);
  begin(0);
  void starts.add('r', [{ id: 'a', attempt: 2 }]);
  begin(1);
  report(0).written.resolve(undefined);
  expect(await hasEnded(earlier)).toBe(true);
  expect(await hasEnded(starts.untilWritten('a'))).toBe(false);
  report(1).written.resolve(undefined);
  expect(await hasEnded(starts.untilWritten('a'))).toBe(true);
});
