import { expect, it } from 'vitest';
import { runTargetState } from './run-target-state.ts';
import type { RunTargetFacts } from './run-target-state.ts';

const dispatched: RunTargetFacts = {
  run: 'EXECUTING',
  hasPlan: true,
  isDue: false,
  isApproved: true,
  isDispatched: true,
  tables: {},
};
const unplanned: RunTargetFacts = { ...dispatched, hasPlan: false, isApproved: false, isDispatched: false };

it.each([
  ['is planned again later', { ...unplanned, isDue: true }, 'PLANNING'],
  ['cannot be planned', unplanned, 'FAILED'],
  ['has no plan when its run failed', { ...unplanned, isDue: true, run: 'FAILED' }, 'FAILED'],
  ['waits for its approval while another runs', { ...dispatched, isApproved: false, isDispatched: false }, 'PLANNED'],
  ['is approved', { ...dispatched, isDispatched: false, isDue: true }, 'EXECUTING'],
  ['could not be given its steps', { ...dispatched, isDispatched: false, tables: { PLANNED: 2 } }, 'INCOMPLETE'],
  ['has a table that runs', { ...dispatched, tables: { RUNNING: 1, VERIFIED: 3 } }, 'EXECUTING'],
  ['is proved while another runs', { ...dispatched, tables: { VERIFIED: 3, REFUSED: 1 } }, 'SUCCEEDED'],
  ['has a table that failed', { ...dispatched, run: 'INCOMPLETE', tables: { VERIFIED: 3, FAILED: 1 } }, 'INCOMPLETE'],
  ['has refused tables only', { ...dispatched, run: 'INCOMPLETE', tables: { REFUSED: 2 } }, 'INCOMPLETE'],
  ['was cancelled in the middle', { ...dispatched, run: 'CANCELLED', tables: { VERIFIED: 1, CANCELLED: 1 } }, 'CANCELLED'],
  ['was proved before its run was cancelled', { ...dispatched, run: 'CANCELLED', tables: { VERIFIED: 1 } }, 'SUCCEEDED'],
] as const)('a target that %s', (_title, facts, state) => {
  expect(runTargetState(facts)).toBe(state);
});
