import type {
  CopyPace,
  DatabasePlan,
  DataFlow,
  DataStrategyName,
  Evidence,
  Hazard,
  Issue,
  LinkOptions,
  HybridLimits,
  PartitionDiscovery,
  ProofLevel,
  RunState,
  RunTargetState,
  StepKind,
  StepState,
  TableName,
  TablePlan,
  TableState,
  VanishedLimits,
} from '@hiveferry/core';
import type { ClusterConnection } from './cluster-gateway.port.ts';

/** A migration as accepted: the request after validation and defaults. Secrets are not in it. */
export interface MigrationSpec {
  readonly name?: string;
  readonly source: string;
  readonly targets: readonly string[];
  readonly selection: {
    readonly databases: readonly string[];
    /** Regular expressions on the table name, anchored at both ends by us; absent means all. */
    readonly includeTables?: readonly string[];
    readonly excludeTables?: readonly string[];
    /** How far tables of other databases are looked at; absent: up to a limit. */
    readonly lookAround?: 'everywhere' | 'nowhere';
  };
  readonly strategy: DataStrategyName;
  readonly proof: ProofLevel;
  readonly locations: {
    /** Location map as text; parsed by the planner, longest match wins. */
    readonly map: readonly { readonly from: string; readonly to: string }[];
  };
  /** Absent: we copy, by DistCp. */
  readonly copy?: { readonly by: 'external' };
  /** COMMON: the own file system of the source counts as common. */
  readonly commonStorage?: boolean;
  /** Absent: a table that is on the target is refused. */
  readonly onExisting?: 'sync';
  /** Absent: tables that are only on the target are left alone. */
  readonly vanished?: VanishedLimits;
  /** SQL, EXPORT_IMPORT. Absent: transactional tables become external ones without transactions. */
  readonly transactionalTables?: 'migrate';
  /** EXPORT_IMPORT, HYBRID. Absent: exports lie in the external warehouse of the source. */
  readonly exports?: { readonly at: string };
  /** HYBRID only. */
  readonly hybrid?: HybridLimits;
  readonly partitionDiscovery?: PartitionDiscovery;
  readonly databasePrefix: string;
  /** Who runs DistCp is absent for PULL. */
  readonly distcp: LinkOptions & CopyPace & { readonly flow?: DataFlow };
  readonly allowedHazards: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly changeTicket?: string;
  /** By target, what replaces the settings above there. */
  readonly targetSettings?: Readonly<Record<string, TargetSettings>>;
}

/** Settings that one target has of its own. */
export type TargetSettings = Partial<
  Pick<MigrationSpec, 'databasePrefix' | 'locations' | 'proof' | 'distcp' | 'allowedHazards'> & {
    readonly copy: { readonly by: 'distcp' | 'external' };
    readonly onExisting: 'refuse' | 'sync';
    readonly transactionalTables: 'downgrade' | 'migrate';
    readonly exports: { readonly at: string };
    readonly hybrid: HybridLimits;
    readonly partitionDiscovery: { readonly auto: boolean; readonly msckSync: boolean };
  }
>;

