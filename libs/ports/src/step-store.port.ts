import type { Evidence, Measurement, StepKind, StepPayload, TableName, TablePlan } from '@hiveferry/core';
import type { MigrationSpec } from './run-store.port.ts';

/** Why something failed, as it is kept and shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retry: string;
}

/** `cancelled`: still held, but the run is being cancelled: stop. */
export type LeaseState = 'held' | 'lost' | 'cancelled';

/** One claim of a step. Every result is written where the fence is still this one. */
export interface StepLease {
  readonly stepId: string;
  readonly runId: string;
  readonly fence: string;
}

export interface ClaimedStep extends StepLease {
  readonly target: string;
  /** Source database; `table` is absent for a database's step. */
  readonly database: string;
  readonly table?: string;
  readonly key: string;
  readonly kind: StepKind;
  readonly side: 'source' | 'target';
  readonly cluster: string;
  readonly payload: StepPayload;
  /** Counts claims, from 1: names an attempt outside. */
  readonly attempt: number;
  /** Counts tries that failed since a person asked; what the retry limit is about. */
  readonly tries: number;
  readonly spec: MigrationSpec;
}

/** Steps of one cluster for one target: what is dead there stands in this queue and in no other. */
export interface Link {
  readonly cluster: string;
  readonly target: string;
}

/** What an executor knows of a link, and wants of it. */
export interface LinkRoom extends Link {
  /** Places that are taken. */
  readonly taken: number;
  /** Steps of these kinds beside those for places. @default none */
  readonly ahead?: { readonly kinds: readonly StepKind[]; readonly limit: number };
}

export interface ClaimRequest {
  readonly owner: string;
  /** Absent: every cluster. */
  readonly clusters?: readonly string[];
  readonly kinds: readonly StepKind[];
  /** Places of each link. */
  readonly limit: number;
  /** Of a link that is not among them all places are free. */
  readonly rooms?: readonly LinkRoom[];
  /** Only the links of `rooms`. */
  readonly isOfRooms?: boolean;
  readonly leaseMs: number;
}

/** Steps that are given up while what they began may go on outside. */
export interface EndingRequest {
  readonly owner: string;
  /** Absent: every cluster. */
  readonly clusters?: readonly string[];
  /** Places that are taken, by cluster. */
  readonly taken: Readonly<Record<string, number>>;
  /** Places of each cluster. */
  readonly limit: number;
  readonly leaseMs: number;
}

/** What a finished step leaves behind. */
export interface StepOutcome {
  readonly result: Readonly<Record<string, unknown>>;
  readonly measurement?: Measurement;
  readonly evidence?: Evidence;
}

/** What a step waits for that nobody here does: looked for again after the delay. */
export interface StepWait {
  readonly reason: Failure;
  readonly againAfterMs: number;
}

export interface TableOfStep {
  readonly runId: string;
  readonly target: string;
  readonly source: TableName;
}

export interface SweepPolicy {
  readonly maxTries: number;
  /** A step that stays READY longer than this is announced again. */
  readonly announceAfterMs: number;
}

export interface SweepReport {
  readonly expired: number;
  readonly due: number;
  readonly announced: number;
  readonly settled: number;
}

/** What an executor takes and reports. Completing a step, readying its dependants and their messages are one transaction. */
export interface StepStore {
  /** Takes READY steps; two executors never get the same. */
  claim(request: ClaimRequest): Promise<readonly ClaimedStep[]>;
  /** Shows that steps run: their tables move and events are written. Starts that are written together may have one promise. */
  announceStart(steps: readonly ClaimedStep[]): Promise<void>;
  renew(lease: StepLease, leaseMs: number): Promise<LeaseState>;
  /** Fault LEASE_LOST when the fence is not this claim's any more, as for all reports. */
  complete(lease: StepLease, outcome: StepOutcome): Promise<void>;
  /** Tried again after the delay, or FAILED for good when there is none. */
  fail(lease: StepLease, failure: Failure, retryAfterMs?: number): Promise<void>;
  /** WAITING without counting a try: nothing failed. At once READY again when its copy was confirmed meanwhile. */
  wait(lease: StepLease, wait: StepWait): Promise<void>;
  /** READY again without counting a try; after the lease ended and counted one, that is taken back. Fault LEASE_LOST when neither can be. */
  giveBack(lease: StepLease): Promise<void>;
  /** The step ended because its run is being cancelled. */
  cancelled(lease: StepLease): Promise<void>;
  /** What this claim began may go on outside, whatever is reported next: the step is not given up before that was ended. */
  markUnended(lease: StepLease): Promise<void>;
  /** Takes ENDING steps, whatever the state of their run; they are no attempts. */
  claimEndings(request: EndingRequest): Promise<readonly ClaimedStep[]>;
  /** Nothing of the step goes on any more: it is given up for good. */
  ended(lease: StepLease): Promise<void>;
  /** It could not be ended: tried again after the delay, as often as it takes. */
  endLater(lease: StepLease, againAfterMs: number, failure?: Failure): Promise<void>;
  /** Written as an event only. */
  progress(step: ClaimedStep, percent: number): Promise<void>;

  plan(table: TableOfStep): Promise<{ readonly plan: TablePlan; readonly tableHash: string } | undefined>;
  measurements(table: TableOfStep): Promise<{ readonly source?: Measurement; readonly target?: Measurement }>;
  /** Results of the table's finished steps of one kind, by step key. */
  results(table: TableOfStep, kind: StepKind): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  /** How many copies of the same run to the same target run that asked before this one. From now on it counts itself, until its claim ends. */
  copiesBefore(step: StepLease): Promise<number>;

  /** Returns expired leases, makes due retries ready, repeats wake-ups, ends runs whose last step died. */
  sweep(policy: SweepPolicy): Promise<SweepReport>;
  /** Calls back when steps may have become ready or a run is being cancelled (LISTEN/NOTIFY). */
  onChange(listener: () => void): () => void;
}
