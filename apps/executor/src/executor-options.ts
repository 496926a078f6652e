import type { StepKind } from '@hiveferry/core';
import type { RetryPolicy } from '@hiveferry/platform';

/** Steps of these kinds share so many places. */
export interface StepLimit {
  readonly kinds: readonly StepKind[];
  readonly count: number;
}

export interface ExecutorOptions {
  /** Names this process in leases; unique. */
  readonly owner: string;
  /** Cluster at whose edge it stands; absent: it serves every registered cluster. */
  readonly cluster?: string;
  readonly leaseMs: number;
  readonly retry: RetryPolicy;
  readonly limits: readonly StepLimit[];
  /** How often it looks at Postgres without being woken; 0 is never. */
  readonly tickMs: number;
  /** How often it looks for what others left; 0 is never. */
  readonly sweepEveryMs: number;
  readonly announceAfterMs: number;
}

export const EXECUTOR_OPTIONS = Symbol('ExecutorOptions');

export const SQL_KINDS: readonly StepKind[] = [
  'prepare-database',
  'preflight',
  'create-table',
  'create-view',
  'attach-partitions',
  'verify',
];

export const DEFAULT_EXECUTOR_OPTIONS: Omit<ExecutorOptions, 'owner'> = {
  leaseMs: 30_000,
  retry: { maxTries: 5, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  limits: [
    { kinds: SQL_KINDS, count: 4 },
    { kinds: ['copy'], count: 2 },
    { kinds: ['measure'], count: 2 },
  ],
  tickMs: 2_000,
  sweepEveryMs: 2_000,
  announceAfterMs: 15_000,
};