export interface ClusterRecord {
  readonly name: string;
  readonly connection: ClusterConnection;
  /** The body as it was registered, to show again. */
  readonly spec: unknown;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface MigrationRecord {
  readonly id: string;
  readonly spec: MigrationSpec;
  readonly latestRunId: string;
  readonly createdAt: string;
}

export interface TableCounts {
  readonly total: number;
  readonly byState: Readonly<Partial<Record<TableState, number>>>;
}

/** A run on one target: plan, hash, approval and progress belong here. */
export interface RunTargetRecord {
  readonly target: string;
  readonly state: RunTargetState;
  /** Why it has no plan, or why its plan is not executed. */
  readonly failure?: { readonly code: string; readonly message: string; readonly retry: string };
  /** When that is tried again. */
  readonly retryAt?: string;
  readonly planHash?: string;
  readonly approvedAt?: string;
  readonly tables: TableCounts;
}

/** Issues of a target's databases, in order of the first database that has each. */
export interface DatabaseIssues {
  readonly target: string;
  readonly issues: readonly Issue[];
}

export interface RunRecord {
  readonly id: string;
  readonly migrationId: string;
  readonly number: number;
  readonly state: RunState;
  readonly targets: readonly RunTargetRecord[];
  /** Why a run FAILED as a whole: code and message. */
  readonly failure?: { readonly code: string; readonly message: string };
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface StepRecord {
  readonly id: string;
  readonly key: string;
  readonly kind: StepKind;
  readonly cluster: string;
  readonly state: StepState;
  readonly attempt: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Set while it waits. */
  readonly waitsUntil?: string;
  readonly failure?: { readonly code: string; readonly message: string; readonly retry: string };
  /** Numbers of the finished step (DistCp counters, rows...), and `logFile`. */
  readonly result?: Readonly<Record<string, unknown>>;
}

export interface TableRecord {
  readonly runId: string;
  readonly target: string;
  readonly source: TableName;
  readonly targetName: TableName;
  readonly object: 'table' | 'view';
  readonly state: TableState;
  readonly tableHash: string;
  readonly issues: readonly Issue[];
  readonly hazards: readonly Hazard[];
  readonly failure?: { readonly code: string; readonly message: string; readonly retry: string };
  readonly evidence?: Evidence;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface TableWithPlan {
  readonly record: TableRecord;
  /** Absent when the table could not be read or planned. */
  readonly plan?: TablePlan;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly nextPageToken?: string;
}

export interface TableFilter {
  readonly runId: string;
  readonly target?: string;
  readonly state?: TableState;
  readonly database?: string;
  readonly pageSize: number;
  readonly pageToken?: string;
}

export interface CopyConfirmationRequest {
  readonly runId: string;
  readonly target?: string;
  readonly tables?: readonly TableName[];
}

/** A table on one target whose files are said to be there. */
export interface ConfirmedCopy {
  readonly target: string;
  readonly source: TableName;
}

/** A long-running operation, as the API shows it (AIP-151). */
export interface OperationRecord {
  readonly id: string;
  readonly kind: 'plan' | 'execute' | 'verify' | 'cancel';
  readonly migrationId: string;
  readonly runId: string;
  readonly done: boolean;
  readonly createdAt: string;
  readonly endedAt?: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** What became of each target of its run; absent in the answer to a command. */
  readonly targets?: readonly RunTargetRecord[];
}

/** One state change, in the order of `sequence`; what SSE sends. */
export interface RunEvent {
  readonly sequence: string;
  readonly runId: string;
  readonly at: string;
  readonly type: 'run' | 'table' | 'step';
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the api reads and asks for. Every command writes its rows and its outbox messages in one transaction. */
export interface RunStore {
  putCluster(name: string, connection: ClusterConnection, spec: unknown): Promise<ClusterRecord>;
  cluster(name: string): Promise<ClusterRecord | undefined>;
  clusters(page: { readonly pageSize: number; readonly pageToken?: string }): Promise<Page<ClusterRecord>>;
  /** Fault CLUSTER_IN_USE when a run that has not ended uses it. @returns false when there was none */
  removeCluster(name: string): Promise<boolean>;

  /** Makes the migration, its run 1 and the operation that plans it; `executeAfterPlan` executes what was planned at once. */
  createMigration(spec: MigrationSpec, options: { readonly executeAfterPlan: boolean }): Promise<OperationRecord>;
  migration(id: string): Promise<MigrationRecord | undefined>;
  migrations(page: { readonly pageSize: number; readonly pageToken?: string }): Promise<Page<MigrationRecord>>;
  run(id: string): Promise<RunRecord | undefined>;
  runsOf(migrationId: string): Promise<readonly RunRecord[]>;
  /** A further dry run of a migration. */
  createRun(migrationId: string, options: { readonly executeAfterPlan: boolean }): Promise<OperationRecord>;

