import type { LeaseState, StepStore } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HeldLease } from './held-lease.ts';
import { LeaseBeats } from './lease-beats.ts';

const lease = { stepId: 's', runId: 'r', fence: '1' };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function heldLease(answer: () => Promise<LeaseState>, leaseMs = 60_000): HeldLease {
  // Only what a lease asks of its store.
  return new HeldLease({ renew: answer } as Partial<StepStore> as StepStore, lease, { beats: new LeaseBeats(leaseMs) });
}

it.each(['lost', 'cancelled'] as const)('refuses to go on and fires the signal when the store says %s', async (state) => {
  const held = heldLease(() => Promise.resolve(state));
  await expect(held.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
  expect([held.ended, held.signal.aborted]).toEqual([state, true]);
  held.close();
});

it('counts as lost when Postgres does not answer for a whole lease', async () => {
  const held = heldLease(() => Promise.reject(new Error('no connection')), 30);
  await vi.advanceTimersByTimeAsync(29);
  expect(held.ended).toBe('lost');
  held.close();
});

it.each(['a beat', 'the work itself'])('counts as lost before its end when Postgres hangs, whoever asks: %s', async (asker) => {
  const held = heldLease(() => new Promise<LeaseState>(() => undefined), 90);
  const asked = asker === 'a beat' ? Promise.resolve() : held.renew();
  const outcome = asked.then(
    () => 'went on',
    (error: unknown) => (error as { readonly code: string }).code,
  );
  await vi.advanceTimersByTimeAsync(89);
  expect(held.ended).toBe('lost');
  expect(await outcome).toBe(asker === 'a beat' ? 'went on' : 'LEASE_LOST');
  held.close();
});

it("does not trust an answer that comes after the lease may be another one's: the process was stopped meanwhile", async () => {
  // No timer fires while a process is stopped.
  vi.useRealTimers();
  const held = heldLease(() => {
    const until = performance.now() + 80;
    while (performance.now() < until);
    return Promise.resolve('held');
  }, 90);
  await expect(held.renew()).rejects.toMatchObject({ code: 'LEASE_LOST' });
  held.close();
});

it('says how long it holds for sure: first to end, then to be gone, both before it is over', () => {
  const held = heldLease(() => Promise.resolve('held'), 60_000);
  const { endInMs, killInMs } = held.timeLeft();
  expect([endInMs > 39_000, endInMs < killInMs, killInMs <= 50_000]).toEqual([true, true, true]);
  held.close();
});

it('lets the work go on while it is held', async () => {
  const held = heldLease(() => Promise.resolve('held'));
  await held.renew();
  expect(held.signal.aborted).toBe(false);
  held.close();
});

it('asks six times a lease, and not soon after it was asked for something else', async () => {
  const askedAt: number[] = [];
  const held = heldLease(async () => (askedAt.push(performance.now()), 'held'), 60_000);
  const fromMs = performance.now();
  await vi.advanceTimersByTimeAsync(8_000);
  await held.renew();
  await vi.advanceTimersByTimeAsync(32_000);
  expect(askedAt.map((atMs) => atMs - fromMs)).toEqual([5_000, 8_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000]);
  held.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([askedAt.length, vi.getTimerCount()]).toEqual([8, 0]);
});
