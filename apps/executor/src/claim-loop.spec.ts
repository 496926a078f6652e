import type { ClaimRequest, ClaimedStep, StepStore } from '@hiveferry/ports';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ClaimLoopService } from './claim-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS } from './executor-options.ts';
import type { ExecutorOptions } from './executor-options.ts';
import { StepReturnsService } from './step-returns.service.ts';
import type { StepRunnerService } from './step-runner.service.ts';

const PLACES = 2;
const placesOf = ({ limit, rooms: [room] = [] }: ClaimRequest): number => Math.max(0, limit - (room?.taken ?? 0));
const aheadOf = ({ rooms: [room] = [] }: ClaimRequest): number => room?.ahead?.limit ?? 0;
const noReport = (): Promise<void> => Promise.resolve();

// How long steps take decides what is claimed, so a machine that is busy must not.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  Logger.overrideLogger(new Logger());
});

/** Only what the loop asks of its store and its runner is there. */
function aClaimLoop(store: Partial<StepStore>, runner: Partial<StepRunnerService>, options: ExecutorOptions): ClaimLoopService {
  const returns = new StepReturnsService(store as StepStore);
  return new ClaimLoopService(store as StepStore, runner as StepRunnerService, returns, options);
}

/** A queue of so many steps; what is given back is claimed no more. */
function aLoop(steps: number, work: (step: ClaimedStep) => Promise<() => Promise<void>>, leaseMs = 200) {
  const requests: ClaimRequest[] = [];
  const givenBack: string[] = [];
  const ready = Array.from(
    { length: steps },
    (_, index) => ({ stepId: String(index), runId: 'r', cluster: 'right', target: 'right', fence: '1', kind: 'preflight' }) as ClaimedStep,
  );
  const store = {
    claim: async (request) => (requests.push(request), ready.splice(0, placesOf(request) + aheadOf(request))),
    announceStart: () => Promise.resolve(),
    renew: () => Promise.resolve('held'),
    giveBack: async ({ stepId }) => void givenBack.push(stepId),
    onChange: () => () => undefined,
  } satisfies Partial<StepStore>;
  const runner: Partial<StepRunnerService> = { work };
  const limits = [{ kinds: ['preflight', 'verify'] as const, count: PLACES }];
  const options = { ...DEFAULT_EXECUTOR_OPTIONS, owner: 'me', limits, leaseMs, tickMs: 0 };
  return { loop: aClaimLoop(store, runner, options), requests, givenBack, store };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await vi.advanceTimersByTimeAsync(1);
};

it('takes what it has places for until it knows that steps are quick, then many at once and of these kinds only', async () => {
  let worked = 0;
  const { loop, requests } = aLoop(500, async () => ((worked += 1), noReport));
  loop.onApplicationBootstrap();
  await until(() => worked === 500);
  expect(requests[0]).toMatchObject({ kinds: ['preflight', 'verify'], limit: PLACES, rooms: [], isOfRooms: false });
  const room = { cluster: 'right', target: 'right', ahead: { kinds: ['preflight'], limit: 2_000 } };
  expect(requests[1]).toMatchObject({ kinds: ['preflight', 'verify'], limit: PLACES, rooms: [room], isOfRooms: true });
  await loop.beforeApplicationShutdown();
});

it('asks for more while quick steps wait, and for none where there were fewer than it wanted until those are done', async () => {
  let worked = 0;
  const workedAt: number[] = [];
  const { loop, requests } = aLoop(5_000, async () => ((worked += 1), noReport));
  const claimed = requests.push.bind(requests);
  requests.push = (...all) => (workedAt.push(worked), claimed(...all));
  loop.onApplicationBootstrap();
  await until(() => worked === 5_000);
  // Two for places; two thousand; another two thousand while the first one waits; what is left, less than was wanted; then nothing before it is done.
  const counts = workedAt.filter((count) => count > PLACES);
  expect(requests.slice(1, 4).map(aheadOf)).toEqual([2_000, 2_000, 2_000]);
  expect(workedAt[2]).toBeLessThan(2_000);
  expect(counts.filter((count) => count > 3_200 && count < 4_990)).toEqual([]);
  await loop.beforeApplicationShutdown();
});

it('takes no more than it has places for while steps are slow', async () => {
  const { loop, requests } = aLoop(6, async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return noReport;
  });
  loop.onApplicationBootstrap();
  await until(() => requests.length > 4);
  expect(requests.map(aheadOf)).toEqual(requests.map(() => 0));
  const stopped = loop.beforeApplicationShutdown();
  await vi.advanceTimersByTimeAsync(60);
  await stopped;
});

