import { MigrationError } from '@hiveferry/core';
import type { StepLease, StepStore } from '@hiveferry/ports';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StepReturnsService } from './step-returns.service.ts';

const lease: StepLease = { stepId: 's', runId: 'r', fence: '1' };
const fault = (code: string): MigrationError => new MigrationError(code, code, { category: 'environment', retry: 'later', subject: 's' });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  Logger.overrideLogger(new Logger());
});

/** A Postgres that is away until it is told otherwise. */
function aStore() {
  const store = { isAway: true, isLost: false, tries: 0 };
  const port: Partial<StepStore> = {
    giveBack: async () => {
      store.tries += 1;
      if (store.isAway) throw fault('POSTGRES_UNAVAILABLE');
      if (store.isLost) throw fault('LEASE_LOST');
    },
  };
  return { store, returns: new StepReturnsService(port as StepStore) };
}

it('gives a claim back as often as it takes', async () => {
  const { store, returns } = aStore();
  const given = returns.giveBack(lease);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(store.tries).toBeGreaterThan(100);
  store.isAway = false;
  await vi.advanceTimersByTimeAsync(1_000);
  await given;
});

it('is done when somebody else has the step, and says so', async () => {
  const said: unknown[] = [];
  Logger.overrideLogger({ log: () => undefined, error: () => undefined, warn: (facts) => said.push(facts) });
  const { store, returns } = aStore();
  Object.assign(store, { isAway: false, isLost: true });
  await returns.giveBack(lease);
  expect([store.tries, said]).toEqual([1, [lease]]);
});

it('does not keep a process that is to stop from its end', async () => {
  const { returns } = aStore();
  void returns.giveBack(lease);
  const stopped = returns.stop();
  await vi.advanceTimersByTimeAsync(11_000);
  await stopped;
});
