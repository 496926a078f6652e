import type { ClaimRequest, Link, LinkRoom } from '@hiveferry/ports';
import type { StepLimit } from './executor-options.ts';
import { StepPlaces } from './step-places.ts';

interface LinkWithPlaces extends Link {
  readonly places: StepPlaces;
}

/** The places of one limit, as many for each link: steps of a target that does not answer fill their own and nobody else's. */
export class LinkPlaces {
  readonly #limit: StepLimit;
  #links: readonly LinkWithPlaces[] = [];

  constructor(limit: StepLimit) {
    this.#limit = limit;
  }

  /** Of the links that had steps. */
  get all(): readonly LinkWithPlaces[] {
    return this.#links;
  }

  get working(): number {
    return this.all.reduce((sum, { places }) => sum + places.working, 0);
  }

  get count(): number {
    return Math.max(1, this.#links.length) * this.#limit.count;
  }

  /** None of these links wants a step: only one that had no steps yet may have some. */
  get isFull(): boolean {
    return this.#links.length > 0 && this.all.every(({ places }) => !places.wantsSteps);
  }

  of({ cluster, target }: Link): StepPlaces {
    const found = this.#links.find((link) => link.target === target && link.cluster === cluster);
    if (found !== undefined) return found.places;
    const places = new StepPlaces(this.#limit);
    this.#links = [...this.#links, { cluster, target, places }];
    return places;
  }

  /** Steps of all kinds, for the free places of every link, and some more of those kinds that are quick there. */
  wanted(): Pick<ClaimRequest, 'kinds' | 'limit' | 'rooms'> {
    const { kinds, count } = this.#limit;
    return { kinds, limit: count, rooms: this.#links.map((link) => this.#roomOf(link)) };
  }

  /** Links that gave all that was wanted of them may have more. */
  claimed({ rooms = [] }: Pick<ClaimRequest, 'rooms'>, steps: ReadonlyMap<StepPlaces, readonly unknown[]>): void {
    for (const { taken, ahead, ...link } of rooms) {
      const [places, wanted] = [this.of(link), this.#limit.count - taken + (ahead?.limit ?? 0)];
      if (wanted > 0) places.claimed((steps.get(places)?.length ?? 0) < wanted);
    }
  }

  #roomOf({ cluster, target, places }: LinkWithPlaces): LinkRoom {
    return { cluster, target, taken: places.taken(), ahead: places.ahead() };
  }
}
