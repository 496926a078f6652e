import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUN_STATES, STEP_STATES, TABLE_STATES } from '../model/task.ts';
import { RUN_MOVES, STEP_MOVES, TABLE_MOVES, canMove } from './moves.ts';

describe('moves', () => {
  it('leave no way out of a refusal, nor out of a run that was cancelled; one that failed can be planned again', () => {
    expect(RUN_STATES.filter((state) => RUN_MOVES[state].length === 0)).toEqual(['CANCELLED']);
    expect(RUN_MOVES.FAILED).toEqual(['REQUESTED']);
    expect(TABLE_STATES.filter((state) => TABLE_MOVES[state].length === 0)).toEqual(['REFUSED', 'CANCELLED']);
  });

  it('lead from every state of a step to DONE or CANCELLED', () => {
    const ends: readonly string[] = ['DONE', 'CANCELLED'];
    const reaches = (from: (typeof STEP_STATES)[number], seen = new Set([from])): boolean =>
      ends.includes(from) || STEP_MOVES[from].some((to) => !seen.has(to) && reaches(to, new Set([...seen, to])));
    expect(STEP_STATES.filter((state) => !reaches(state))).toEqual([]);
  });

  it('allow what is listed and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STEP_STATES), fc.constantFrom(...STEP_STATES), (from, to) => {
        expect(canMove(STEP_MOVES, from, to)).toBe(STEP_MOVES[from].includes(to));
      }),
    );
  });
});
