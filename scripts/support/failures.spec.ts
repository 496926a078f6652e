import { expect, test } from 'vitest';
import { failuresOf } from './failures.ts';

const passed = { fullName: 'a suite passes', status: 'passed', failureMessages: [] };

test('a failed test is named with its file and the first lines of its error', () => {
  const failed = {
    fullName: 'a suite fails',
    status: 'failed',
    failureMessages: ['AssertionError: expected 1 to be 2\n    at a.spec.ts:3:4'],
  };
  const report = { testResults: [{ name: 'a.spec.ts', status: 'failed', message: '', assertionResults: [passed, failed] }] };
  expect(failuresOf(report)).toEqual([
    { name: 'a.spec.ts > a suite fails', reason: '  AssertionError: expected 1 to be 2\n      at a.spec.ts:3:4' },
  ]);
});

test('a file that does not load, or whose set-up throws, is named by itself', () => {
  const report = { testResults: [{ name: 'b.spec.ts', status: 'failed', message: 'SyntaxError: x', assertionResults: [passed] }] };
  expect(failuresOf(report)).toEqual([{ name: 'b.spec.ts', reason: '  SyntaxError: x' }]);
});

test('a suite without failures names none', () => {
  expect(failuresOf({ testResults: [{ name: 'a.spec.ts', status: 'passed', assertionResults: [passed] }] })).toEqual([]);
});

test('an error of many lines is cut', () => {
  const long = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
  const [failure] = failuresOf({
    testResults: [
      { name: 'a.spec.ts', status: 'failed', assertionResults: [{ fullName: 'x', status: 'failed', failureMessages: [long] }] },
    ],
  });
  expect(failure?.reason.split('\n')).toHaveLength(12);
});
