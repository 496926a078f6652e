/**
 * A loop that runs when it is woken and sleeps otherwise: wake-ups that come while it runs are one further run, so that none is lost.
 * A work that throws does not end the loop: `onError` is told, and the next wake-up runs it again.
 */
export class Waker {
  readonly #work: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;

  constructor(work: () => Promise<void>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  /** @param tickMs also runs this often; 0 is never */
  start(tickMs: number): void {
    if (tickMs > 0) this.#timer = setInterval(() => this.wake(), tickMs);
  }

  wake(): void {
    this.#isWanted = true;
    if (this.#running !== undefined || this.#isStopped) return;
    this.#running = this.#loop().finally(() => {
      this.#running = undefined;
      // Somebody may have called after the last look, and before this.
      if (this.#isWanted) this.wake();
    });
  }

  /** Resolves when the run that is under way has ended; nothing runs afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      await this.#work().catch(this.#onError);
    }
  }
}
