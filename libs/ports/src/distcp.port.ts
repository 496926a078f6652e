import type { CopyJob, LinkOptions } from '@hiveferry/core';
import type { FileStore } from './file-store.port.ts';

/** How long a claim surely holds without another sign of life, from now. */
export interface TimeLeft {
  /** Then the work is to be ended. */
  readonly endInMs: number;
  /** Then it must be gone, whatever it does: a little later another may take the step over. */
  readonly killInMs: number;
}

export interface DistCpRequest {
  readonly stepId: string;
  readonly attempt: number;
  /** Counts copies within an attempt, from 1: the source changed and is copied again. */
  readonly round: number;
  /** Subject for messages: `db.table`. */
  readonly subject: string;
  readonly job: CopyJob;
  /** Options of the request; the arguments are printed by core, the adapter adds the filter file and log directory it makes. */
  readonly link?: LinkOptions;
  /** Block size of the target's files; absent for object stores. */
  readonly blockSizeBytes?: number;
  /** Where the job writes, when that is not the own cluster's file system: the source pushes. */
  readonly targetFiles?: FileStore;
  readonly signal?: AbortSignal;
  /** Asked while it runs. The job's client ends by itself when this time is over and was not made longer, also when this process is dead or stopped. */
  readonly timeLeft: () => TimeLeft;
  /** Called while it runs; percent is 0-100. */
  readonly onProgress?: (percent: number) => void;
}

export interface DistCpCounters {
  readonly filesCopied: number;
  readonly filesSkipped: number;
  readonly filesFailed: number;
  readonly bytesCopied: number;
  readonly bytesSkipped: number;
  readonly directoriesCopied: number;
}

/** A finished, successful job. A failed one is a fault: `DISTCP_SOURCE_MISSING`, `DISTCP_ACCESS_DENIED`, `DISTCP_DUPLICATE_FILES`, `DISTCP_CHECKSUM_MISMATCH`, `DISTCP_FAILED`, `DISTCP_KILLED`, `HADOOP_COMMAND_NOT_FOUND`. */
export interface DistCpOutcome {
  readonly argv: readonly string[];
  readonly counters: DistCpCounters;
  /** Path of the kept log of this attempt and round. */
  readonly logFile: string;
  readonly durationMs: number;
}

/** A step that is given up. */
export type DistCpEnding = Pick<DistCpRequest, 'stepId' | 'subject' | 'job' | 'targetFiles' | 'signal' | 'timeLeft'>;

/**
 * Runs DistCp at one cluster. At most one job of a step is alive at any time: a second `run` first ends the other, or waits for it.
 * Faults YARN_NOT_ASKED and YARN_APPLICATION_NOT_ENDED when the other is on YARN and that cannot be had. A fault with the detail
 * `mayRun: true` tells that a job of the step may go on; after any other one none does that this run began.
 */
export interface DistCp {
  run(request: DistCpRequest): Promise<DistCpOutcome>;
  /** Ends every job of the step, whichever attempt began it on whichever host; resolves when none is left. Faults as those of `run`. */
  end(ending: DistCpEnding): Promise<void>;
}
