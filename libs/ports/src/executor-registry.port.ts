import type { Page } from './run-store.port.ts';

export interface ExecutorLoad {
  readonly running: number;
  readonly places: number;
  /** Steps whose lease it lost while it worked on them, since it started. Absent: it is of a version that does not say. */
  readonly leasesLost?: number;
}

/** What an executor says of itself. */
export interface ExecutorSign {
  readonly id: string;
  /** Absent: it serves every cluster. */
  readonly cluster?: string;
  readonly version: string;
  readonly load: ExecutorLoad;
}

export interface ExecutorRecord extends ExecutorSign {
  readonly startedAt: string;
  readonly lastHeartbeatAt: string;
  /** By the database's time. */
  readonly alive: boolean;
}

/** Who stands where. Leases do not depend on it: it is for people. */
export interface ExecutorRegistry {
  /** Registers the executor, or says that it still lives. Those that are silent for a day are forgotten. */
  beat(sign: ExecutorSign): Promise<void>;
  /** It stopped in order. */
  leave(id: string): Promise<void>;
  /** By cluster and id. */
  list(page: { readonly pageSize: number; readonly pageToken?: string }): Promise<Page<ExecutorRecord>>;
}
