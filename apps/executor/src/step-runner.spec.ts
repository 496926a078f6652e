import { MigrationError } from '@hiveferry/core';
import type { ClusterClients } from '@hiveferry/platform';
import type { ClaimedStep, ClusterClient, StepStore } from '@hiveferry/ports';
import { Logger } from '@nestjs/common';
import type { LoggerService } from '@nestjs/common';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_EXECUTOR_OPTIONS } from './executor-options.ts';
import { HeldLease } from './held-lease.ts';
import type { LeaseEnd } from './held-lease.ts';
import { LeaseBeats } from './lease-beats.ts';
import { StepReturnsService } from './step-returns.service.ts';
import { StepRunnerService } from './step-runner.service.ts';

/** One whose work is done at once. */
const step: Partial<ClaimedStep> = {
  stepId: 's',
  runId: 'r',
  fence: '7',
  target: 'right',
  database: 'sales',
  table: 'orders',
  key: 'await-copy',
  kind: 'await-copy',
  payload: { kind: 'await-copy', confirmed: true },
  attempt: 1,
  tries: 0,
};

const fault = (code: string): MigrationError => new MigrationError(code, code, { category: 'conflict', retry: 'now', subject: 's' });
const refuse = (): Promise<never> => Promise.reject(fault('LEASE_LOST'));

let warnings: (readonly unknown[])[];

beforeEach(() => {
  warnings = [];
  const said: Partial<LoggerService> = {
    log: () => undefined,
    warn: (...line: unknown[]) => void warnings.push(line),
    error: () => undefined,
  };
  Logger.overrideLogger(said as LoggerService);
});
afterEach(() => Logger.overrideLogger(new Logger()));

/** @returns how many leases the runner lost, after it worked on the step and reported it */
async function leasesLost(store: Partial<StepStore>, { ended, error }: { ended?: LeaseEnd; error?: Error } = {}): Promise<number> {
  const port = store as StepStore;
  const get = (): Promise<ClusterClient> => (error === undefined ? Promise.resolve({} as ClusterClient) : Promise.reject(error));
  const runner = new StepRunnerService(
    port,
    { get } as Partial<ClusterClients> as ClusterClients,
    { now: () => new Date(0) },
    { ...DEFAULT_EXECUTOR_OPTIONS, owner: 'me' },
    new StepReturnsService(port),
  );
  const claimed = { ...step, spec: { source: 'left' } } as ClaimedStep;
  const lease = new HeldLease(port, claimed, { beats: new LeaseBeats(60_000) });
  const report = await runner.work(claimed, lease);
  if (ended !== undefined) lease.end(ended);
  await report();
  lease.close();
  return runner.leasesLost;
}

it.each([
  ['what it did', { complete: refuse }, {}],
  ['that it failed', { fail: refuse }, { error: fault('HIVE_DOWN') }],
  ['what it did, after it lost its lease', { complete: refuse }, { ended: 'lost' }],
  ['that its work was ended with its lease', {}, { ended: 'lost', error: fault('LEASE_LOST') }],
] as const)('says once, and counts, that a step is not its own any more when it is refused to report %s', async (_what, store, lost) => {
  expect(await leasesLost(store, lost)).toBe(1);
  const said = warnings.filter(([, text]) => text === 'the lease of a step was lost: another executor may have it');
  expect(said.map(([facts]) => facts)).toEqual([expect.objectContaining({ stepId: 's', runId: 'r', fence: '7' })]);
});

it('counts nothing when the report is taken', async () => {
  expect(await leasesLost({ complete: () => Promise.resolve() })).toBe(0);
  expect(warnings).toEqual([]);
});