it('looks for steps of other links when it is told that there are some, not when its own places have none free', async () => {
  let worked = 0;
  const { loop, requests } = aLoop(9_000, async () => ((worked += 1), () => new Promise(() => undefined)));
  loop.onApplicationBootstrap();
  await until(() => worked > 4_000);
  await vi.advanceTimersByTimeAsync(20);
  expect(requests.filter((request) => placesOf(request) + aheadOf(request) === 0)).toEqual([]);
  loop.wake();
  await until(() => requests.at(-1)?.rooms?.[0]?.taken === PLACES);
  expect(requests.at(-1)).toMatchObject({ isOfRooms: false });
  expect(requests.map(aheadOf).at(-1)).toBe(0);
});

it('goes on when reports are written that Postgres was behind with', async () => {
  const reports = Promise.withResolvers<undefined>();
  let worked = 0;
  const { loop, requests } = aLoop(9_000, async () => ((worked += 1), () => reports.promise));
  loop.onApplicationBootstrap();
  await until(() => worked > 4_000);
  await vi.advanceTimersByTimeAsync(20);
  const asked = requests.length;
  await vi.advanceTimersByTimeAsync(20);
  expect([requests.length, worked < 9_000]).toEqual([asked, true]);
  reports.resolve(undefined);
  await until(() => worked === 9_000);
  await loop.beforeApplicationShutdown();
});

it('looks again for steps of all links when it could not look for them', async () => {
  Logger.overrideLogger(false);
  const work = Promise.withResolvers<() => Promise<void>>();
  const { loop, requests, store } = aLoop(1, () => work.promise);
  loop.onApplicationBootstrap();
  await until(() => loop.load().running === 1);
  const { claim } = store;
  store.claim = async (request) => (requests.push(request), Promise.reject(new Error('Postgres is away')));
  const asked = requests.length;
  loop.wake();
  await until(() => requests.length > asked);
  store.claim = claim;
  // News for the links that are known only.
  work.resolve(noReport);
  await until(() => requests.length > asked + 1);
  expect(requests.slice(asked).map(({ isOfRooms }) => isOfRooms)).toEqual([false, false]);
  await loop.beforeApplicationShutdown();
});

it('gives back what got no place in a quarter of a lease, so that others have it', async () => {
  let stuck = 0;
  const { loop, givenBack } = aLoop(20, ({ stepId }) =>
    Number(stepId) < 6 ? Promise.resolve(noReport) : ((stuck += 1), new Promise(() => undefined)),
  );
  // The process is not new.
  vi.advanceTimersByTime(60_000);
  const fromMs = performance.now();
  loop.onApplicationBootstrap();
  await until(() => givenBack.length === 20 - 6 - PLACES);
  expect(performance.now() - fromMs).toBeGreaterThanOrEqual(50);
  expect([stuck, loop.load()]).toEqual([PLACES, { running: PLACES, places: PLACES }]);
});

it('frees a place when the work has ended, and is stopped when the report is written', async () => {
  const reports = Promise.withResolvers<undefined>();
  let worked = 0;
  const { loop } = aLoop(40, async () => ((worked += 1), () => reports.promise.then(() => undefined)));
  loop.onApplicationBootstrap();
  await until(() => worked === 40);
  let isStopped = false;
  const stopping = loop.beforeApplicationShutdown().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(20);
  expect(isStopped).toBe(false);
  reports.resolve(undefined);
  await stopping;
});

it('gives the places of a target to its own steps only: one that never ends holds up nobody else', async () => {
  const done: string[] = [];
  const ready = ['dead', 'dead', 'dead', 'well', 'well', 'well'].map((target, index) => ({
    ...({ stepId: String(index), runId: 'r', cluster: 'source', fence: '1', kind: 'preflight' } as ClaimedStep),
    target,
  }));
  const store: Partial<StepStore> = {
    claim: async ({ limit, rooms = [] }) => {
      const roomOn = new Map(
        ['dead', 'well'].map((target) => [target, limit - (rooms.find((room) => room.target === target)?.taken ?? 0)]),
      );
      const picked = ready.filter(({ target }) => {
        const room = roomOn.get(target) ?? 0;
        roomOn.set(target, room - 1);
        return room > 0;
      });
      for (const step of picked) ready.splice(ready.indexOf(step), 1);
      return picked;
    },
    announceStart: () => Promise.resolve(),
    renew: () => Promise.resolve('held'),
    giveBack: () => Promise.resolve(),
    onChange: () => () => undefined,
  };
  const runner: Partial<StepRunnerService> = {
    work: async ({ target, stepId }) => {
      if (target === 'dead') await new Promise(() => undefined);
      done.push(stepId);
      return noReport;
    },
  };
  const limits = [{ kinds: ['preflight'] as const, count: PLACES }];
  const options = { ...DEFAULT_EXECUTOR_OPTIONS, owner: 'me', limits, tickMs: 0 };
  const loop = aClaimLoop(store, runner, options);
  loop.onApplicationBootstrap();
  await until(() => done.length === 3);
  expect([ready.map(({ target }) => target), loop.load().running]).toEqual([['dead'], PLACES]);
});
