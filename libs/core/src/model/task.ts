import type { CopyJob, PlannedStatement } from './plan.ts';

/** Kinds of step; one executor handler each. On the wire `copy` travels as task kind `distcp`, all others as `translation`. */
export const STEP_KINDS = [
  'prepare-database',
  'preflight',
  'copy',
  'await-copy',
  'convert-link',
  'create-table',
  'create-view',
  'attach-partitions',
  'transfer-rows',
  'insert-rows',
  'export-table',
  'import-table',
  'publish',
  'clean-up',
  'drop-vanished',
  'relocate',
  'discover-partitions',
  'measure',
  'verify',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/**
 * One step of one table (or of a database) as planned: everything needed to run it, apart from the plan it points to.
 * `key` is unique in its table; `after` names keys of the same table, or `database` for the database's step.
 */
export interface PlannedStep {
  readonly key: string;
  readonly kind: StepKind;
  /** Which cluster's executor runs it. */
  readonly side: 'source' | 'target';
  readonly after: readonly string[];
  readonly payload: StepPayload;
  /** Higher ones go first. @default its place among the steps of its table */
  readonly position?: number;
}

export type StepPayload =
  | { readonly kind: 'prepare-database'; readonly database: string; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'preflight'; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'copy'; readonly job: CopyJob }
  /** `confirmed` is set when somebody says that the files are there. */
  | { readonly kind: 'await-copy'; readonly confirmed?: true }
  | { readonly kind: 'convert-link'; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'create-table'; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'create-view'; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'attach-partitions' }
  | { readonly kind: 'transfer-rows' }
  | { readonly kind: 'insert-rows' }
  | { readonly kind: 'export-table' }
  | { readonly kind: 'import-table' }
  | { readonly kind: 'publish' }
  | { readonly kind: 'clean-up' }
  | { readonly kind: 'drop-vanished'; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'discover-partitions'; readonly statements: readonly PlannedStatement[] }
  | { readonly kind: 'relocate' }
  /** `part` is set where a table is measured in two parts: its files before it is pointed at them, its rows afterwards. */
  | { readonly kind: 'measure'; readonly part?: 'files' | 'rows' }
  /** `before` is set when it only says whether something may begin: the verdict on the table comes later. */
  | { readonly kind: 'verify'; readonly before?: 'discovery' };

/** Kinds whose work may go on outside when the executor that began it is dead: it is ended before what it writes to is free for others. */
const OUTLIVING_STEP_KINDS = ['copy'] as const satisfies readonly StepKind[];
export type OutlivingStepKind = (typeof OUTLIVING_STEP_KINDS)[number];

export function outlivesItsExecutor(kind: StepKind): kind is OutlivingStepKind {
  return OUTLIVING_STEP_KINDS.some((each) => each === kind);
}

export const STEP_STATES = ['BLOCKED', 'READY', 'RUNNING', 'WAITING', 'ENDING', 'DONE', 'FAILED', 'CANCELLED'] as const;
export type StepState = (typeof STEP_STATES)[number];

export const TABLE_STATES = ['PLANNED', 'REFUSED', 'QUEUED', 'RUNNING', 'VERIFIED', 'NOT_VERIFIED', 'FAILED', 'CANCELLED'] as const;
export type TableState = (typeof TABLE_STATES)[number];

export const RUN_STATES = [
  'REQUESTED',
  'PLANNING',
  'PLANNED',
  'EXECUTING',
  'SUCCEEDED',
  'INCOMPLETE',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What a run is to one of its targets. PLANNING: has no plan yet, or is tried again; FAILED: has none, and gets none before somebody resumes. */
export const RUN_TARGET_STATES = ['PLANNING', 'PLANNED', 'FAILED', 'EXECUTING', 'SUCCEEDED', 'INCOMPLETE', 'CANCELLED'] as const;
export type RunTargetState = (typeof RUN_TARGET_STATES)[number];
