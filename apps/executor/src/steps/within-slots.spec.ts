import type { ClaimedStep, MigrationSpec, StepStore } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import type { StepContext } from './step-handler.ts';
import { withinSlots } from './within-slots.ts';

interface Slots {
  readonly slots?: number;
  /** Copies that asked before. */
  readonly before?: number;
  readonly attempt?: number;
}

function contextOf({ slots, before, attempt = 1 }: Slots): StepContext {
  const spec: Partial<MigrationSpec> = { distcp: slots === undefined ? {} : { slots } };
  const step: Partial<ClaimedStep> = { stepId: 's', database: 'sales', table: 'orders', spec: spec as MigrationSpec, attempt };
  const store: Partial<StepStore> = {
    copiesBefore: ({ stepId }) => (before === undefined || stepId !== 's' ? expect.fail('nobody has to know') : Promise.resolve(before)),
  };
  // Only what is asked of it.
  const context: Partial<StepContext> = { step: step as ClaimedStep, store: store as StepStore };
  return context as StepContext;
}

const done = { result: { filesCopied: 1 } };
const copied = (): Promise<typeof done> => Promise.resolve(done);
const notBegun = (): Promise<never> => Promise.reject(new Error('it began'));

it('copies without asking where the request has no slots, and while fewer copies than slots asked before', async () => {
  expect(await withinSlots(contextOf({}), copied)).toEqual(done);
  expect(await withinSlots(contextOf({ slots: 2, before: 1 }), copied)).toEqual(done);
});

it('waits for one to end when as many copies as slots asked before', async () => {
  expect(await withinSlots(contextOf({ slots: 2, before: 2 }), notBegun)).toEqual({
    againAfterMs: 1_000,
    reason: {
      code: 'COPY_SLOTS_TAKEN',
      message: 'sales.orders: 2 copies run, as many as distcp.slots allows; it goes on when one has ended',
      retry: 'later',
    },
  });
});

it.each([
  [2, 2_000],
  [5, 16_000],
  [6, 30_000],
  [1_000, 30_000],
])('looks less often the longer it waits: after attempt %i in %i ms', async (attempt, againAfterMs) => {
  expect(await withinSlots(contextOf({ slots: 1, before: 1, attempt }), notBegun)).toMatchObject({ againAfterMs });
});
