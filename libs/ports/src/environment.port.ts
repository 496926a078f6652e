export interface Clock {
  now(): Date;
}

export interface Ids {
  /** A new UUID, sortable by time (version 7). */
  next(): string;
}

export interface Secrets {
  /** Resolves `env:NAME` or `file:/path`. Fault SECRET_NOT_FOUND names the reference, never the value. */
  resolve(reference: string): Promise<string>;
}
