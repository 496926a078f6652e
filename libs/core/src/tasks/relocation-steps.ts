import { PROOF_LEVELS } from '../model/plan-settings.ts';
import type { TablePlan } from '../model/plan.ts';
import type { PlannedStep } from '../model/task.ts';

/**
 * From the copied files to the table that lies there: both places are measured while the table is at the old one, then it is pointed at the
 * new one, where its rows are counted again.
 */
export function relocationSteps({ proof }: TablePlan, copied: readonly string[]): readonly PlannedStep[] {
  const counts = PROOF_LEVELS.indexOf(proof) >= PROOF_LEVELS.indexOf('rows');
  return [
    { key: 'measure-source', kind: 'measure', side: 'source', after: copied, payload: { kind: 'measure' } },
    { key: 'measure-copies', kind: 'measure', side: 'target', after: copied, payload: { kind: 'measure', part: 'files' } },
    { key: 'relocate', kind: 'relocate', side: 'target', after: ['measure-source', 'measure-copies'], payload: { kind: 'relocate' } },
    ...(counts ? [ROWS] : []),
  ];
}

const ROWS: PlannedStep = {
  key: 'measure-target',
  kind: 'measure',
  side: 'target',
  after: ['measure-copies', 'relocate'],
  payload: { kind: 'measure', part: 'rows' },
};
