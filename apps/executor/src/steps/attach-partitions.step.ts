import type { Partition, PlannedPartition } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { compareWithTarget } from './read-back.ts';
import { planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** Attaches the partitions with their own descriptors. Runs twice because existing ones are left as they are; then all are compared. */
export async function attachPartitions(context: StepContext): Promise<StepOutcome> {
  const { plan } = await planOfStep(context);
  await context.renew();
  await context.target.metastoreWriter.addPartitions({ ...plan.target, partitions: plan.partitions.map(partitionOf) });
  await compareWithTarget(context, plan, 'partitions');
  return { result: { partitions: plan.partitions.length } };
}

function partitionOf({ values, storage, parameters }: PlannedPartition): Partition {
  return { values, storage, parameters };
}
