/** Something that lives as long as the process. */
export interface Stoppable {
  stop(): Promise<void>;
}

const GRACE_MS = 25_000;

/**
 * Ends the process in order at SIGTERM and SIGINT: a service that was told to stop has done its work, so the code is 0.
 * A second signal, or 25 s, ends it at once.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
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
