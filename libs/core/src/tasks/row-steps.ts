import type { RowMove } from '../model/row-move.ts';
import type { PlannedStep } from '../model/task.ts';

/**
 * From the source's rows to their place at the target: export and import, or the transfer where there is one and the insert; then the
 * rename that publishes them.
 */
export function rowSteps(rows: RowMove): readonly PlannedStep[] {
  if ('exports' in rows) {
    return [
      step('export-table', 'source', 'preflight'),
      step('import-table', 'target', 'export-table'),
      step('publish', 'target', 'import-table'),
    ];
  }
  const { transfer } = rows;
  const read = transfer === undefined ? 'preflight' : 'transfer-rows';
  return [
    ...(transfer === undefined ? [] : [step('transfer-rows', 'source', 'preflight')]),
    step('insert-rows', 'target', read),
    step('publish', 'target', 'insert-rows'),
  ];
}

/** Before the verdict: whatever it is, nothing temporary is left. */
export function cleanUpSteps(rows: RowMove, last: string): readonly PlannedStep[] {
  const cleanUp = { kind: 'clean-up', payload: { kind: 'clean-up' } } as const;
  return [
    { key: 'clean-up-target', side: 'target', after: [last], ...cleanUp },
    ...(writesAtSource(rows) ? [{ key: 'clean-up-source', side: 'source', after: ['publish'], ...cleanUp } as const] : []),
  ];
}

/** Exports too, wherever they lie. */
function writesAtSource(rows: RowMove): boolean {
  return 'exports' in rows || rows.transfer !== undefined;
}

function step(
  kind: 'transfer-rows' | 'insert-rows' | 'export-table' | 'import-table' | 'publish',
  side: PlannedStep['side'],
  after: string,
): PlannedStep {
  return { key: kind, kind, side, after: [after], payload: { kind } };
}
