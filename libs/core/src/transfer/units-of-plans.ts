import type { PairCopyJob, TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { CopyUnit } from '../model/transfer.ts';

/** The copies of a table's plan as units, as its executors run them: each by itself. */
export function unitsOfPlan(plan: TablePlan): readonly CopyUnit[] {
  const subject = displayName(plan.source);
  return plan.copyJobs.filter((job) => job.kind === 'pair').map((job) => unitOf(job, plan, subject));
}

function unitOf({ id, source, target, excluded, visible }: PairCopyJob, { copySide, copySizes }: TablePlan, subject: string): CopyUnit {
  const size = copySizes?.[id];
  return {
    id: `${subject} ${id}`,
    subject,
    side: copySide ?? 'target',
    source,
    target,
    excluded,
    ...(visible === undefined ? {} : { visible }),
    after: [],
    ...(size === undefined ? {} : { size }),
    parts: [],
  };
}
