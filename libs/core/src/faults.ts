/** Whose doing a fault is; one table in the api maps it to an HTTP status. */
export const FAULT_CATEGORIES = ['request', 'environment', 'conflict', 'defect'] as const;
export type FaultCategory = (typeof FAULT_CATEGORIES)[number];

/** When trying again makes sense: at once, after a delay, after a person acted, never. */
export const RETRIES = ['now', 'later', 'operator', 'never'] as const;
export type Retry = (typeof RETRIES)[number];

export interface FaultFacts {
  readonly category: FaultCategory;
  readonly retry: Retry;
  /** The table, cluster or key it is about. */
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The outside failed. `message` names the subject, what was expected, what was found and what to do, and never a secret.
 */
export class MigrationError extends Error {
  readonly code: string;
  readonly category: FaultCategory;
  readonly retry: Retry;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, facts: FaultFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'MigrationError';
    this.code = code;
    this.category = facts.category;
    this.retry = facts.retry;
    this.subject = facts.subject;
    this.detail = facts.detail ?? {};
  }
}
