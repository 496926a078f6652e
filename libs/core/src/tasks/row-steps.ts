import type { RowMove } from '../model/plan.ts';
import type { PlannedStep } from '../model/task.ts';

/** From the source's rows to their place at the target: the transfer where there is one, the insert, and the rename that publishes it. */
export function rowSteps({ transfer }: RowMove): readonly PlannedStep[] {
  const read = transfer === undefined ? 'preflight' : 'transfer-rows';
  return [
    ...(transfer === undefined ? [] : [step('transfer-rows', 'source', 'preflight')]),
    step('insert-rows', 'target', read),
    step('publish', 'target', 'insert-rows'),
  ];
}

/** Before the verdict: whatever it is, nothing temporary is left. */
export function cleanUpSteps({ transfer }: RowMove, last: string): readonly PlannedStep[] {
  const cleanUp = { kind: 'clean-up', payload: { kind: 'clean-up' } } as const;
  return [
    { key: 'clean-up-target', side: 'target', after: [last], ...cleanUp },
    ...(transfer === undefined ? [] : [{ key: 'clean-up-source', side: 'source', after: ['publish'], ...cleanUp } as const]),
  ];
}

function step(kind: 'transfer-rows' | 'insert-rows' | 'publish', side: PlannedStep['side'], after: string): PlannedStep {
  return { key: kind, kind, side, after: [after], payload: { kind } };
}
