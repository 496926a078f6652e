import { displayName } from '@hiveferry/core';
import type { StepOutcome, StepWait } from '@hiveferry/ports';
import { compareListings } from './compare-listings.ts';
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
  const { files, bytes, missing, surplus } = await compareListings(context, plan);
  if (missing.length + surplus.length === 0) return { result: { by: 'listings', files, bytes } };
  const message = `${displayName(plan.source)}: ${String(files - missing.length)} of ${String(files)} files are on the target with their sizes, ${String(surplus.length)} others are there too; it goes on when both sides agree, or by :confirm-copied`;
  return { reason: { code: 'COPY_AWAITED', message, retry: 'later' }, againAfterMs: delayOf(context.step.attempt) };
}

/** Doubled with each look. */
function delayOf(attempt: number): number {
  return Math.min(LOOK_AT_LEAST_EVERY_MS, FIRST_LOOK_AFTER_MS * 2 ** Math.min(attempt - 1, 10));
}
