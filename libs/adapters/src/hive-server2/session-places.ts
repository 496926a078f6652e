/** A limited number of places; who finds none waits in line, first come first served. */
export class SessionPlaces {
  #free: number;
  readonly #waiting: Waiter[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** @throws what `onTimeout` makes when no place gets free in time */
  async take(timeoutMs: number, onTimeout: () => Error): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiter: Waiter = { enter: () => resolve(undefined), fail: reject };
    this.#waiting.push(waiter);
    const timer = setTimeout(() => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      reject(onTimeout());
    }, timeoutMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next.enter();
  }

  failWaiting(make: () => Error): void {
    for (const waiter of this.#waiting.splice(0)) waiter.fail(make());
  }
}

interface Waiter {
  readonly enter: () => void;
  readonly fail: (error: Error) => void;
}
