import type { StepKind } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { StepPlaces } from './step-places.ts';

const PLACES = 4;
const waiting = (kind: StepKind, count: number) =>
  Array.from({ length: count }, (_, index) => ({ step: { kind, stepId: `${kind} ${String(index)}` } as ClaimedStep, claimedAtMs: 0 }));

/** Preflights take 20 ms: a hundred are worth holding. Tables take half a second. */
function aStation(): StepPlaces {
  const places = new StepPlaces({ kinds: ['preflight', 'create-table'], count: PLACES });
  for (const [kind, tookMs] of [
    ['preflight', 20],
    ['create-table', 500],
  ] as const) {
    places.add(waiting(kind, 1));
    places.next();
    places.worked(kind, tookMs);
    places.reported();
  }
  return places;
}

it('asks for steps of all kinds for its places while quick ones wait: the others have their turn', () => {
  const places = aStation();
  places.add(waiting('preflight', 40));
  places.claimed(false);
  expect([places.taken(), places.ahead(), places.wantsSteps]).toEqual([0, { kinds: ['preflight'], limit: 64 }, true]);
  places.add(waiting('create-table', 3));
  expect([places.taken(), places.ahead().limit]).toEqual([3, 61]);
});

it('begins the steps that are not quick first, whatever waits', () => {
  const places = aStation();
  places.add(waiting('preflight', 40));
  places.add([...waiting('preflight', 10), ...waiting('create-table', 3)]);
  expect(places.next().map(({ step }) => step.kind)).toEqual(['create-table', 'create-table', 'create-table', 'preflight']);
});

it('holds no quick steps ahead when all its places have steps that are not', () => {
  const places = aStation();
  places.add(waiting('create-table', PLACES));
  places.next();
  places.claimed(false);
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([PLACES, 0, false]);
  places.add(waiting('preflight', 10));
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([PLACES, 0, false]);
});

it('asks for nothing while enough steps wait, or when the last claim gave fewer than it wanted', () => {
  const places = aStation();
  places.claimed(false);
  places.add(waiting('preflight', 60));
  expect([places.taken(), places.ahead().limit, places.isLow]).toEqual([PLACES, 0, false]);
  while (places.takeWaiting().length > 0);
  places.add(waiting('preflight', 10));
  places.claimed(true);
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([PLACES, 0, false]);
});

it('counts no step twice that was given back', () => {
  const places = aStation();
  places.add(waiting('create-table', PLACES));
  places.takeOverdue(1);
  places.add(waiting('preflight', 10));
  places.claimed(false);
  // What was thought quick is not, until it was seen again.
  expect(places.taken()).toBe(PLACES);
  places.next();
  places.worked('preflight', 20);
  expect(places.taken()).toBe(0);
});

it('asks for more at once when what waits is enough only with those that begin in a moment', () => {
  const places = aStation();
  places.claimed(false);
  places.add(waiting('preflight', 50 + PLACES));
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([0, 50, true]);
  places.add(waiting('preflight', 1));
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([PLACES, 0, false]);
});

it('asks for no more while steps of a link wait that was not asked for more yet', () => {
  const places = aStation();
  places.add(waiting('preflight', 10));
  expect([places.ahead().limit, places.wantsSteps]).toEqual([0, false]);
});

it('asks for nothing while Postgres is behind by four thousand reports, and goes on when they are written', () => {
  const places = aStation();
  for (let step = 0; step <= 4_000; step += 1) {
    places.add(waiting('preflight', 1));
    places.next();
    places.worked('preflight', 20);
  }
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([PLACES, 0, false]);
  places.reported();
  expect([places.taken(), places.ahead().limit, places.wantsSteps]).toEqual([0, 100, true]);
});
