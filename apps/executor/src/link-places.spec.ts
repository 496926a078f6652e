import type { StepKind } from '@hiveferry/core';
import type { ClaimedStep } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import { LinkPlaces } from './link-places.ts';
import type { StepPlaces } from './step-places.ts';

const PLACES = 4;
const waiting = (kind: StepKind, count: number) =>
  Array.from({ length: count }, (_, index) => ({ step: { kind, stepId: `${kind} ${String(index)}` } as ClaimedStep, claimedAtMs: 0 }));

const aLimit = (): LinkPlaces => new LinkPlaces({ kinds: ['preflight', 'create-table'], count: PLACES });

/** Preflights take 20 ms: a hundred are worth holding, and with half of them in hand the next are asked for. */
function aQuickLink(links: LinkPlaces): StepPlaces {
  const places = links.of({ cluster: 'source', target: 'quick' });
  places.add(waiting('preflight', 1));
  places.next();
  places.worked('preflight', 20);
  places.reported();
  return places;
}

function fill(places: StepPlaces): void {
  places.add(waiting('create-table', PLACES));
  places.next();
}

it('has room for every link while it knows none', () => {
  expect([aLimit().isFull, aLimit().wanted()]).toEqual([false, { kinds: ['preflight', 'create-table'], limit: PLACES, rooms: [] }]);
});

it('is full when none of its links wants a step', () => {
  const links = aLimit();
  fill(links.of({ cluster: 'source', target: 'a' }));
  const other = links.of({ cluster: 'target', target: 'a' });
  expect(links.isFull).toBe(false);
  fill(other);
  expect(links.isFull).toBe(true);
});

it('wants of each link what it has places for, and quick steps ahead where steps are quick', () => {
  const links = aLimit();
  aQuickLink(links);
  fill(links.of({ cluster: 'source', target: 'slow' }));
  expect(links.wanted().rooms).toEqual([
    { cluster: 'source', target: 'quick', taken: 0, ahead: { kinds: ['preflight'], limit: 100 } },
    { cluster: 'source', target: 'slow', taken: PLACES, ahead: { kinds: [], limit: 0 } },
  ]);
});

it.each([
  ['all that was wanted', PLACES + 100, true],
  ['one less', PLACES + 99, false],
  ['as many as it has places, of more', PLACES, false],
])('asks again while steps wait of a link that gave %s', (_what, count, isAsked) => {
  const links = aLimit();
  const places = aQuickLink(links);
  links.claimed(links.wanted(), new Map([[places, waiting('preflight', count)]]));
  // Most of them are done.
  places.add(waiting('preflight', 10));
  expect(places.wantsSteps).toBe(isAsked);
});

it('takes no link for one that has more when nothing was wanted of it', () => {
  const links = aLimit();
  const places = aQuickLink(links);
  links.claimed(links.wanted(), new Map());
  places.add(waiting('preflight', 10));
  const wanted = links.wanted();
  expect(wanted.rooms).toEqual([{ cluster: 'source', target: 'quick', taken: PLACES, ahead: { kinds: ['preflight'], limit: 0 } }]);
  links.claimed(wanted, new Map());
  expect(places.wantsSteps).toBe(false);
});
