import type { RunState, StepState, TableState } from '../model/task.ts';

type Moves<State extends string> = Readonly<Record<State, readonly State[]>>;

/**
 * Legal moves of a run. FAILED: it has no plan for any target. INCOMPLETE: ended with a table that is not VERIFIED. A run that ended goes on
 * when it is resumed or verified again.
 */
export const RUN_MOVES: Moves<RunState> = {
  REQUESTED: ['PLANNING', 'FAILED', 'CANCELLED'],
  PLANNING: ['PLANNED', 'FAILED', 'CANCELLING', 'CANCELLED'],
  PLANNED: ['EXECUTING', 'CANCELLED'],
  EXECUTING: ['SUCCEEDED', 'INCOMPLETE', 'CANCELLING'],
  CANCELLING: ['CANCELLED'],
  SUCCEEDED: ['EXECUTING'],
  INCOMPLETE: ['EXECUTING'],
  FAILED: ['REQUESTED'],
  CANCELLED: [],
};

/** Legal moves of a table in a run. FAILED and NOT_VERIFIED may be tried again, VERIFIED may be verified again. */
export const TABLE_MOVES: Moves<TableState> = {
  PLANNED: ['QUEUED', 'CANCELLED'],
  REFUSED: [],
  QUEUED: ['RUNNING', 'FAILED', 'CANCELLED'],
  RUNNING: ['VERIFIED', 'NOT_VERIFIED', 'FAILED', 'CANCELLED'],
  VERIFIED: ['QUEUED'],
  NOT_VERIFIED: ['QUEUED'],
  FAILED: ['QUEUED'],
  CANCELLED: [],
};

/**
 * Legal moves of a step. RUNNING to READY: its lease ended. WAITING: it is tried again later. ENDING: it is given up, and what an
 * executor that is dead began for it is ended first, or what its table wrote for a time is removed. To BLOCKED: its table is resumed or verified again.
 */
export const STEP_MOVES: Moves<StepState> = {
  BLOCKED: ['READY', 'CANCELLED', 'ENDING'],
  READY: ['RUNNING', 'CANCELLED', 'ENDING'],
  RUNNING: ['DONE', 'WAITING', 'FAILED', 'READY', 'CANCELLED', 'ENDING'],
  WAITING: ['READY', 'FAILED', 'CANCELLED', 'ENDING'],
  ENDING: ['FAILED', 'CANCELLED'],
  DONE: ['BLOCKED'],
  FAILED: ['READY', 'BLOCKED'],
  CANCELLED: ['BLOCKED'],
};

/** True when the table of moves allows it; staying is no move. */
export function canMove<State extends string>(moves: Moves<State>, from: State, to: State): boolean {
  return moves[from].includes(to);
}
