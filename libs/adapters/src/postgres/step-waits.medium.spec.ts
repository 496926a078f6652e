import type { ClaimedStep, StepWait } from '@hiveferry/ports';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { aPlan, anExecutingRun, claim, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';
import { until } from '../../../../test/support/until.ts';

let stores: TestStores;

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  await anExecutingRun(stores, [aPlan('a')]);
});
afterEach(() => stores.drop());

/** Claims the one step there is, after the time that it was to wait. */
function claimAgain(owner = 'first'): Promise<ClaimedStep> {
  return until(async () => {
    await stores.steps.sweep({ maxTries: 5, announceAfterMs: 60_000 });
    return (await claim(stores, { owner }))[0];
  });
}

const BROKEN = { code: 'BROKEN', message: 'it broke', retry: 'later' } as const;
const waitFor = (code: string, message = code): StepWait => ({ reason: { code, message, retry: 'later' }, againAfterMs: 0 });

const attempts = (): Promise<readonly object[]> =>
  stores.rows(`select attempt, outcome, failure ->> 'message' as message from step_attempt order by fence`);

describe('a step that waits', () => {
  it('leaves one attempt, which tells of its last look and since when it waits', async () => {
    for (const look of ['first', 'second', 'third'])
      await stores.steps.wait(await claimAgain(`${look} one`), waitFor('COPY_SLOTS_TAKEN', look));
    expect(await attempts()).toEqual([{ attempt: 3, outcome: 'WAITING', message: 'third' }]);
    const told = await stores.rows(
      `select a.started_at < s.started_at and a.ended_at > s.started_at as "isSinceFirst", a.fence = s.fence as "isOfLastClaim", a.owner
       from step_attempt a join step s on s.id = a.step_id`,
    );
    expect(told).toEqual([{ isSinceFirst: true, isOfLastClaim: true, owner: 'third one' }]);
  });

  it('leaves another one when it waits for something else, or when it failed in between', async () => {
    await stores.steps.wait(await claimAgain(), waitFor('COPY_WINDOW_CLOSED'));
    await stores.steps.wait(await claimAgain(), waitFor('COPY_SLOTS_TAKEN'));
    await stores.steps.fail(await claimAgain(), BROKEN, 1);
    await stores.steps.wait(await claimAgain(), waitFor('COPY_SLOTS_TAKEN'));
    await stores.steps.wait(await claimAgain(), waitFor('COPY_SLOTS_TAKEN'));
    expect(await attempts()).toEqual([
      { attempt: 1, outcome: 'WAITING', message: 'COPY_WINDOW_CLOSED' },
      { attempt: 2, outcome: 'WAITING', message: 'COPY_SLOTS_TAKEN' },
      { attempt: 3, outcome: 'WAITING', message: 'it broke' },
      { attempt: 5, outcome: 'WAITING', message: 'COPY_SLOTS_TAKEN' },
    ]);
  });

  it('leaves each attempt that failed, also with the same fault', async () => {
    for (let tries = 0; tries < 2; tries += 1) await stores.steps.fail(await claimAgain(), BROKEN, 1);
    expect(await attempts()).toHaveLength(2);
  });

  it('leaves an attempt that is CANCELLED when its run was cancelled meanwhile', async () => {
    await stores.steps.wait(await claimAgain(), waitFor('COPY_SLOTS_TAKEN'));
    const step = await claimAgain();
    await stores.runs.cancelRun(step.runId);
    await stores.steps.wait(step, waitFor('COPY_SLOTS_TAKEN'));
    expect(await attempts()).toMatchObject([
      { attempt: 1, outcome: 'WAITING' },
      { attempt: 2, outcome: 'CANCELLED' },
    ]);
  });
});