  /** Faults: PLAN_HASH_MISMATCH (conflict), RUN_NOT_PLANNED (conflict). `planHash` must equal each named target's hash. */
  executeRun(request: {
    readonly runId: string;
    readonly approvals: readonly { readonly target?: string; readonly planHash: string }[];
  }): Promise<OperationRecord>;
  /** Faults: RUN_NOT_CANCELLABLE. Steps that run are ended; what is done stays done. */
  cancelRun(runId: string): Promise<OperationRecord>;
  /** Measures and verifies again all tables that reached VERIFIED or NOT_VERIFIED. Fault RUN_NOT_ENDED. */
  verifyRun(runId: string): Promise<OperationRecord>;
  /** Makes failed steps of an ended run ready again, plans again what has no plan. Faults: RUN_NOT_ENDED, NOTHING_TO_RESUME. */
  resumeRun(runId: string): Promise<OperationRecord>;

  /**
   * Notes that others have brought the files of these tables (absent: of all that wait for some); their steps go on. Saying it twice is fine.
   * Faults: RUN_NOT_EXECUTING, COPY_NOT_AWAITED (names a table that waits for no copy, or there is none).
   */
  confirmCopied(request: CopyConfirmationRequest): Promise<readonly ConfirmedCopy[]>;

  tables(filter: TableFilter): Promise<Page<TableRecord>>;
  table(runId: string, target: string, source: TableName): Promise<TableRecord | undefined>;
  tablePlan(runId: string, target: string, source: TableName): Promise<TablePlan | undefined>;
  steps(runId: string, target: string, source: TableName): Promise<readonly StepRecord[]>;
  /** All tables of a run on a target with their plans, in order of database and table, streamed: for reports. */
  tablesWithPlans(runId: string, target: string): AsyncIterable<TableWithPlan>;
  /** Plans of one database in table-name order, streamed: for artefacts. */
  plansOf(runId: string, target: string, database: string): AsyncIterable<TablePlan>;
  databasePlans(runId: string, target: string): Promise<readonly DatabasePlan[]>;
  /** What is true about databases as a whole, each once a target. */
  databaseIssues(runId: string): Promise<readonly DatabaseIssues[]>;

  operation(id: string): Promise<OperationRecord | undefined>;
  operations(page: { readonly pageSize: number; readonly pageToken?: string }): Promise<Page<OperationRecord>>;

  /** Events after a sequence, oldest first, at most `limit`. */
  events(runId: string, afterSequence: string, limit: number): Promise<readonly RunEvent[]>;
  /** Calls back (coalesced) when a run has new events, whoever wrote them (LISTEN/NOTIFY): no polling per client. */
  onEvents(listener: (runId: string) => void): () => void;

  /**
   * Runs a request once for a key: what it writes here, the key and its answer are one transaction, so that a process that dies leaves all
   * of them or none. A request that fails frees its key. Faults: IDEMPOTENCY_KEY_REUSED (other body), IDEMPOTENCY_KEY_IN_FLIGHT.
   */
  once(
    request: { readonly key: string; readonly hash: string },
    work: () => Promise<IdempotentAnswer>,
  ): Promise<{ readonly answer: IdempotentAnswer; readonly isRepeated: boolean }>;
  /** For requests whose work is outside and takes long: first answer for an idempotency key, or undefined after having reserved it. Faults: IDEMPOTENCY_KEY_REUSED (other body), IDEMPOTENCY_KEY_IN_FLIGHT. */
  beginIdempotent(key: string, requestHash: string): Promise<IdempotentAnswer | undefined>;
  finishIdempotent(key: string, answer: IdempotentAnswer): Promise<void>;
  /** Frees a key whose request failed before it had an effect. */
  abandonIdempotent(key: string): Promise<void>;
}

export interface IdempotentAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}
