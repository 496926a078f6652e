export interface MovedStep {
  readonly id: string;
  readonly attempt: number;
}

/** From 1, as Postgres counts; nothing where `last` is less than `first`. */
export interface Slice {
  readonly first: number;
  readonly last: number;
}

interface KnownList extends Slice {
  readonly ids: ReadonlySet<string>;
}

/** Lists of steps in one array: those that are the same, in whatever order, are in it once. A report says up to four things of the same thousand steps. */
export class StepLists {
  readonly steps: MovedStep[] = [];
  readonly #known: KnownList[] = [];

  sliceOf(list: readonly MovedStep[]): Slice {
    return this.#known.find(({ ids }) => ids.size === list.length && list.every(({ id }) => ids.has(id))) ?? this.#add(list);
  }

  #add(list: readonly MovedStep[]): Slice {
    const first = this.steps.length + 1;
    for (const step of list) this.steps.push(step);
    const added = { first, last: this.steps.length, ids: new Set(list.map(({ id }) => id)) };
    this.#known.push(added);
    return added;
  }
}
