import { displayName } from '@hiveferry/core';
import type { StepOutcome, StepWait } from '@hiveferry/ports';
import { sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

const FIRST_LOOK_AFTER_MS = 1_000;
const LOOK_AT_LEAST_EVERY_MS = 30_000;

/** Does the work when fewer copies of the run to this target run than the request has slots, whichever executors run them; else it waits for one to end. */
export async function withinSlots(
  context: StepContext,
  work: (context: StepContext) => Promise<StepOutcome>,
): Promise<StepOutcome | StepWait> {
  const { step, store } = context;
  const { slots } = step.spec.distcp;
  if (slots === undefined || (await store.copiesBefore(step)) < slots) return await work(context);
  const message = `${displayName(sourceTableOf(context))}: ${String(slots)} copies run, as many as distcp.slots allows; it goes on when one has ended`;
  const againAfterMs = Math.min(LOOK_AT_LEAST_EVERY_MS, FIRST_LOOK_AFTER_MS * 2 ** Math.min(step.attempt - 1, 10));
  return { reason: { code: 'COPY_SLOTS_TAKEN', message, retry: 'later' }, againAfterMs };
}
