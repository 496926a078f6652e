import { slicesOf } from '@hiveferry/core';
import type { TablePlan } from '@hiveferry/core';
import type { PartitionMove } from '@hiveferry/ports';
import type { StepContext } from './step-handler.ts';

/** As many as one call of the metastore changes. */
const PARTITIONS_A_RENEWAL = 1_000;

/** Points partitions of the target elsewhere, and asks before each slice of them whether the step is still ours. */
export async function moveInSlices(context: StepContext, plan: TablePlan, partitions: readonly PartitionMove[]): Promise<void> {
  for (const moves of slicesOf(partitions, PARTITIONS_A_RENEWAL)) {
    await context.renew();
    await context.target.metastoreWriter.movePartitions({ ...plan.target, moves });
  }
}
