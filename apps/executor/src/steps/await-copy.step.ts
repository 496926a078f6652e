import { copyRootsOf, displayName } from '@hiveferry/core';
import type { FileFact, TablePlan } from '@hiveferry/core';
import type { StepOutcome, StepWait } from '@hiveferry/ports';
import { listFiles, listFilesIfAny } from './list-files.ts';
import { payloadOf, planOfStep } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

const FIRST_LOOK_AFTER_MS = 1_000;
const LOOK_AT_LEAST_EVERY_MS = 60_000;

/**
 * Waits for files that others copy: until somebody confirms them, or both sides list the same names and sizes. No worker is held
 * meanwhile: it looks, gives its place back and is called again. It only reads, so it runs twice as it is; the proof comes later.
 */
export async function awaitCopy(context: StepContext): Promise<StepOutcome | StepWait> {
  if (payloadOf(context, 'await-copy').confirmed === true) return { result: { by: 'confirmation' } };
  const { plan } = await planOfStep(context);
  const source = await listSide(context, plan, 'source');
  const target = await listSide(context, plan, 'target');
  const [wanted, found] = [namesOf(source), namesOf(target)];
  const missing = countOutside(wanted, found);
  const surplus = countOutside(found, wanted);
  if (missing + surplus === 0) return { result: { by: 'listings', files: source.length, bytes: bytesOf(source) } };
  const message = `${displayName(plan.source)}: ${String(wanted.size - missing)} of ${String(wanted.size)} files are on the target with their sizes, ${String(surplus)} others are there too; it goes on when both sides agree, or by :confirm-copied`;
  return { reason: { code: 'COPY_AWAITED', message, retry: 'later' }, againAfterMs: delayOf(context.step.attempt) };
}

async function listSide(context: StepContext, plan: TablePlan, side: 'source' | 'target'): Promise<readonly FileFact[]> {
  const list = side === 'source' ? listFiles : listFilesIfAny;
  const files: FileFact[] = [];
  for (const root of copyRootsOf(plan)) files.push(...(await list(context[side].files, root, { side, signal: context.signal })));
  return files;
}

function namesOf(files: readonly FileFact[]): ReadonlySet<string> {
  return new Set(files.map(({ root, path, sizeBytes }) => `${root}/${path} ${String(sizeBytes)}`));
}

function countOutside(names: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...names].filter((name) => !others.has(name)).length;
}

function bytesOf(files: readonly FileFact[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Doubled with each look. */
function delayOf(attempt: number): number {
  return Math.min(LOOK_AT_LEAST_EVERY_MS, FIRST_LOOK_AFTER_MS * 2 ** Math.min(attempt - 1, 10));
}
