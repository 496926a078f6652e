import type { TablePlan } from '../model/plan.ts';
import type { PlannedStep } from '../model/task.ts';

/** Between the positions of two steps there is room for the sizes of copies. */
const ROOM = 100;
/** A copy of unknown size is taken for one of a gigabyte. */
const UNKNOWN_BYTES = 1024 ** 3;

/**
 * Steps with their places in the queue, where a higher one goes first: steps of a table in their order, its copies by size among all
 * copies. What takes longest begins first, so that small ones fill what it leaves.
 */
export function withPositions(steps: readonly PlannedStep[], { copySizes }: Pick<TablePlan, 'copySizes'>): readonly PlannedStep[] {
  const copies = steps.findIndex(({ kind }) => kind === 'copy');
  return steps.map((step, index) => ({
    ...step,
    position: step.kind === 'copy' ? copies * ROOM + rankOf(copySizes?.[step.key]?.bytes ?? UNKNOWN_BYTES) : index * ROOM,
  }));
}

/** Two ranks for each doubling, as far as a petabyte. */
function rankOf(bytes: number): number {
  return Math.min(ROOM - 1, Math.max(0, Math.floor(2 * Math.log2(1 + bytes))));
}
