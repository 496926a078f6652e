import { copyRootsOf } from '@hiveferry/core';
import type { FileFact, TablePlan } from '@hiveferry/core';
import { listFiles, listFilesIfAny } from './list-files.ts';
import type { StepContext } from './step-handler.ts';

/** How the listings of both sides agree, by names and sizes. */
export interface ComparedListings {
  readonly files: number;
  readonly bytes: number;
  /** Paths below their copy root that the target does not have with that size, in order. */
  readonly missing: readonly string[];
  /** Paths that only the target has with that size. */
  readonly surplus: readonly string[];
}

export async function compareListings(context: StepContext, plan: TablePlan): Promise<ComparedListings> {
  const source = await listSide(context, plan, 'source');
  const target = await listSide(context, plan, 'target');
  return {
    files: source.length,
    bytes: source.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    missing: outside(source, target),
    surplus: outside(target, source),
  };
}

async function listSide(context: StepContext, plan: TablePlan, side: 'source' | 'target'): Promise<readonly FileFact[]> {
  const list = side === 'source' ? listFiles : listFilesIfAny;
  const files: FileFact[] = [];
  for (const root of copyRootsOf(plan)) files.push(...(await list(context[side].files, root, { side, signal: context.signal })));
  return files;
}

function outside(files: readonly FileFact[], others: readonly FileFact[]): readonly string[] {
  const known = new Set(others.map(identity));
  return files.filter((file) => !known.has(identity(file))).map(({ path }) => path);
}

const identity = ({ root, path, sizeBytes }: FileFact): string => `${root}/${path} ${String(sizeBytes)}`;
