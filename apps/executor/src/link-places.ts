import type { Link, TakenPlaces } from '@hiveferry/ports';
import type { StepLimit } from './executor-options.ts';
import { StepPlaces } from './step-places.ts';
import type { Wanted } from './step-places.ts';

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

  /** None of these links has a place for a step: only one that had no steps yet may have some. */
  get isFull(): boolean {
    return this.#links.length > 0 && this.all.every(({ places }) => places.free() === 0);
  }

  of({ cluster, target }: Link): StepPlaces {
    const found = this.#links.find((link) => link.target === target && link.cluster === cluster);
    if (found !== undefined) return found.places;
    const places = new StepPlaces(this.#limit);
    this.#links = [...this.#links, { cluster, target, places }];
    return places;
  }

  /** Steps of all kinds, for the free places of every link. */
  forPlaces(): Wanted & { readonly taken: readonly TakenPlaces[] } {
    const { kinds, count } = this.#limit;
    const taken = this.all.map(({ cluster, target, places }) => ({ cluster, target, count: count - places.free() }));
    return { kinds, limit: count, taken: taken.filter((link) => link.count > 0) };
  }
}
