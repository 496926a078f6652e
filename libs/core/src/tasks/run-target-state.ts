import type { RunState, RunTargetState, TableState } from '../model/task.ts';

export interface RunTargetFacts {
  readonly run: RunState;
  readonly hasPlan: boolean;
  /** A planner works at it, now or later: it is to get a plan, or its steps. */
  readonly isDue: boolean;
  readonly isApproved: boolean;
  readonly isDispatched: boolean;
  /** Number of its tables in each state. */
  readonly tables: Readonly<Partial<Record<TableState, number>>>;
}

/** What is to be said of one target of a run. Tables that are refused were so when the plan was approved: they count only when there is nothing else. */
export function runTargetState(facts: RunTargetFacts): RunTargetState {
  const { run, hasPlan, isApproved } = facts;
  if (!hasPlan) return unplannedState(facts);
  if (!isApproved) return run === 'CANCELLED' ? 'CANCELLED' : 'PLANNED';
  return approvedState(facts);
}

function unplannedState({ run, isDue }: RunTargetFacts): RunTargetState {
  if (run === 'CANCELLED') return 'CANCELLED';
  return run === 'FAILED' || !isDue ? 'FAILED' : 'PLANNING';
}

function approvedState({ run, isDispatched, isDue, tables }: RunTargetFacts): RunTargetState {
  const count = (...states: readonly TableState[]): number => states.reduce((sum, state) => sum + (tables[state] ?? 0), 0);
  const isOpen = isDue || count('QUEUED', 'RUNNING') > 0;
  if (run === 'CANCELLED' && (isOpen || count('CANCELLED') > 0)) return 'CANCELLED';
  if (isOpen && run !== 'FAILED') return 'EXECUTING';
  const isUnproved = isOpen || !isDispatched || count('FAILED', 'NOT_VERIFIED', 'CANCELLED') > 0;
  const isNothingMoved = count('REFUSED') > 0 && count('VERIFIED') === 0;
  return isUnproved || isNothingMoved ? 'INCOMPLETE' : 'SUCCEEDED';
}
