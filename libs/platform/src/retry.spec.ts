import { MigrationError, RETRIES } from '@hiveferry/core';
import { describe, expect, it } from 'vitest';
import { failureOf, retryDelayMs } from './retry.ts';

const policy = { maxTries: 5, firstDelayMs: 1_000, maxDelayMs: 5_000 };
const failure = (retry: string) => ({ code: 'X', message: 'x', retry });

describe('retryDelayMs', () => {
  it.each([
    ['now', 0],
    ['later', 1_000],
    ['operator', undefined],
    ['never', undefined],
  ] as const)('answers %s with %s', (retry, delay) => {
    expect(RETRIES).toContain(retry);
    expect(retryDelayMs(failure(retry), policy, { tries: 1, chance: 1 })).toBe(delay);
  });

  it('doubles up to the bound and then gives up', () => {
    expect([1, 2, 3, 4, 5].map((tries) => retryDelayMs(failure('later'), policy, { tries, chance: 1 }))).toEqual([
      1_000,
      2_000,
      4_000,
      5_000,
      undefined,
    ]);
  });

  it('spreads retries over half of the delay', () => {
    expect(retryDelayMs(failure('later'), policy, { tries: 1, chance: 0 })).toBe(500);
  });
});

describe('failureOf', () => {
  it('takes code and retry of a fault', () => {
    const fault = new MigrationError('DISTCP_FAILED', 'exit 25', { category: 'environment', retry: 'later', subject: 'sales.orders' });
    expect(failureOf(fault)).toEqual({ code: 'DISTCP_FAILED', message: 'exit 25', retry: 'later' });
  });

  it('does not try again what no port declares', () => {
    expect(failureOf(new TypeError('x is not a function'))).toMatchObject({ code: 'DEFECT', retry: 'never' });
  });
});
