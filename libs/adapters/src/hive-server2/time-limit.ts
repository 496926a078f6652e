export interface Limit {
  readonly timeoutMs: number;
  /** Made when the limit is passed. */
  readonly onTimeout: () => Error;
  /** Rejects when what is waited for cannot come any more. */
  readonly lost?: Promise<never>;
}

/** Waits for work that may never answer. The work itself goes on; who calls must end it. */
export async function within<T>(work: Promise<T>, limit: Limit): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(limit.onTimeout()), Math.max(limit.timeoutMs, 0));
  // It may fail after its time, when nobody listens.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise, ...(limit.lost === undefined ? [] : [limit.lost])]);
  } finally {
    clearTimeout(timer);
  }
}

/** Pauses; an abort ends the pause early, without an error. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const ended = Promise.withResolvers<undefined>();
  const end = (): void => ended.resolve(undefined);
  const timer = setTimeout(end, ms);
  signal?.addEventListener('abort', end, { once: true });
  await ended.promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
}
