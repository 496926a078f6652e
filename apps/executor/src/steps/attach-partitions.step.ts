import { differingPartitions } from '@hiveferry/core';
import type { Partition, PlannedPartition, TablePlan } from '@hiveferry/core';
import type { StepOutcome } from '@hiveferry/ports';
import { ensureNoFilesGo } from './drop-existing.ts';
import { compareWithTarget, readTarget } from './read-back.ts';
import { planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/**
 * Attaches the partitions with their own descriptors; in a sync those that are missing, and drops from the metastore those that the plan
 * names and that still stand there or still differ. Runs twice because existing ones are left as they are; then all are compared.
 */
export async function attachPartitions(context: StepContext): Promise<StepOutcome> {
  const { plan } = await planOfStep(context);
  const dropped = await dropPartitions(context, plan);
  const partitions = addedPartitions(plan);
  await addPartitions(context, plan, partitions);
  await compareWithTarget(context, plan, 'partitions');
  return { result: { partitions: partitions.length, ...(plan.existing?.partitions !== undefined && { dropped }) } };
}

export async function addPartitions(context: StepContext, plan: TablePlan, partitions: readonly PlannedPartition[]): Promise<void> {
  if (partitions.length === 0) return;
  await context.renew();
  await context.target.metastoreWriter.addPartitions({ ...plan.target, partitions: partitions.map(partitionOf) });
}

function addedPartitions({ existing, partitions }: TablePlan): readonly PlannedPartition[] {
  const changes = existing?.partitions;
  if (changes === undefined) return partitions;
  const names = new Set([...changes.added, ...changes.replaced]);
  return partitions.filter(({ name }) => names.has(name));
}

/** @returns how many were dropped */
async function dropPartitions(context: StepContext, plan: TablePlan): Promise<number> {
  const changes = plan.existing?.partitions;
  if (changes === undefined || changes.dropped.length + changes.replaced.length === 0) return 0;
  const { foundTable, foundPartitions } = await readTarget(context, plan);
  if (foundTable === undefined) return 0;
  ensureNoFilesGo(plan, foundTable);
  const now = differingPartitions(plan, foundPartitions);
  const names = [...both(changes.dropped, now.unexpected), ...both(changes.replaced, now.differing)];
  if (names.length === 0) return 0;
  await context.renew();
  await context.target.metastoreWriter.dropPartitions({ ...plan.target, names });
  return names.length;
}

function both(planned: readonly string[], now: readonly string[]): readonly string[] {
  const there = new Set(now);
  return planned.filter((name) => there.has(name));
}

function partitionOf({ values, storage, parameters }: PlannedPartition): Partition {
  return { values, storage, parameters };
}
