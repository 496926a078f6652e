/** Something that lives as long as the process. */
export interface Stoppable {
  stop(): Promise<void>;
}

const GRACE_MS = 25_000;

/** A terminal sends Ctrl-C to all of its processes, and npm and the demo pass theirs on: what comes this soon after a signal is the same wish. */
const SAME_WISH_MS = 2_000;

/**
 * Ends the process in order at SIGTERM and SIGINT: a service that was told to stop has done its work, so the code is 0.
 * A signal more than 2 s after the first, or 25 s, ends it at once.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_WISH_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping failed: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
