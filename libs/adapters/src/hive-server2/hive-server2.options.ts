import type { HivePlace } from '@hiveferry/ports';

/** Where HiveServer2 is and how patient we are with it. */
export interface HiveServer2Options extends HivePlace {
  readonly user: string;
  /** Needed by LDAP and CUSTOM only; the resolved secret. */
  readonly password?: string;
  readonly maxSessions: number;
  /** Limit for connecting and opening a session together. @default 30,000 */
  readonly openTimeoutMs?: number;
  /** Longest wait for a free session. @default 600,000 */
  readonly acquireTimeoutMs?: number;
  /** Limit of a statement that names none. @default 3,600,000 */
  readonly statementTimeoutMs?: number;
  /** Limit of one request that does not wait for the statement's work: status, fetch, close. @default 60,000 */
  readonly callTimeoutMs?: number;
}

export interface HiveServer2Settings extends HivePlace {
  readonly user: string;
  readonly password: string;
  readonly maxSessions: number;
  readonly openTimeoutMs: number;
  readonly acquireTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly callTimeoutMs: number;
  /** `host:port`, as it is named in messages. */
  readonly address: string;
}

export function settingsOf(options: HiveServer2Options): HiveServer2Settings {
  return {
    openTimeoutMs: 30_000,
    acquireTimeoutMs: 600_000,
    statementTimeoutMs: 3_600_000,
    callTimeoutMs: 60_000,
    ...options,
    // SASL PLAIN wants some password; a server without authentication takes any.
    password: options.password ?? 'none',
    address: `${options.host}:${options.port}`,
  };
}
