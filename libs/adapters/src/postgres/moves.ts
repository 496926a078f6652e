import { RUN_MOVES, STEP_MOVES, TABLE_MOVES, canMove } from '@hiveferry/core';
import type { RunState, StepState, TableState } from '@hiveferry/core';

/** States from which core's table of moves allows the new state: what a statement's `where state = any(...)` gets. */
export const runStatesBefore = (to: RunState): readonly RunState[] => statesBefore(RUN_MOVES, to);
export const tableStatesBefore = (to: TableState): readonly TableState[] => statesBefore(TABLE_MOVES, to);
export const stepStatesBefore = (to: StepState): readonly StepState[] => statesBefore(STEP_MOVES, to);

function statesBefore<State extends string>(moves: Readonly<Record<State, readonly State[]>>, to: State): readonly State[] {
  // The keys of a closed record are its states.
  return (Object.keys(moves) as State[]).filter((from) => canMove(moves, from, to));
}
