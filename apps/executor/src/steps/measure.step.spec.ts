import type { TablePlan } from '@hiveferry/core';
import { MigrationError } from '@hiveferry/core';
import type { ClaimedStep, StepStore } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { fakeCluster } from '../../../../test/support/fake-cluster.ts';
import { connectionOf } from '../../../../test/support/stores.ts';
import { measure } from './measure.step.ts';
import type { StepContext } from './step-handler.ts';

const plan: Partial<TablePlan> = { source: { database: 'sales', table: 'orders' }, copyJobs: [], partitions: [], proof: 'rows' };

/** The source of a table without files, whose count fails as said. */
function contextOf(retry: 'later' | 'operator', isLastTry: boolean): StepContext {
  const source = fakeCluster(connectionOf('left', 3), { databases: [] });
  const failure = new MigrationError('HIVE_STATEMENT_FAILED', 'return code 2', { category: 'environment', retry, subject: 'left' });
  source.hive.openSession = () =>
    Promise.resolve({ execute: () => Promise.resolve(), query: () => Promise.reject(failure), close: () => Promise.resolve() });
  const step: Partial<ClaimedStep> = { stepId: 's', side: 'source', database: 'sales', table: 'orders', payload: { kind: 'measure' } };
  const store: Partial<StepStore> = { plan: () => Promise.resolve({ plan: plan as TablePlan, tableHash: '' }) };
  // Only what the step asks of it.
  const context: Partial<StepContext> = {
    step: step as ClaimedStep,
    source,
    store: store as StepStore,
    signal: new AbortController().signal,
    now: () => new Date(0),
    isLastTry,
  };
  return context as StepContext;
}

it('tries a count again that failed while it ran: an outage may have done it', async () => {
  await expect(measure(contextOf('later', false))).rejects.toMatchObject({ code: 'HIVE_STATEMENT_FAILED' });
});

it.each([
  ['failed in every try', 'later', true],
  ['Hive refuses', 'operator', false],
] as const)('says of a count that %s why there is none', async (_title, retry, isLastTry) => {
  expect(await measure(contextOf(retry, isLastTry))).toMatchObject({ measurement: { rowsNotCountedBecause: 'return code 2' } });
});
