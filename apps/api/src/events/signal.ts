/** Wakes one waiter; raised while nobody waits, it is remembered. */
export class Signal {
  private raised = false;
  private wake: (() => void) | undefined;

  raise(): void {
    this.raised = true;
    this.wake?.();
  }

  /** @returns false when the time was over first */
  async wait(timeoutMs: number): Promise<boolean> {
    if (!this.raised) await this.sleep(timeoutMs);
    const wasRaised = this.raised;
    this.raised = false;
    return wasRaised;
  }

  private async sleep(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
