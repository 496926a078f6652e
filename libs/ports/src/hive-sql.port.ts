export interface HiveSessionOptions {
  /** Session settings (`set k=v`), sent when the session opens. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface StatementOptions {
  /** @default the adapter's statement limit */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A row's cells as text; SQL null is null. BIGINT and DECIMAL keep all digits. */
export type Row = readonly (string | null)[];

/** HiveServer2 of one cluster. Faults: `HIVE_STATEMENT_FAILED` (with Hive's text, sqlState, errorCode), `HIVE_SESSION_REFUSED`, `HIVE_UNREACHABLE`, `HIVE_TIMEOUT`. */
export interface HiveSql {
  /** Opens a session, waiting for a free place when the limit of open sessions is reached. */
  openSession(options?: HiveSessionOptions): Promise<HiveSession>;
  close(): Promise<void>;
}

export interface HiveSession {
  execute(statement: string, options?: StatementOptions): Promise<void>;
  query(statement: string, options?: StatementOptions): Promise<readonly Row[]>;
  close(): Promise<void>;
}
