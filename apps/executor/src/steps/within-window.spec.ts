import { MigrationError } from '@hiveferry/core';
import type { ClaimedStep, MigrationSpec } from '@hiveferry/ports';
import { describe, expect, it } from 'vitest';
import type { StepContext } from './step-handler.ts';
import { withinWindow } from './within-window.ts';

const NIGHT = { opens: '22:00', closes: '05:00' };

/** Moments that the clock says, one after another; the last one stays. */
function contextAt(moments: readonly string[], window?: typeof NIGHT, signal = new AbortController().signal): StepContext {
  const left = [...moments];
  const spec: Partial<MigrationSpec> = { distcp: window === undefined ? {} : { window } };
  const step: Partial<ClaimedStep> = { stepId: 's', database: 'sales', table: 'orders', spec: spec as MigrationSpec };
  // Only what is asked of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    signal,
    now: () => new Date(`2026-11-21T${(left.length > 1 ? left.shift() : left[0]) ?? ''}Z`),
  };
  return context as StepContext;
}

const done = { result: { filesCopied: 1 } };

/** A copy that goes on until it is ended. */
function untilEnded(detail = {}) {
  return ({ signal }: StepContext): Promise<never> =>
    new Promise((_resolve, reject) => {
      const killed = new MigrationError('DISTCP_KILLED', 'ended', { category: 'environment', retry: 'later', subject: 's', detail });
      signal.addEventListener('abort', () => reject(killed));
    });
}

describe('a copy within a time window', () => {
  it('runs without one at any time, and inside of one', async () => {
    expect(await withinWindow(contextAt(['12:00:00']), () => Promise.resolve(done))).toEqual(done);
    expect(await withinWindow(contextAt(['23:00:00'], NIGHT), () => Promise.resolve(done))).toEqual(done);
  });

  it('does not begin outside, and says until when', async () => {
    const waits = await withinWindow(contextAt(['12:00:00'], NIGHT), () => Promise.reject(new Error('it began')));
    expect(waits).toMatchObject({
      againAfterMs: 10 * 3600 * 1000,
      reason: {
        code: 'COPY_WINDOW_CLOSED',
        message: expect.stringContaining('from 22:00 to 05:00 (UTC); it goes on at 2026-11-21T22:00:00.000Z'),
      },
    });
  });

  it('is ended when it closes, and goes on in the next one', async () => {
    const waits = await withinWindow(contextAt(['04:59:59.950', '05:00:00.010'], NIGHT), untilEnded());
    expect(waits).toMatchObject({ againAfterMs: 17 * 3600 * 1000 - 10, reason: { code: 'COPY_WINDOW_CLOSED' } });
  });

  it('fails as ever when it was ended for another reason, when it fails by itself, and when something of it may run on', async () => {
    const failed = withinWindow(contextAt(['23:00:00'], NIGHT), () => Promise.reject(new Error('no space')));
    await expect(failed).rejects.toThrow('no space');
    const lost = withinWindow(contextAt(['23:00:00'], NIGHT, AbortSignal.timeout(5)), untilEnded());
    await expect(lost).rejects.toMatchObject({ code: 'DISTCP_KILLED' });
    const left = withinWindow(contextAt(['04:59:59.950', '05:00:00.010'], NIGHT), untilEnded({ mayRun: true }));
    await expect(left).rejects.toMatchObject({ code: 'DISTCP_KILLED' });
  });
});
