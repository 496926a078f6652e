import { MigrationError } from '@hiveferry/core';
import type { Failure } from '@hiveferry/ports';

export interface RetryPolicy {
  readonly maxTries: number;
  /** Of the first retry; doubled each time. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** What is kept of an error. One that no port declares is a defect, and is not tried again. */
export function failureOf(error: unknown): Failure {
  if (error instanceof MigrationError) return { code: error.code, message: error.message, retry: error.retry };
  return { code: 'DEFECT', message: error instanceof Error ? error.message : String(error), retry: 'never' };
}

/**
 * The one table from a fault's `retry` to what is done about it.
 *
 * @param tries how many tries failed, this one included
 * @param chance 0 to 1, spreads retries of many tables
 * @returns undefined when it is not tried again
 */
export function retryDelayMs(
  failure: Failure,
  policy: RetryPolicy,
  { tries, chance }: { readonly tries: number; readonly chance: number },
): number | undefined {
  if (tries >= policy.maxTries) return undefined;
  switch (failure.retry) {
    case 'now':
      return 0;
    case 'later':
      return Math.round(Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (tries - 1)) * (0.5 + chance / 2));
    default:
      return undefined;
  }
}
