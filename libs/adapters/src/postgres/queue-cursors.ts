import type { StepKind } from '@hiveferry/core';
import type { Link } from '@hiveferry/ports';
import type { ClaimedRoom, QueuePlace, QueuePlaces, TakenOfKind } from './ready-claim.sql.ts';

/** So long a step may wait before the place that its queue is read on from: one that was given back, or that goes first. */
const START_AGAIN_MS = 500;

interface Cursor {
  /** When the queue was last read from its start. */
  readonly fromStartMs: number;
  readonly place: QueuePlace;
}

/**
 * Remembers of each link and quick kind how far its queue was taken. It is a hint: what lies before that place is found when a claim has too
 * few steps, and in any case half a second after the queue was last read from its start.
 */
export class QueueCursors {
  readonly #cursors = new Map<string, Cursor>();

  /** Also of links that are gone: they come and go, a process stays. */
  forgetOld(nowMs: number): void {
    for (const [key, { fromStartMs }] of this.#cursors) if (nowMs - fromStartMs >= START_AGAIN_MS) this.#cursors.delete(key);
  }

  /** @returns undefined: all queues of the room are to be read from their start */
  after(room: ClaimedRoom): QueuePlaces | undefined {
    const places = quickKindsOf(room).flatMap((kind) => {
      const cursor = this.#cursors.get(keyOf(room, kind));
      return cursor === undefined ? [] : [[kind, cursor.place] as const];
    });
    return places.length === 0 ? undefined : Object.fromEntries(places);
  }

  /** @param taken of this room. @param answeredAtMs when the claim ended */
  note(room: ClaimedRoom, taken: readonly TakenOfKind[], answeredAtMs: number): void {
    const last = lastOf(taken);
    for (const kind of quickKindsOf(room)) {
      const key = keyOf(room, kind);
      const [place, isReadOn] = [last.get(kind), room.after?.[kind] !== undefined];
      // Where it was read on from may have been forgotten by another claim meanwhile.
      const fromStartMs = isReadOn ? this.#cursors.get(key)?.fromStartMs : answeredAtMs;
      if (place !== undefined && fromStartMs !== undefined) this.#cursors.set(key, { fromStartMs, place });
      else if (!isReadOn) this.#cursors.delete(key);
    }
  }

  /** Its queues are empty: to read on first would be one statement more each time. */
  forget(room: ClaimedRoom): void {
    for (const kind of quickKindsOf(room)) this.#cursors.delete(keyOf(room, kind));
  }
}

const quickKindsOf = ({ ahead }: ClaimedRoom): readonly StepKind[] => ahead?.kinds ?? [];

const keyOf = ({ cluster, target }: Link, kind: StepKind): string => JSON.stringify([cluster, target, kind]);

function lastOf(taken: readonly TakenOfKind[]): ReadonlyMap<StepKind, QueuePlace> {
  const places = new Map<StepKind, QueuePlace>();
  for (const { kind, last } of taken) {
    const place = places.get(kind);
    if (place === undefined || isBehind(last, place)) places.set(kind, last);
  }
  return places;
}

function isBehind(place: QueuePlace, other: QueuePlace): boolean {
  return place.position === other.position ? place.stepId > other.stepId : place.position < other.position;
}
