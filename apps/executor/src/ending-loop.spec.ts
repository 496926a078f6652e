import type { ClusterClients } from '@hiveferry/platform';
import type { ClaimedStep, ClusterClient, DistCp, DistCpEnding, EndingRequest, StepLease, StepStore } from '@hiveferry/ports';
import { MigrationError } from '@hiveferry/core';
import { Logger } from '@nestjs/common';
import type { LoggerService } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EndingLoopService } from './ending-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS } from './executor-options.ts';

const LEASE_MS = 6_000;
const OTHERS = 'the lease of a step that is to be ended was lost: another executor may have it';

const step: Partial<ClaimedStep> = {
  stepId: 's',
  runId: 'r',
  fence: '7',
  cluster: 'right',
  target: 'right',
  database: 'sales',
  table: 'orders',
  key: 'copy:copy-1',
  kind: 'copy',
  side: 'target',
  payload: { kind: 'copy', job: {} } as ClaimedStep['payload'],
};
const claimed = { ...step, spec: { source: 'left' } } as ClaimedStep;
const names = { runId: 'r', stepId: 's', target: 'right', table: 'sales.orders', step: 'copy:copy-1' };

let warnings: (readonly unknown[])[];
/** What became of the step, as it was told to Postgres. */
let told: (readonly unknown[])[];
let requests: EndingRequest[];
let loop: EndingLoopService;

/** @param end ends what the copy began */
function startLoop(
  end: (ending: Pick<DistCpEnding, 'signal'>) => Promise<void>,
  renew: StepStore['renew'] = () => Promise.resolve('held'),
): void {
  const left = [claimed];
  const store: Partial<StepStore> = {
    claimEndings: async (request) => (requests.push(request), left.splice(0)),
    renew,
    ended: async ({ stepId, fence }: StepLease) => void told.push(['ended', stepId, fence]),
    endLater: async ({ stepId, fence }, againAfterMs, failure) => void told.push(['later', stepId, fence, againAfterMs, failure?.code]),
  };
  // Only what is asked of it.
  const distcp: Partial<DistCp> = { end };
  const cluster: Partial<ClusterClient> = { distcp: distcp as DistCp };
  const clusters: Partial<ClusterClients> = { get: () => Promise.resolve(cluster as ClusterClient) };
  loop = new EndingLoopService(store as StepStore, clusters as ClusterClients, {
    ...DEFAULT_EXECUTOR_OPTIONS,
    owner: 'me',
    leaseMs: LEASE_MS,
  });
  loop.onApplicationBootstrap();
}

const untilAborted = ({ signal }: Pick<DistCpEnding, 'signal'>): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('it was not ended')));
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  [warnings, told, requests] = [[], [], []];
  const said: Partial<LoggerService> = {
    log: () => undefined,
    warn: (...line: unknown[]) => void warnings.push(line),
    error: () => undefined,
  };
  Logger.overrideLogger(said as LoggerService);
});
afterEach(async () => {
  await loop.beforeApplicationShutdown();
  vi.useRealTimers();
  Logger.overrideLogger(new Logger());
});

it('tells that nothing of a step runs any more when it was ended', async () => {
  startLoop(() => Promise.resolve());
  await vi.advanceTimersByTimeAsync(10);
  expect([told, warnings]).toEqual([[['ended', 's', '7']], []]);
  // The place is free.
  expect(requests.at(-1)?.taken).toEqual({});
});

it('says whose lease was lost while it was ended, with its fence, and tells nothing of it', async () => {
  startLoop(untilAborted, () => Promise.resolve('lost'));
  await vi.advanceTimersByTimeAsync(LEASE_MS);
  expect(warnings.map(([facts, text]) => [facts, text])).toEqual([[{ ...names, fence: '7' }, OTHERS]]);
  expect(told).toEqual([]);
});

it('tries again later what cannot be ended, and says what hinders it', async () => {
  const down = new MigrationError('YARN_UNREACHABLE', 'no answer', { category: 'environment', retry: 'later', subject: 'right' });
  startLoop(() => Promise.reject(down));
  await vi.advanceTimersByTimeAsync(10);
  const { maxDelayMs } = DEFAULT_EXECUTOR_OPTIONS.retry;
  expect(told).toEqual([['later', 's', '7', maxDelayMs, 'YARN_UNREACHABLE']]);
  expect(warnings.map(([facts]) => facts)).toEqual([expect.objectContaining({ ...names, code: 'YARN_UNREACHABLE' })]);
});

it('leaves it to the next executor at once when it is stopped', async () => {
  startLoop(untilAborted);
  await vi.advanceTimersByTimeAsync(10);
  await loop.beforeApplicationShutdown();
  expect(told).toEqual([['later', 's', '7', 0, undefined]]);
});
