import { copyRootsOf } from '@hiveferry/core';
import type { Measurement, TablePlan } from '@hiveferry/core';
import { listFilesIfAny, listingDigest } from './list-files.ts';
import type { StepContext } from './step-handler.ts';

/** Copy roots whose source lists other files now than when it was measured. */
export async function changedSince({ source, signal }: StepContext, plan: TablePlan, measured: Measurement): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const root of copyRootsOf(plan)) {
    const now = await listFilesIfAny(source.files, root, { side: 'source', signal });
    if (listingDigest(now) !== listingDigest(measured.files.filter((file) => file.root === root.id))) changed.push(root.id);
  }
  return changed;
}
