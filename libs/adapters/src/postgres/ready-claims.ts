import type { ClaimRequest, ClaimedStep, Link } from '@hiveferry/ports';
import { QueueCursors } from './queue-cursors.ts';
import { takeReadySteps } from './ready-claim.sql.ts';
import type { ClaimedRoom, ReadyClaim, TakenOfKind } from './ready-claim.sql.ts';
import type { Sql } from './sql.ts';

interface Claimed {
  readonly steps: readonly ClaimedStep[];
  /** What rooms want still that were not read from the start. */
  readonly rest: readonly ClaimedRoom[];
}

/**
 * Claims of one process. Quick steps are taken from where the last claim of their link ended: rows that were deleted from a queue are passed
 * over, one by one, until no transaction can see them any more. See docs/adr/0018-a-claim-reads-on-from-the-last.md.
 */
export class ReadyClaims {
  readonly #sql: Sql;
  readonly #now: () => number;
  readonly #cursors = new QueueCursors();

  /** @param now in milliseconds, on a clock that is never set back */
  constructor(sql: Sql, now: () => number = () => performance.now()) {
    this.#sql = sql;
    this.#now = now;
  }

  /** One that found too little from where it read on looks from the start as well, before it says so. */
  async claim({ rooms = [], ...request }: ClaimRequest): Promise<readonly ClaimedStep[]> {
    this.#cursors.forgetOld(this.#now());
    const first = await this.#take({ ...request, rooms: rooms.map((room) => ({ ...room, after: this.#cursors.after(room) })) });
    if (first.rest.length === 0) return first.steps;
    const more = await this.#moreBeside(first.steps, this.#take({ ...request, rooms: first.rest, isOfRooms: true }));
    return [...first.steps, ...more];
  }

  async #take(request: ReadyClaim): Promise<Claimed> {
    const { steps, taken } = await takeReadySteps(this.#sql, request);
    // Not when it was asked: a look from the start that took longer than it holds would be followed by the next one.
    const nowMs = this.#now();
    const rest = (request.rooms ?? []).flatMap((room) => {
      const own = taken.filter((other) => isSameLink(other, room));
      return this.#restOf(room, { taken: own, limit: request.limit, nowMs });
    });
    return { steps, rest };
  }

  #restOf(room: ClaimedRoom, { taken, limit, nowMs }: { taken: readonly TakenOfKind[]; limit: number; nowMs: number }): ClaimedRoom[] {
    const rest = withTaken(room, taken, limit);
    if (!wantsSteps(rest, limit)) this.#cursors.note(room, taken, nowMs);
    else if (room.after === undefined) this.#cursors.forget(room);
    else return [rest];
    return [];
  }

  /** What was claimed is this executor's, also when Postgres fails to answer the second time: the next claim says so. */
  async #moreBeside(steps: readonly ClaimedStep[], more: Promise<Claimed>): Promise<readonly ClaimedStep[]> {
    try {
      return (await more).steps;
    } catch (error) {
      if (steps.length === 0) throw error;
      return [];
    }
  }
}

const isSameLink = (one: Link, other: Link): boolean => one.cluster === other.cluster && one.target === other.target;

/** The room as it is when it has these steps, to be read from the start. */
function withTaken({ cluster, target, taken, ahead }: ClaimedRoom, steps: readonly TakenOfKind[], limit: number): ClaimedRoom {
  const count = steps.reduce((sum, own) => sum + own.count, 0);
  const places = Math.max(0, limit - taken);
  const inPlaces = Math.min(places, count);
  const aheadLeft = Math.max(0, (ahead?.limit ?? 0) - (count - inPlaces));
  return { cluster, target, taken: taken + inPlaces, ahead: { kinds: ahead?.kinds ?? [], limit: aheadLeft } };
}

const wantsSteps = ({ taken, ahead }: ClaimedRoom, limit: number): boolean => taken < limit || (ahead?.limit ?? 0) > 0;
