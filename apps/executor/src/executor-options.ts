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
  /** How often it looks for what dead executors left running. */
  readonly endingsEveryMs: number;
}

export const EXECUTOR_OPTIONS = Symbol('ExecutorOptions');

const SQL_KINDS: readonly StepKind[] = [
  'prepare-database',
  'preflight',
  'convert-link',
  'create-table',
  'create-view',
  'attach-partitions',
  'publish',
  'clean-up',
  'drop-vanished',
  'relocate',
  'discover-partitions',
  'verify',
];
/** What moves all of a table's data, by DistCp or by Hive. */
const COPY_KINDS: readonly StepKind[] = ['copy', 'transfer-rows', 'insert-rows', 'export-table', 'import-table'];

/** Places by what they load. */
export function limitsOf(workers: { readonly sql: number; readonly copy: number; readonly measure: number }): readonly StepLimit[] {
  return [
    { kinds: SQL_KINDS, count: workers.sql },
    { kinds: COPY_KINDS, count: workers.copy },
    { kinds: ['measure', 'await-copy'], count: workers.measure },
  ];
}

export const DEFAULT_EXECUTOR_OPTIONS: Omit<ExecutorOptions, 'owner'> = {
  leaseMs: 30_000,
  retry: { maxTries: 5, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  limits: limitsOf({ sql: 4, copy: 2, measure: 2 }),
  tickMs: 2_000,
  endingsEveryMs: 5_000,
};
