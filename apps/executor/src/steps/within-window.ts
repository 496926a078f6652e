import { MigrationError, displayName, windowAt } from '@hiveferry/core';
import type { StepOutcome, StepWait } from '@hiveferry/ports';
import { sourceTableOf } from './step-handler.ts';
import type { StepContext } from './step-handler.ts';

/** Timers know no longer times. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The timer was a little early by the clock. */
const AGAIN_AFTER_MS = 1_000;

/** Does the work while the time window of the request is open: before, it waits; when it closes, the work is ended and waits for the next. */
export async function withinWindow(
  context: StepContext,
  work: (context: StepContext) => Promise<StepOutcome | StepWait>,
): Promise<StepOutcome | StepWait> {
  const { window } = context.step.spec.distcp;
  if (window === undefined) return await work(context);
  const state = windowAt(window, context.now());
  if (state.kind === 'closed') return untilItOpens(context, state.opensInMs);
  if (state.closesInMs === undefined) return await work(context);
  const closing = AbortSignal.timeout(Math.min(LONGEST_TIMER_MS, state.closesInMs));
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, closing]) });
  } catch (error) {
    // A fault that leaves something running is one, whatever the hour.
    if (!closing.aborted || context.signal.aborted || mayRun(error)) throw error;
    const now = windowAt(window, context.now());
    return untilItOpens(context, now.kind === 'closed' ? now.opensInMs : AGAIN_AFTER_MS);
  }
}

function mayRun(error: unknown): boolean {
  return error instanceof MigrationError && error.detail['mayRun'] === true;
}

function untilItOpens(context: StepContext, opensInMs: number): StepWait {
  const { opens = '', closes = '', timeZone = 'UTC' } = context.step.spec.distcp.window ?? {};
  const at = new Date(context.now().getTime() + opensInMs).toISOString();
  const message = `${displayName(sourceTableOf(context))}: copies run from ${opens} to ${closes} (${timeZone}); it goes on at ${at}`;
  return { reason: { code: 'COPY_WINDOW_CLOSED', message, retry: 'later' }, againAfterMs: opensInMs };
}
